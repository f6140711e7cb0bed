package dev.kinglet.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans and sessions, on every engine of this computer. */
final class SessionTest {
  private static final Graph SMALL =
      Zoo.variant("shufflenet_v2_x0_5").build(Settings.defaults().withInput(Shape.of(3, 64, 32)));
  private static final Weights WEIGHTS = Engines.weights(SMALL, new Random(1));
  private static final int EACH = SMALL.input().shape().elements();

  static List<Options> engines() {
    return Engines.all();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void eightThreadsShareOnePlan(Options options) throws Exception {
    Plan plan = Engine.compile(SMALL, WEIGHTS, options);
    float[][] inputs = new float[8][];
    float[][] expected = new float[8][];
    for (int i = 0; i < 8; i++) {
      inputs[i] = Engines.numbers(EACH, new Random(i));
      expected[i] = plan.session().run(inputs[i]);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Void>> calls =
          IntStream.range(0, 8)
              .<Callable<Void>>mapToObj(
                  i ->
                      () -> {
                        Session session = plan.session();
                        for (int n = 0; n < 20; n++) {
                          assertArrayEquals(expected[i], session.run(inputs[i]));
                        }
                        return null;
                      })
              .toList();
      for (Future<Void> call : threads.invokeAll(calls)) {
        call.get();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aBatchGivesWhatItsSamplesGive(Options options) {
    Plan plan = Engine.compile(SMALL, WEIGHTS, options);
    float[] input = Engines.numbers(64 * EACH, new Random(2));
    float[] together = plan.session(64).run(input);
    Session alone = plan.session();
    for (int b = 0; b < 64; b += 7) {
      float[] one = alone.run(Arrays.copyOfRange(input, b * EACH, (b + 1) * EACH));
      float[] part = Arrays.copyOfRange(together, b * one.length, (b + 1) * one.length);
      assertArrayEquals(one, part, 1e-4f, "sample " + b);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aSmallerBatchLeavesTheOtherAnswersAlone(Options options) {
    Session session = Engine.compile(SMALL, WEIGHTS, options).session(5);
    float[] five = session.run(Engines.numbers(5 * EACH, new Random(3)));
    float[] two = session.run(Engines.numbers(2 * EACH, new Random(4)));
    assertEquals(five.length / 5 * 2, two.length);
    int each = five.length / 5;
    for (int i = 2 * each; i < 5 * each; i++) {
      assertEquals(five[i], session.output().getAtIndex(ValueLayout.JAVA_FLOAT, i));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theSameInputGivesTheSameBitsEveryTime(Options options) {
    Session session = Engine.compile(SMALL, WEIGHTS, options).session();
    float[] input = Engines.numbers(EACH, new Random(5));
    float[] first = session.run(input);
    session.run(Engines.numbers(EACH, new Random(6)));
    assertArrayEquals(first, session.run(input));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyStepHasATime(Options options) {
    Session session = Engine.compile(SMALL, WEIGHTS, options).session(2);
    float[] input = Engines.numbers(2 * EACH, new Random(5));
    float[] expected = session.run(input);
    List<StepTime> times = session.profile(2);
    assertTrue(times.size() >= 55, times.size() + " steps");
    assertTrue(times.stream().allMatch(time -> time.nanoseconds() >= 0));
    assertTrue(times.stream().anyMatch(time -> time.step().contains("depthwise 3/2")));
    float[] after = session.output().toArray(ValueLayout.JAVA_FLOAT);
    assertArrayEquals(expected, after);
    assertArrayEquals(expected, session.run(input));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void wrongBatchesAreRefusedInASentence(Options options) {
    Plan plan = Engine.compile(SMALL, WEIGHTS, options);
    Session session = plan.session(2);
    assertThrows(InvalidInputException.class, () -> plan.session(0));
    assertThrows(InvalidInputException.class, () -> plan.session(Integer.MAX_VALUE));
    assertThrows(InvalidInputException.class, () -> session.run(0));
    assertThrows(InvalidInputException.class, () -> session.run(3));
    assertThrows(InvalidInputException.class, () -> session.profile(3));
    assertThrows(InvalidInputException.class, () -> session.run(new float[EACH + 1]));
    assertThrows(InvalidInputException.class, () -> session.run(new float[3 * EACH]));
    assertThrows(InvalidInputException.class, () -> session.run(new float[0]));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void runningAllocatesNothing(Options options) {
    Session session = Engine.compile(SMALL, WEIGHTS, options).session(2);
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 300; i++) {
      session.run(2);
    }
    long least = Long.MAX_VALUE;
    // The compiler may change its mind in one of the runs; the least is the warm one.
    for (int i = 0; i < 200; i++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      session.run(2);
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes a run on " + Engines.name(options));
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    Graph other = Zoo.variant("shufflenet_v2_x1_0").build();
    assertThrows(Weights.Mismatch.class, () -> Engine.compile(other, WEIGHTS));
  }

  @Test
  void aNumberOfThreadsThatCannotBeIsRefused() {
    assertThrows(InvalidInputException.class, () -> Options.defaults().withThreads(0));
    assertThrows(InvalidInputException.class, () -> Options.defaults().withThreads(5000));
    assertThrows(
        InvalidInputException.class,
        () -> Options.defaults().withBackend(Backend.JAVA).withIsa(Isa.AVX2));
  }

  @Test
  void aBatchNormCounterMayBeMissing() {
    Map<String, Tensor> old = new LinkedHashMap<>(WEIGHTS.tensors());
    old.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    Options java = Options.defaults().withBackend(Backend.JAVA);
    float[] input = Engines.numbers(EACH, new Random(8));
    assertArrayEquals(
        Engine.compile(SMALL, WEIGHTS, java).session().run(input),
        Engine.compile(SMALL, Weights.of(old), java).session().run(input));
  }

  @Test
  void javaSessionsThatNobodyHoldsAreCollected() throws Exception {
    GraphBuilder builder = new GraphBuilder("wide", Shape.of(64, 128, 128));
    Graph graph =
        builder.build(builder.add("relu", new Op.Activation(Op.Function.RELU), builder.input()));
    Plan plan =
        Engine.compile(
            graph,
            Weights.of(Map.of()),
            Options.defaults().withBackend(Backend.JAVA).withThreads(2));
    for (int i = 0; i < 400; i++) {
      // 16 MB each, 6 GB in all: twice what the tests' heap has.
      plan.session().run(1);
    }
  }
}
