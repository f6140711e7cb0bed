package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Seven products of halves for eight: the same sums. */
class StrassenTest {
  private static final String STRASSEN = "kinglet.engine.strassen";
  private static final String PAIRS = "kinglet.engine.pairs";

  /**
   * What a sum may be off by, of the largest product that its terms could have, times its terms.
   */
  private static final double EPSILON = 4e-7;

  @AfterEach
  void asThisProcessorWants() {
    System.clearProperty(STRASSEN);
    System.clearProperty(PAIRS);
    System.clearProperty("kinglet.engine.large");
  }

  @Test
  void halvesOfOddSizesGiveTheDefinedAnswer() {
    System.setProperty(STRASSEN, "true");
    Random random = new Random(71);
    for (int i = 0; i < 120; i++) {
      System.setProperty(PAIRS, Boolean.toString(i % 2 == 0));
      System.setProperty("kinglet.engine.large", i % 3 == 0 ? "1" : "1000000");
      Graph graph = graph(random, i % 5 == 0);
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  /** Pointwise convolutions behind everything that decides where pixels and terms lie. */
  private static Graph graph(Random random, boolean deep) {
    int channels = 2 * (16 + random.nextInt(60));
    int height = 1 + random.nextInt(15);
    int width = random.nextInt(4) == 0 ? 28 + random.nextInt(12) : 2 + random.nextInt(17);
    Shape shape =
        deep ? Shape.of(channels, 2, 3, 2 + width % 7) : Shape.of(channels, height, width);
    GraphBuilder builder = new GraphBuilder("halves", shape);
    Node now = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Node in = now;
      if (!deep && random.nextBoolean()) {
        int c = now.shape().channels();
        Op.Conv depthwise = new Op.Conv(c, Window.square(3, 1), c, true);
        now = builder.add("depthwise" + i, depthwise, now);
        now = builder.add("clipped" + i, new Op.Activation(Op.Function.RELU6), now);
      }
      int outputs = random.nextBoolean() ? in.shape().channels() : 17 + random.nextInt(140);
      int stride = random.nextInt(4) == 0 ? 2 : 1;
      Window window =
          deep
              ? Window.of(
                  List.of(1, 1, 1), List.of(1, stride, 1), List.of(0, 0, 0), List.of(1, 1, 1))
              : Window.square(1, stride);
      now = builder.add("conv" + i, new Op.Conv(outputs, window, 1, random.nextBoolean()), now);
      Op.Function[] some = {Op.Function.RELU, Op.Function.SIGMOID, Op.Function.SILU};
      Op.Activation function = new Op.Activation(some[random.nextInt(3)]);
      boolean before = random.nextBoolean();
      if (before) {
        now = builder.add("function" + i, function, now);
      }
      if (now.shape().equals(in.shape())) {
        now = builder.add("sum" + i, new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, in);
      }
      if (!before && random.nextBoolean()) {
        now = builder.add("function" + i, function, now);
      }
    }
    return builder.build(now);
  }

  /** One pointwise convolution of values that {@code LEAKY_RELU} of slope 1 leaves as they are. */
  private static Graph sums(int inputs, int outputs, int height, int width) {
    GraphBuilder builder = new GraphBuilder("sums", Shape.of(inputs, height, width));
    Op.Activation same = new Op.Activation(Op.Function.LEAKY_RELU, 1, 0);
    Node start = builder.add("start", same, builder.input());
    Op.Conv conv = new Op.Conv(outputs, Window.square(1, 1), 1, true);
    return builder.build(builder.add("sums", conv, start));
  }

  private static Weights weights(Graph graph, float[] weight, float[] bias) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      float[] values = parameter.shape().rank() > 1 ? weight : bias;
      tensors.put(parameter.name(), Tensor.of(parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  private static float[] run(
      Options options, Graph graph, Weights weights, float[] input, boolean halves) {
    System.setProperty(STRASSEN, Boolean.toString(halves));
    return Engine.compile(graph, weights, options).session().run(input);
  }

  /** All that run machine code. */
  private static List<Options> engines() {
    return Engines.all().stream().filter(o -> o.isa().isPresent()).toList();
  }

  @Test
  void channelsAndActivationsOfAnySizeGiveSumsAsGoodAsTheirSizeAllows() {
    Random random = new Random(73);
    int inputs = 130;
    int outputs = 124;
    int area = 7 * 15;
    Graph graph = sums(inputs, outputs, 7, 15);
    for (Options options : engines()) {
      boolean differs = false;
      for (int power = -24; power <= 24; power += 6) {
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
        float[] found = run(options, graph, weights, input, true);
        differs |= !Arrays.equals(found, run(options, graph, weights, input, false));
        double largestInput = 0;
        for (float x : input) {
          largestInput = Math.max(largestInput, Math.abs(x));
        }
        for (int o = 0; o < outputs; o++) {
          for (int p = 0; p < area; p++) {
            double sum = 0;
            double largestWeight = 0;
            for (int i = 0; i < inputs; i++) {
              double w = weight[o * inputs + i];
              sum += input[i * area + p] * w;
              largestWeight = Math.max(largestWeight, Math.abs(w));
            }
            double allowed = EPSILON * inputs * largestInput * largestWeight;
            double off = Math.abs(found[o * area + p] - sum);
            assertTrue(off <= allowed, off + " of " + sum + " at 1e" + power + ", " + allowed);
          }
        }
      }
      assertTrue(differs, "no product was made of halves");
    }
  }

  @Test
  void zerosGiveTheBiasBitForBit() {
    Random random = new Random(79);
    Graph graph = sums(96, 64, 5, 9);
    float[] bias = Engines.numbers(64, random);
    Weights weights = weights(graph, Engines.numbers(96 * 64, random), bias);
    for (Options options : engines()) {
      float[] found = run(options, graph, weights, new float[96 * 45], true);
      for (int o = 0; o < 64; o++) {
        for (int p = 0; p < 45; p++) {
          assertEquals(bias[o], found[o * 45 + p]);
        }
      }
    }
  }

  @Test
  void withoutHalvesTheSamePlanIsAsBefore() {
    Random random = new Random(83);
    Graph graph = sums(96, 64, 5, 9);
    Weights weights = weights(graph, Engines.numbers(96 * 64, random), new float[64]);
    float[] input = Engines.numbers(96 * 45, random);
    for (Options options : engines()) {
      float[] once = run(options, graph, weights, input, false);
      assertFalse(Arrays.equals(once, run(options, graph, weights, input, true)));
      assertTrue(Arrays.equals(once, run(options, graph, weights, input, false)));
    }
  }

  @Test
  void bandsOfMapsOfAnySizeFollowEachOther() {
    for (int pixels : new int[] {12, 49, 196, 3136, 1_000_000, 30_000_000}) {
      for (int threads = 1; threads <= 3; threads++) {
        int bands = Strassen.bands(pixels, threads);
        for (int band = 0; band < bands; band++) {
          int begin = Strassen.cut(pixels, band, bands);
          int end = Strassen.cut(pixels, band + 1, bands);
          assertTrue(begin < end && end - begin < 240, pixels + ": " + begin + " to " + end);
        }
        assertEquals(0, Strassen.cut(pixels, 0, bands));
        assertEquals(pixels, Strassen.cut(pixels, bands, bands));
      }
    }
  }
}
