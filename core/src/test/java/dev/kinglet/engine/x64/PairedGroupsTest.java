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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two terms for one multiplication within each of several groups. */
class PairedGroupsTest {
  private static final String PAIRS = "kinglet.engine.pairs";

  /** What a sum may be off by, of the largest product that its terms could have, a term. */
  private static final double EPSILON = 2e-7;

  @AfterEach
  void asThisProcessorWants() {
    System.clearProperty(PAIRS);
  }

  private static void wide() {
    Skip.unless(
        Engines.all().stream().anyMatch(o -> o.isa().equals(Optional.of(Isa.AVX512))),
        "this processor has no AVX-512, for which alone sums are paired");
  }

  private static Op.Conv grouped(int outputs, int groups) {
    return new Op.Conv(outputs, Window.square(1, 1), groups, true);
  }

  @Test
  void everyNumberOfChannelsOfAGroupIsSummed() {
    System.setProperty(PAIRS, "true");
    Random random = new Random(67);
    for (int channels = 12; channels <= 90; channels++) {
      int groups = 2 + random.nextInt(3);
      Shape shape = Shape.of(channels * groups, 1 + random.nextInt(4), 1 + random.nextInt(20));
      GraphBuilder builder = new GraphBuilder("one", shape);
      Node now = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
      now = builder.add("sums", grouped(groups * (1 + random.nextInt(100)), groups), now);
      Graph graph = builder.build(now);
      Engines.check(graph, Engines.weights(graph, random), 1, random);
    }
  }

  @Test
  void groupsBehindShufflesAndDepthwiseLayersGiveTheDefinedAnswer() {
    System.setProperty(PAIRS, "true");
    Random random = new Random(71);
    for (int i = 0; i < 60; i++) {
      Graph graph = unit(random);
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  /** A unit as in ShuffleNet, of odd sizes, with or without each of its parts. */
  private static Graph unit(Random random) {
    int groups = 2 + random.nextInt(3);
    int channels = groups * (10 + random.nextInt(60));
    int inner = groups * (10 + random.nextInt(60));
    Shape shape = Shape.of(channels, 1 + random.nextInt(9), 1 + random.nextInt(15));
    GraphBuilder builder = new GraphBuilder("unit", shape);
    Op.Function[] some = {Op.Function.RELU, Op.Function.SIGMOID, Op.Function.SILU};
    Node start = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
    Node now = builder.add("squeeze", grouped(inner, random.nextBoolean() ? groups : 1), start);
    if (random.nextBoolean()) {
      now = builder.add("function", new Op.Activation(some[random.nextInt(3)]), now);
    }
    Node squeezed = now;
    if (random.nextInt(4) > 0) {
      now =
          builder.add(
              "shuffle", new Op.Shuffle(random.nextBoolean() ? groups : inner / groups), now);
    }
    if (random.nextInt(4) > 0) {
      Op.Conv depthwise = new Op.Conv(inner, Window.square(3, 1), inner, true);
      now = builder.add("depthwise", depthwise, now);
    }
    if (random.nextInt(4) == 0) {
      now = builder.add("both", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, squeezed);
    }
    now = builder.add("expand", grouped(channels, groups), now);
    if (random.nextBoolean()) {
      now = builder.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, start);
    }
    if (random.nextBoolean()) {
      now = builder.add("last", new Op.Activation(some[random.nextInt(3)]), now);
    }
    return builder.build(now);
  }

  /** A grouped convolution of values that {@code LEAKY_RELU} of slope 1 leaves as they are. */
  private static Graph sums(int inputs, int outputs, int groups, int height, int width) {
    GraphBuilder builder = new GraphBuilder("sums", Shape.of(inputs, height, width));
    Op.Activation same = new Op.Activation(Op.Function.LEAKY_RELU, 1, 0);
    Node now = builder.add("start", same, builder.input());
    return builder.build(builder.add("sums", grouped(outputs, groups), now));
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
  void groupsOfVeryDifferentSizesEachGiveSumsAsGoodAsTheirOwnSizeAllows() {
    wide();
    Random random = new Random(73);
    int groups = 3;
    int ins = 50;
    int outs = 36;
    int area = 7 * 11;
    Graph graph = sums(groups * ins, groups * outs, groups, 7, 11);
    boolean differs = false;
    for (int power = -24; power <= 24; power += 3) {
      float[] weight = new float[groups * outs * ins];
      for (int o = 0; o < groups * outs; o++) {
        double size = Math.pow(10, random.nextInt(25) - 12);
        for (int i = 0; i < ins; i++) {
          weight[o * ins + i] = (float) (random.nextGaussian() * size);
        }
      }
      float[] input = new float[groups * ins * area];
      double[] sizes = {Math.pow(10, power), Math.pow(10, -power), 1};
      for (int i = 0; i < input.length; i++) {
        input[i] = (float) (random.nextGaussian() * sizes[i / area / ins]);
      }
      Weights weights = weights(graph, weight, new float[groups * outs]);
      float[] found = run(graph, weights, input, true);
      differs |= !Arrays.equals(found, run(graph, weights, input, false));
      for (int o = 0; o < groups * outs; o++) {
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
          assertTrue(off <= allowed, off + " of " + sum + " at 1e" + power + ", " + allowed);
        }
      }
    }
    assertTrue(differs, "no sum was paired");
  }

  @Test
  void infinitiesAndWhatIsNoNumberStayInTheirGroup() {
    wide();
    Random random = new Random(79);
    // Whole vectors a group: unpaired panels over several groups multiply infinities by zeros.
    Graph graph = sums(3 * 44, 3 * 64, 3, 6, 11);
    Weights weights = weights(graph, Engines.numbers(3 * 64 * 44, random), new float[3 * 64]);
    float[] odd = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e36f, -2e30f};
    for (int i = 0; i < 100; i++) {
      float[] input = Engines.numbers(3 * 44 * 66, random);
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
}
