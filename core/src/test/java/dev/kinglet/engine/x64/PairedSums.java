package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A network of one 1x1 convolution, whose sums are taken with pairs of terms and without. */
record PairedSums(int groups, int ins, int outs, int height, int width) {
  private static final String PAIRS = "kinglet.engine.pairs";

  /** What a sum may be off by, of the largest product that its terms could have, a term. */
  private static final double EPSILON = 2e-7;

  static void wanted() {
    System.setProperty(PAIRS, "true");
  }

  static void asThisProcessorWants() {
    System.clearProperty(PAIRS);
  }

  static void skipUnlessPossible() {
    Skip.unless(
        Engines.all().stream().anyMatch(o -> o.isa().equals(Optional.of(Isa.AVX512))),
        "this processor has no AVX-512, for which alone sums are paired");
  }

  static Op.Conv pointwise(int outputs, int groups) {
    return new Op.Conv(outputs, Window.square(1, 1), groups, true);
  }

  int inputs() {
    return groups * ins;
  }

  int outputs() {
    return groups * outs;
  }

  int area() {
    return height * width;
  }

  /** The convolution reads values that {@code LEAKY_RELU} of slope 1 leaves as they are. */
  private Graph graph() {
    GraphBuilder builder = new GraphBuilder("sums", Shape.of(inputs(), height, width));
    Op.Activation same = new Op.Activation(Op.Function.LEAKY_RELU, 1, 0);
    Node start = builder.add("start", same, builder.input());
    return builder.build(builder.add("sums", pointwise(outputs(), groups), start));
  }

  float[] run(float[] weight, float[] bias, float[] input, boolean pairs) {
    Graph graph = graph();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      float[] values = parameter.shape().rank() > 1 ? weight : bias;
      tensors.put(parameter.name(), Tensor.of(parameter.shape(), values));
    }
    System.setProperty(PAIRS, Boolean.toString(pairs));
    Options options = Options.defaults().withIsa(Isa.AVX512);
    return Engine.compile(graph, Weights.of(tensors), options).session().run(input);
  }

  /** Numbers around 1, a part for each of some factors. */
  float[] input(Random random, double... sizes) {
    float[] input = new float[inputs() * area()];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) (random.nextGaussian() * sizes[i / (input.length / sizes.length)]);
    }
    return input;
  }

  /** Output channels of very different sizes side by side. */
  float[] unequalWeights(Random random) {
    float[] weight = new float[outputs() * ins];
    for (int o = 0; o < outputs(); o++) {
      double size = Math.pow(10, random.nextInt(25) - 12);
      for (int i = 0; i < ins; i++) {
        weight[o * ins + i] = (float) (random.nextGaussian() * size);
      }
    }
    return weight;
  }

  /**
   * Fails where a sum with pairs is further from that in double precision than its largest input
   * and weight allow.
   *
   * @return whether any sum is another than without pairs
   */
  boolean check(float[] weight, float[] input, String sizes) {
    float[] bias = new float[outputs()];
    float[] found = run(weight, bias, input, true);
    int area = area();
    for (int o = 0; o < outputs(); o++) {
      for (int p = 0; p < area; p++) {
        double sum = 0;
        double largestInput = 0;
        double largestWeight = 0;
        for (int i = 0; i < ins; i++) {
          double x = input[(o / outs * ins + i) * area + p];
          double w = weight[o * ins + i];
          sum += x * w;
          largestInput = Math.max(largestInput, Math.abs(x));
          largestWeight = Math.max(largestWeight, Math.abs(w));
        }
        double allowed = EPSILON * ins * largestInput * largestWeight;
        double off = Math.abs(found[o * area + p] - sum);
        assertTrue(off <= allowed, off + " of " + sum + " at " + sizes + ", " + allowed);
      }
    }
    return !Arrays.equals(found, run(weight, bias, input, false));
  }

  /** Fails where an infinity, or what is no number, gives other sums than without pairs. */
  void checkOddOnes(Random random, int times) {
    float[] weight = Engines.numbers(outputs() * ins, random);
    float[] bias = new float[outputs()];
    float[] odd = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e36f, -2e30f};
    for (int i = 0; i < times; i++) {
      float[] input = Engines.numbers(inputs() * area(), random);
      input[random.nextInt(input.length)] = odd[i % odd.length];
      float[] expected = run(weight, bias, input, false);
      float[] found = run(weight, bias, input, true);
      for (int k = 0; k < expected.length; k++) {
        if (Float.isFinite(expected[k])) {
          assertEquals(expected[k], found[k], Math.max(1, Math.abs(expected[k])) * 1e-4f);
        } else {
          assertEquals(expected[k], found[k]);
        }
      }
    }
  }
}
