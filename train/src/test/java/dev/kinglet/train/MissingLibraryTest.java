package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads who trains without LibTorch, or where it does not run. */
class MissingLibraryTest {
  @TempDir Path folder;

  private String refused(Predicate<String> kept, String... options)
      throws IOException, InterruptedException {
    Path data = Synthetic.pictures(folder.resolve("pictures"), 2);
    String path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> kept.test(Path.of(entry).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> words =
        List.of(
            "begin",
            folder.resolve("run").toString(),
            "variant=mobilenet_v2_050",
            "input=3x32x32",
            "data=" + data);
    Path log = folder.resolve("log");
    Process process = TrainingProcess.launch(TrainingProcess.command(words, path, options), log);
    assertEquals(2, process.waitFor(), Files.readString(log));
    assertTrue(Files.notExists(folder.resolve("run")), "nothing is begun");
    List<String> lines = Files.readAllLines(log);
    assertEquals(1, lines.size(), lines.toString());
    return lines.getFirst();
  }

  @Test
  void withoutItsClassesTheSentenceSaysHowTheyAreFound() throws Exception {
    String said = refused(name -> !name.startsWith("pytorch") && !name.startsWith("javacpp"));
    assertTrue(said.contains("not on the class path") && said.contains("./kinglet train"), said);
  }

  @Test
  void withoutItsNativeJarTheSentenceNamesTheSystem() throws Exception {
    String said = refused(name -> !name.startsWith("pytorch") || !name.contains("linux"));
    assertTrue(said.contains("no build of it") && said.contains("Linux x86-64"), said);
  }

  @Test
  void onASystemThatHasNoBuildTheSentenceNamesTheSystem() throws Exception {
    String said =
        refused(
            _ -> true,
            "-Dorg.bytedeco.javacpp.platform=linux-riscv64",
            "-Dos.name=Plan9",
            "-Dos.arch=riscv64");
    assertTrue(said.contains("Plan9 on riscv64") && said.contains("model.onnx"), said);
  }
}
