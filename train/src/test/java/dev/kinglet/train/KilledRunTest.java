package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.house.Skip;
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

  private static Process start(List<String> words, String name) throws IOException {
    return launch(TrainingProcess.command(words), name);
  }

  private static Process launch(List<String> command, String name) throws IOException {
    return TrainingProcess.launch(command, folder.resolve(name + ".log"));
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

  /**
   * Every second kill waits until a file begins to be written. The write may still be over before
   * the signal arrives, so kills go on until one has met a write.
   */
  private static void killed(int times, String name, long seed)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    Path out = folder.resolve(name);
    int kills = 0;
    int inWrites = 0;
    while (kills < times || (inWrites == 0 && kills < times + 40)) {
      boolean begun = Files.exists(out.resolve("config.json"));
      Process process = start(begun ? resume(out) : begin(out), name);
      // Later than the start of the JVM, and spread over what an undisturbed run takes.
      process.waitFor(random.nextLong(milliseconds / 4, milliseconds), TimeUnit.MILLISECONDS);
      if (kills % 2 == 1) {
        // The beginning of a write, not the end of one that is under way.
        spinWhile(process, out, true);
        spinWhile(process, out, false);
      }
      if (!process.isAlive()) {
        assertEquals(0, process.exitValue(), log(name));
        // It was quicker than the kill: what it has done is compared, and another one begins.
        TrainingRunTest.assertSame(whole, out);
        delete(out);
        continue;
      }
      process.destroyForcibly();
      process.waitFor();
      kills++;
      inWrites += writing(out) ? 1 : 0;
    }
    boolean begun = Files.exists(out.resolve("config.json"));
    assertEquals(0, end(start(begun ? resume(out) : begin(out), name)), log(name));
    TrainingRunTest.assertSame(whole, out);
    assertFalse(writing(out), "what was half written is swept away");
    System.out.println(kills + " kills, " + inWrites + " of them while a file was written");
    assertTrue(inWrites > 0, "no kill fell into a write");
  }

  private static void spinWhile(Process process, Path run, boolean writing) throws IOException {
    while (process.isAlive() && writing(run) == writing) {
      Thread.onSpinWait();
    }
  }

  private static boolean writing(Path run) throws IOException {
    if (!Files.isDirectory(run)) {
      return false;
    }
    try (Stream<Path> files = Files.list(run)) {
      return files.anyMatch(file -> file.toString().endsWith(".part"));
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
    limited.addAll(TrainingProcess.command(resume(out)));
    assertEquals(2, end(launch(limited, "full")), log("full"));
    String said =
        new String(Files.readAllBytes(folder.resolve("full.log")), StandardCharsets.UTF_8);
    assertTrue(said.contains("cannot be written") && said.contains("--resume"), said);
    assertEquals(
        saved.length, Files.size(out.resolve("last.safetensors")), "the last state is whole");
    assertEquals(0, end(start(resume(out), "full")), log("full"));
    TrainingRunTest.assertSame(whole, out);
  }

  /**
   * File systems of a few megabytes, each with room for a little more than the one before, so that
   * the disk is full in another write: of a log, the state, the best weights, the model, the
   * report.
   */
  @Test
  @Tag("slow")
  void aFileSystemThatIsReallyFullLosesNothing() throws IOException, InterruptedException {
    Skip.unless(
        end(launch(List.of("unshare", "-rm", "mount", "-t", "tmpfs", "x", "/mnt"), "probe")) == 0,
        "this system does not let a test mount a file system");
    Path begun = folder.resolve("begun");
    Process first = start(begin(begun), "begun");
    while (!Files.exists(begun.resolve("last.safetensors")) && first.isAlive()) {
      Thread.sleep(5);
    }
    first.destroyForcibly().waitFor();
    long state = Files.size(begun.resolve("last.safetensors"));
    long weights = Files.size(whole.resolve("best.safetensors"));
    long[] rooms = {
      0, 1 << 16, state + (1 << 16), state + weights + (1 << 16), state + 2 * weights
    };
    for (int i = 0; i < rooms.length; i++) {
      String name = "room" + i;
      Path out = folder.resolve(name);
      String script =
          """
          set -e
          begun=$1 out=$2 room=$3 mount=$4; shift 4
          mkdir "$mount"; mount -t tmpfs -o size=256m x "$mount"
          cp -r "$begun" "$mount/run"
          free=$(stat -f -c '%a*%S' "$mount")
          head -c $(( free - room / 4096 * 4096 )) /dev/zero >"$mount/filler"
          code=0; "$@" resume "$mount/run" || code=$?
          echo "room $room: exit $code"
          rm "$mount/filler"
          [ $code = 2 ] && "$@" resume "$mount/run"
          cp -r "$mount/run" "$out"
          """;
      List<String> command = new ArrayList<>(List.of("unshare", "-rm", "bash", "-c", script, "-"));
      command.addAll(List.of(begun.toString(), out.toString(), Long.toString(rooms[i])));
      command.add(folder.resolve("mount" + i).toString());
      command.addAll(TrainingProcess.command(List.of()));
      assertEquals(0, end(launch(command, name)), log(name));
      assertTrue(log(name).contains("cannot be written"), log(name));
      TrainingRunTest.assertSame(whole, out);
      assertTrue(Files.exists(out.resolve("report.html")));
    }
  }
}
