package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, stopped by Ctrl-C or out of disk, against one that was left alone. */
class KilledRunTest {
  @TempDir static Path folder;
  private static Path data;
  private static Path whole;
  private static long milliseconds;

  @BeforeAll
  static void runUndisturbed() throws IOException, InterruptedException {
    data = Synthetic.pictures(folder.resolve("pictures"), 16);
    whole = folder.resolve("whole");
    long begun = System.nanoTime();
    assertEquals(0, end(start(begin(whole), "whole")));
    milliseconds = (System.nanoTime() - begun) / 1_000_000;
  }

  private static List<String> begin(Path out) {
    List<String> words = new ArrayList<>(List.of("begin", out.toString()));
    Map<String, String> settings = Synthetic.settings(data, folder.resolve("cache"));
    // Saving after every step makes most instants one during a write.
    settings.put("save_every", "1");
    settings.forEach((key, value) -> words.add(key + "=" + value));
    return words;
  }

  private static List<String> resume(Path out) {
    return List.of("resume", out.toString());
  }

  private static List<String> java(List<String> words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                TrainingProcess.class.getName()));
    command.addAll(words);
    return command;
  }

  private static Process start(List<String> words, String name) throws IOException {
    return launch(java(words), name);
  }

  private static Process launch(List<String> command, String name) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OMP_NUM_THREADS", "1");
    Path log = folder.resolve(name + ".log");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  private static int end(Process process) throws InterruptedException {
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "the training does not end");
    return process.exitValue();
  }

  @Test
  void threeKillsLeaveTheNumbersOfAnUndisturbedRun() throws IOException, InterruptedException {
    killed(3, "three", 7);
  }

  @Test
  @Tag("slow")
  void twentyKillsLeaveTheNumbersOfAnUndisturbedRun() throws IOException, InterruptedException {
    killed(20, "twenty", 8);
  }

  private static void killed(int times, String name, long seed)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    Path out = folder.resolve(name);
    int kills = 0;
    while (kills < times) {
      boolean begun = Files.exists(out.resolve("config.json"));
      Process process = start(begun ? resume(out) : begin(out), name);
      // Later than the start of the JVM, and spread over what an undisturbed run takes.
      process.waitFor(random.nextLong(milliseconds / 4, milliseconds), TimeUnit.MILLISECONDS);
      if (!process.isAlive()) {
        assertEquals(0, process.exitValue(), log(name));
        if (Files.exists(out.resolve("report.html")) && kills < times) {
          // It was quicker than the kill: what it has done is compared, and another one begins.
          TrainingRunTest.assertSame(whole, out);
          delete(out);
        }
        continue;
      }
      process.destroyForcibly();
      process.waitFor();
      kills++;
    }
    boolean begun = Files.exists(out.resolve("config.json"));
    assertEquals(0, end(start(begun ? resume(out) : begin(out), name)), log(name));
    TrainingRunTest.assertSame(whole, out);
    try (Stream<Path> files = Files.list(out)) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".part")));
    }
  }

  private static void delete(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(run);
  }

  private static String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  @Test
  void anInterruptFinishesTheStepAndSaysHowToGoOn() throws IOException, InterruptedException {
    Path out = folder.resolve("interrupted");
    Process process = start(begin(out), "interrupted");
    while (!Files.exists(out.resolve("last.safetensors")) && process.isAlive()) {
      Thread.sleep(5);
    }
    process.destroy(); // the signal after which shutdown hooks run, as they do for Ctrl-C
    end(process);
    assertTrue(log("interrupted").contains("kinglet train --resume " + out), log("interrupted"));
    assertEquals(0, end(start(resume(out), "interrupted")), log("interrupted"));
    TrainingRunTest.assertSame(whole, out);
  }

  /**
   * A limit on the size of files stands for a full disk: the write of the weights ends in the
   * middle with an error of the system.
   */
  @Test
  void aFullDiskLeavesWhatWasSavedAndOneSentence() throws IOException, InterruptedException {
    Path out = folder.resolve("full");
    Process first = start(begin(out), "full");
    while (!Files.exists(out.resolve("last.safetensors")) && first.isAlive()) {
      Thread.sleep(5);
    }
    first.destroyForcibly().waitFor();
    byte[] saved = Files.readAllBytes(out.resolve("last.safetensors"));
    List<String> limited =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 1024; exec \"$@\"", "-"));
    limited.addAll(java(resume(out)));
    assertEquals(2, end(launch(limited, "full")), log("full"));
    String said =
        new String(Files.readAllBytes(folder.resolve("full.log")), StandardCharsets.UTF_8);
    assertTrue(said.contains("cannot be written") && said.contains("--resume"), said);
    assertEquals(
        saved.length, Files.size(out.resolve("last.safetensors")), "the last state is whole");
    assertEquals(0, end(start(resume(out), "full")), log("full"));
    TrainingRunTest.assertSame(whole, out);
  }
}
