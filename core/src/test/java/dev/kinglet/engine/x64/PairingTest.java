package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two terms for one multiplication: the same sums, whatever the sizes of what is summed. */
class PairingTest {
  private static final String PAIRS = "kinglet.engine.pairs";

  /**
   * What a sum may be off by, of the largest product that its terms could have, times its terms.
   */
  private static final double EPSILON = 2e-7;

  @AfterEach
  void asThisProcessorWants() {
    System.clearProperty(PAIRS);
    System.clearProperty("kinglet.engine.tile");
    System.clearProperty("kinglet.engine.large");
    System.clearProperty("kinglet.engine.band");
  }

  private static void wide() {
    Skip.unless(
        Engines.all().stream().anyMatch(o -> o.isa().equals(Optional.of(Isa.AVX512))),
        "this processor has no AVX-512, for which alone sums are paired");
  }

  @Test
  void pairedSumsOfOddSizesGiveTheDefinedAnswer() {
    System.setProperty(PAIRS, "true");
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
    System.setProperty(PAIRS, "true");
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
    System.setProperty(PAIRS, "true");
    Random random = new Random(43);
    for (int channels = 1; channels <= 120; channels++) {
      GraphBuilder builder = new GraphBuilder("one", Shape.of(channels, 3, 1 + random.nextInt(20)));
      Node start = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
      Graph graph = builder.build(builder.add("sums", pointwise(1 + random.nextInt(90)), start));
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

  private static Op.Conv pointwise(int outputs) {
    return new Op.Conv(outputs, Window.square(1, 1), 1, true);
  }

  /** One pointwise convolution of values that {@code LEAKY_RELU} of slope 1 leaves as they are. */
  private static Graph sums(int inputs, int outputs, int height, int width) {
    GraphBuilder builder = new GraphBuilder("sums", Shape.of(inputs, height, width));
    Op.Activation same = new Op.Activation(Op.Function.LEAKY_RELU, 1, 0);
    Node start = builder.add("start", same, builder.input());
    return builder.build(builder.add("sums", pointwise(outputs), start));
  }

  private static Weights weights(Graph graph, float[] weight, float[] bias) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      float[] values = parameter.shape().rank() > 1 ? weight : bias;
      tensors.put(parameter.name(), Tensor.of(parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  private static float[] run(Graph graph, Weights weights, float[] input, boolean pairs) {
    System.setProperty(PAIRS, Boolean.toString(pairs));
    Options options = Options.defaults().withIsa(Isa.AVX512);
    return Engine.compile(graph, weights, options).session().run(input);
  }

  @Test
  void activationsAndWeightsOfAnySizeGiveSumsAsGoodAsTheirSizeAllows() {
    wide();
    Random random = new Random(47);
    int inputs = 130;
    int outputs = 37;
    int area = 9 * 14;
    Graph graph = sums(inputs, outputs, 9, 14);
    boolean differs = false;
    for (int power = -24; power <= 24; power += 3) {
      float[] weight = new float[outputs * inputs];
      for (int o = 0; o < outputs; o++) {
        // Channels of very different sizes side by side.
        double size = Math.pow(10, random.nextInt(25) - 12);
        for (int i = 0; i < inputs; i++) {
          weight[o * inputs + i] = (float) (random.nextGaussian() * size);
        }
      }
      float[] input = new float[inputs * area];
      double size = Math.pow(10, power);
      for (int i = 0; i < input.length; i++) {
        input[i] = (float) (random.nextGaussian() * size);
      }
      Weights weights = weights(graph, weight, new float[outputs]);
      float[] found = run(graph, weights, input, true);
      differs |= !Arrays.equals(found, run(graph, weights, input, false));
      for (int o = 0; o < outputs; o++) {
        for (int p = 0; p < area; p++) {
          double sum = 0;
          double largestInput = 0;
          double largestWeight = 0;
          for (int i = 0; i < inputs; i++) {
            double x = input[i * area + p];
            double w = weight[o * inputs + i];
            sum += x * w;
            largestInput = Math.max(largestInput, Math.abs(x));
            largestWeight = Math.max(largestWeight, Math.abs(w));
          }
          double allowed = EPSILON * inputs * largestInput * largestWeight;
          double off = Math.abs(found[o * area + p] - sum);
          assertTrue(off <= allowed, off + " of " + sum + " at 1e" + power + ", " + allowed);
        }
      }
    }
    assertTrue(differs, "no sum was paired");
  }

  @Test
  void zerosGiveTheBiasBitForBit() {
    wide();
    Random random = new Random(53);
    Graph graph = sums(96, 40, 5, 9);
    float[] bias = Engines.numbers(40, random);
    Weights weights = weights(graph, Engines.numbers(96 * 40, random), bias);
    float[] found = run(graph, weights, new float[96 * 45], true);
    for (int o = 0; o < 40; o++) {
      for (int p = 0; p < 45; p++) {
        assertEquals(bias[o], found[o * 45 + p]);
      }
    }
  }

  @Test
  void infinitiesAndWhatIsNoNumberGiveWhatUnpairedSumsGive() {
    wide();
    Random random = new Random(59);
    Graph graph = sums(70, 33, 6, 11);
    float[] weight = Engines.numbers(70 * 33, random);
    Weights weights = weights(graph, weight, new float[33]);
    float[] odd = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e36f, -2e30f};
    for (int i = 0; i < 200; i++) {
      float[] input = Engines.numbers(70 * 66, random);
      input[random.nextInt(input.length)] = odd[i % odd.length];
      float[] expected = run(graph, weights, input, false);
      float[] found = run(graph, weights, input, true);
      for (int k = 0; k < expected.length; k++) {
        if (Float.isFinite(expected[k])) {
          assertEquals(expected[k], found[k], Math.max(1, Math.abs(expected[k])) * 1e-4f);
        } else {
          assertEquals(expected[k], found[k]);
        }
      }
    }
  }

  @Test
  void withoutPairsTheSamePlanIsAsBefore() {
    wide();
    Random random = new Random(61);
    Graph graph = sums(96, 40, 5, 9);
    Weights weights = weights(graph, Engines.numbers(96 * 40, random), new float[40]);
    float[] input = Engines.numbers(96 * 45, random);
    float[] once = run(graph, weights, input, false);
    assertFalse(Arrays.equals(once, run(graph, weights, input, true)));
    assertTrue(Arrays.equals(once, run(graph, weights, input, false)));
  }
}
