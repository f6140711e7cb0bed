package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import dev.kinglet.house.Skip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Code, memory and worker threads live as long as somebody can use them, and no longer. */
class LifetimeTest {
  private static final Graph GRAPH = graph();
  private static final Weights WEIGHTS = weights();

  @BeforeAll
  static void machineCodeRunsHere() {
    Skip.unless(
        Engine.compile(GRAPH, WEIGHTS).backend() == Backend.X64, "no machine code on this machine");
  }

  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("small", Shape.of(3, 9, 9));
    Node now = builder.add("a", new Op.Conv(24, Window.square(3, 1), 1, true), builder.input());
    now = builder.add("b", new Op.Conv(24, Window.square(3, 1), 24, true), now);
    now = builder.add("c", new Op.Conv(40, Window.square(1, 1), 1, true), now);
    now = builder.add("d", new Op.GlobalPool(Op.PoolKind.AVERAGE), now);
    return builder.build(builder.add("e", new Op.Reshape(Shape.of(40)), now));
  }

  private static Weights weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : GRAPH.parameters()) {
      float[] values = new float[parameter.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 37 % 101 / 101f - 0.5f;
      }
      tensors.put(parameter.name(), Tensor.of(parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  private static float[] input(int seed) {
    float[] input = new float[GRAPH.input().shape().elements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = (i * 31 + seed * 17) % 97 / 97f - 0.5f;
    }
    return input;
  }

  @Test
  void plansThatNobodyHoldsLeaveNoMemoryAndNoThreads() throws Exception {
    compileAndDrop(300);
  }

  @Test
  @Tag("slow")
  void tenThousandPlansThatNobodyHoldsLeaveNoMemoryAndNoThreads() throws Exception {
    compileAndDrop(10_000);
  }

  private static void compileAndDrop(int plans) throws Exception {
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
    manyThreads(12_500);
    long before = resident();
    manyThreads(125_000);
    assertTrue(resident() - before < 64L << 20, "resident memory grew");
  }

  private static long resident() throws Exception {
    System.gc();
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
  }

  private static void manyThreads(int runs) throws Exception {
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

  @Test
  void anySplitOfTheWorkGivesTheSameBits() {
    float[] samples = new float[5 * GRAPH.input().shape().elements()];
    for (int i = 0; i < 5; i++) {
      System.arraycopy(input(i), 0, samples, i * samples.length / 5, samples.length / 5);
    }
    float[] expected = Engine.compile(GRAPH, WEIGHTS).session(5).run(samples);
    for (int threads : new int[] {2, 3, 7}) {
      Options options = Options.defaults().withThreads(threads);
      float[] found = Engine.compile(GRAPH, WEIGHTS, options).session(5).run(samples);
      assertArrayEquals(expected, found, threads + " threads");
    }
  }
}
