package dev.kinglet.engine.x64;

import dev.kinglet.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A test's main class in a Java process of its own. */
final class Child {
  private Child() {}

  /** What a process printed, and its exit code. */
  record Outcome(int code, List<String> out, List<String> err) {}

  /** Runs a main class with these options of the JVM and waits until it ends. */
  static Outcome run(List<String> options, Class<?> main, String... arguments) throws Exception {
    Path classes =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    // Ours first; then what the tests themselves run on, wherever surefire has put it.
    command.add(
        String.join(
            System.getProperty("path.separator"),
            classes.toString(),
            classes.resolveSibling("test-classes").toString(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", "")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile("kinglet", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), out.lines().toList(), Files.readAllLines(err));
    } finally {
      Files.delete(err);
    }
  }
}
