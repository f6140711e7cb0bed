package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.SmallNetwork.GRAPH;
import static dev.kinglet.engine.x64.SmallNetwork.WEIGHTS;
import static dev.kinglet.engine.x64.SmallNetwork.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.house.Skip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Code, memory and worker threads live as long as somebody can use them, and no longer. */
class LifetimeTest {
  @BeforeAll
  static void machineCodeRunsHere() {
    Skip.unless(
        Engine.compile(GRAPH, WEIGHTS).backend() == Backend.X64, "no machine code on this machine");
  }

  @Test
  void plansThatNobodyHoldsLeaveNoMemoryAndNoThreads() throws Exception {
    compileAndDrop(300);
  }

  @Test
  @Tag("slow")
  void tenThousandPlansThatNobodyHoldsLeaveResidentMemoryFlat() throws Exception {
    flat("plans", 1_000, 10_000);
  }

  /** Compiles, runs on two threads, and drops; in the end next to nothing may be left of it. */
  static void compileAndDrop(int plans) throws Exception {
    Options options = Options.defaults().withThreads(2);
    float[] expected = Engine.compile(GRAPH, WEIGHTS, options).session().run(input(1));
    for (int i = 0; i < plans; i++) {
      assertArrayEquals(expected, Engine.compile(GRAPH, WEIGHTS, options).session().run(input(1)));
      if (i % 50 == 49) {
        System.gc();
        Thread.sleep(20);
      }
    }
    long threads = Long.MAX_VALUE;
    long maps = Long.MAX_VALUE;
    for (int i = 0; i < 100 && (threads > 20 || maps > 600); i++) {
      System.gc();
      Thread.sleep(50);
      threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("kinglet-small"))
              .count();
      try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
        maps = lines.count();
      }
    }
    assertTrue(threads <= 20, threads + " workers are left of " + plans);
    assertTrue(maps <= 600, maps + " mappings are left");
  }

  @Test
  void eightThreadsWithSessionsOfOnePlanGetTheAnswersOfOne() throws Exception {
    manyThreads(2_000);
  }

  @Test
  @Tag("slow")
  void aMillionInferencesOnEightThreadsKeepResidentMemoryFlat() throws Exception {
    flat("inferences", 100_000, 1_000_000);
  }

  /** In a process whose heap is all resident from the start, so that anything else shows. */
  private static void flat(String what, int before, int after) throws Exception {
    Child.Outcome outcome =
        Child.run(
            List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch"),
            LifetimeProbe.class,
            what,
            "" + before,
            "" + after);
    outcome.out().forEach(System.out::println);
    assertEquals(0, outcome.code(), () -> "" + outcome.err());
    long grown = Long.parseLong(outcome.out().getLast());
    assertTrue(grown < 32L << 20, "resident memory grew by " + grown + " bytes");
  }

  /** Eight threads, each with a session of one plan; every answer is compared. */
  static void manyThreads(int runs) throws Exception {
    Plan plan = Engine.compile(GRAPH, WEIGHTS);
    float[][] expected = new float[7][];
    Session alone = plan.session();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = alone.run(input(i)).clone();
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> jobs = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int first = t;
        jobs.add(
            () -> {
              Session session = plan.session();
              boolean same = true;
              for (int i = 0; i < runs; i++) {
                int which = (first + i) % expected.length;
                same &= Arrays.equals(expected[which], session.run(input(which)));
              }
              return same;
            });
      }
      for (Future<Boolean> job : pool.invokeAll(jobs)) {
        assertTrue(job.get(), "an answer differs");
      }
    }
  }
}
