package dev.kinglet.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that trains, for tests that end or watch it. */
final class TrainingProcess {
  private TrainingProcess() {}

  public static void main(String[] words) {
    PrintWriter out = new PrintWriter(System.out, true);
    System.exit(new TrainingProgram().run(out, out, words));
  }

  /** The command that trains with these words. */
  static List<String> command(List<String> words) {
    return command(words, System.getProperty("java.class.path"));
  }

  /** The same with another class path and more options of the JVM. */
  static List<String> command(List<String> words, String classPath, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, TrainingProcess.class.getName()));
    command.addAll(words);
    return command;
  }

  /** Starts a command whose output goes to the end of a file. */
  static Process launch(List<String> command, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }
}
