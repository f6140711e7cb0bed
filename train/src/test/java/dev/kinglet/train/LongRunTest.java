package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.house.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongRunTest {
  private static final int STEPS = 2000;
  private static final int BATCH = 8;

  @TempDir Path folder;

  /** The heap is taken whole at the start, so that what grows would be native memory. */
  @Test
  @Tag("slow")
  void residentMemoryIsFlatOverTwoThousandSteps() throws IOException, InterruptedException {
    Skip.unless(
        Files.exists(Path.of("/proc/self/status")), "the resident memory is read from /proc");
    Path data = Synthetic.pictures(folder.resolve("pictures"), 60);
    Map<String, String> settings = Synthetic.settings(data, folder.resolve("cache"));
    int epoch = 3 * 54 / BATCH;
    settings.put("batch", Integer.toString(BATCH));
    settings.put("epochs", Integer.toString(Math.ceilDiv(STEPS, epoch)));
    Path out = folder.resolve("run");
    List<String> words = new ArrayList<>(List.of("begin", out.toString()));
    settings.forEach((key, value) -> words.add(key + "=" + value));
    List<String> command =
        TrainingProcess.command(
            words, System.getProperty("java.class.path"), "-Xms1g", "-XX:+AlwaysPreTouch");
    Path log = folder.resolve("log");
    Process process = TrainingProcess.launch(command, log);
    TreeMap<Integer, Long> megabytes = new TreeMap<>();
    while (process.isAlive()) {
      int epochs = lines(out.resolve("metrics.jsonl"));
      long resident = resident(process.pid());
      if (resident > 0) {
        megabytes.merge(epochs * epoch, resident, Math::max);
      }
      Thread.sleep(100);
    }
    assertEquals(0, process.exitValue(), Files.readString(log));
    long early = megabytes.floorEntry(STEPS / 4).getValue();
    long late = megabytes.tailMap(STEPS / 2).values().stream().mapToLong(x -> x).max().orElse(0);
    System.out.println(
        "resident after %d steps %d MB, largest after %d steps %d MB"
            .formatted(megabytes.floorKey(STEPS / 4), early, STEPS / 2, late));
    assertTrue(megabytes.lastKey() >= STEPS, megabytes.toString());
    assertTrue(late <= early + 32, megabytes.toString());
  }

  private static int lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private static long resident(long process) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process), "status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
          .sum();
    } catch (IOException e) {
      return 0; // it has ended meanwhile
    }
  }
}
