package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engines;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two terms for one multiplication: the same sums, whatever the sizes of what is summed. */
class PairingTest {
  @AfterEach
  void asThisProcessorWants() {
    PairedSums.asThisProcessorWants();
    System.clearProperty("kinglet.engine.tile");
    System.clearProperty("kinglet.engine.large");
    System.clearProperty("kinglet.engine.band");
  }

  @Test
  void pairedSumsOfOddSizesGiveTheDefinedAnswer() {
    PairedSums.wanted();
    Random random = new Random(41);
    for (int i = 0; i < 80; i++) {
      System.setProperty("kinglet.engine.large", i % 3 == 0 ? "1" : "1000000");
      System.setProperty("kinglet.engine.band", Integer.toString(1 << 12 + random.nextInt(8)));
      Graph graph = graph(random);
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  @Test
  void pairedSumsOfOverlappingWindowsGiveTheDefinedAnswer() {
    PairedSums.wanted();
    System.setProperty("kinglet.engine.tile", "0");
    Random random = new Random(67);
    for (int i = 0; i < 60; i++) {
      int channels = 6 + random.nextInt(60);
      boolean deep = i % 3 == 0;
      int side = 5 + random.nextInt(7);
      Shape shape = deep ? Shape.of(channels, 5, side, 7) : Shape.of(channels, side, 9);
      GraphBuilder builder = new GraphBuilder("windows", shape);
      Op.Function function = random.nextBoolean() ? Op.Function.RELU6 : Op.Function.LEAKY_RELU;
      Node start = builder.add("start", new Op.Activation(function), builder.input());
      int kernel = 1 + random.nextInt(5);
      Window window =
          deep
              ? Window.of(List.of(3, 3, 2), List.of(1, 2, 1), List.of(1, 0, 1), List.of(1, 1, 1))
              : Window.square(kernel, 1 + random.nextInt(2));
      Op.Conv conv = new Op.Conv(1 + random.nextInt(50), window, 1, true);
      Graph graph = builder.build(builder.add("windows", conv, start));
      Engines.check(graph, Engines.weights(graph, random), 1, random);
    }
  }

  @Test
  void everyNumberOfChannelsUpToAHundredAndTwentyIsSummed() {
    PairedSums.wanted();
    Random random = new Random(43);
    for (int channels = 1; channels <= 120; channels++) {
      GraphBuilder builder = new GraphBuilder("one", Shape.of(channels, 3, 1 + random.nextInt(20)));
      Node start = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
      Graph graph =
          builder.build(
              builder.add("sums", PairedSums.pointwise(1 + random.nextInt(90), 1), start));
      Engines.check(graph, Engines.weights(graph, random), 1, random);
    }
  }

  /** Pointwise convolutions behind everything that decides where their terms lie. */
  private static Graph graph(Random random) {
    int channels = 12 + random.nextInt(130);
    Shape shape = Shape.of(channels, 1 + random.nextInt(13), 1 + random.nextInt(17));
    GraphBuilder builder = new GraphBuilder("pairs", shape);
    Node now = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Node in = now;
      switch (random.nextInt(4)) {
        case 0 -> {
          now = builder.add("both" + i, new Op.Concat(), List.of(now, now));
          now = builder.add("shuffle" + i, new Op.Shuffle(2), now);
        }
        case 1 -> {
          int c = now.shape().channels();
          Op.Conv depthwise = new Op.Conv(c, Window.square(3, 1), c, true);
          now = builder.add("depthwise" + i, depthwise, now);
          now = builder.add("clipped" + i, new Op.Activation(Op.Function.RELU6), now);
        }
        default -> {}
      }
      int outputs = random.nextBoolean() ? in.shape().channels() : 1 + random.nextInt(140);
      int stride = 1 + random.nextInt(2);
      Op.Conv conv = new Op.Conv(outputs, Window.square(1, stride), 1, random.nextBoolean());
      now = builder.add("conv" + i, conv, now);
      if (now.shape().equals(in.shape())) {
        now = builder.add("sum" + i, new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, in);
      }
      if (random.nextBoolean()) {
        Op.Function[] some = {Op.Function.RELU, Op.Function.SIGMOID, Op.Function.SILU};
        now = builder.add("function" + i, new Op.Activation(some[random.nextInt(3)]), now);
      }
    }
    return builder.build(now);
  }

  @Test
  void activationsAndWeightsOfAnySizeGiveSumsAsGoodAsTheirSizeAllows() {
    PairedSums.skipUnlessPossible();
    Random random = new Random(47);
    PairedSums sums = new PairedSums(1, 130, 37, 9, 14);
    boolean differs = false;
    for (int power = -24; power <= 24; power += 3) {
      float[] weight = sums.unequalWeights(random);
      float[] input = sums.input(random, Math.pow(10, power));
      differs |= sums.check(weight, input, "1e" + power);
    }
    assertTrue(differs, "no sum was paired");
  }

  @Test
  void zerosGiveTheBiasBitForBit() {
    PairedSums.skipUnlessPossible();
    Random random = new Random(53);
    PairedSums sums = new PairedSums(1, 96, 40, 5, 9);
    float[] bias = Engines.numbers(40, random);
    float[] found = sums.run(Engines.numbers(96 * 40, random), bias, new float[96 * 45], true);
    for (int o = 0; o < 40; o++) {
      for (int p = 0; p < 45; p++) {
        assertEquals(bias[o], found[o * 45 + p]);
      }
    }
  }

  @Test
  void infinitiesAndWhatIsNoNumberGiveWhatUnpairedSumsGive() {
    PairedSums.skipUnlessPossible();
    new PairedSums(1, 70, 33, 6, 11).checkOddOnes(new Random(59), 200);
  }

  @Test
  void withoutPairsTheSamePlanIsAsBefore() {
    PairedSums.skipUnlessPossible();
    Random random = new Random(61);
    PairedSums sums = new PairedSums(1, 96, 40, 5, 9);
    float[] weight = Engines.numbers(96 * 40, random);
    float[] bias = new float[40];
    float[] input = Engines.numbers(96 * 45, random);
    float[] once = sums.run(weight, bias, input, false);
    assertFalse(Arrays.equals(once, sums.run(weight, bias, input, true)));
    assertTrue(Arrays.equals(once, sums.run(weight, bias, input, false)));
  }
}
