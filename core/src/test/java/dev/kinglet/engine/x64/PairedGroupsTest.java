package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engines;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two terms for one multiplication within each of several groups. */
class PairedGroupsTest {
  @AfterEach
  void asThisProcessorWants() {
    PairedSums.asThisProcessorWants();
  }

  @Test
  void everyNumberOfChannelsOfAGroupIsSummed() {
    PairedSums.wanted();
    Random random = new Random(67);
    for (int channels = 12; channels <= 90; channels++) {
      int groups = 2 + random.nextInt(3);
      Shape shape = Shape.of(channels * groups, 1 + random.nextInt(4), 1 + random.nextInt(20));
      GraphBuilder builder = new GraphBuilder("one", shape);
      Node now = builder.add("start", new Op.Activation(Op.Function.HARD_SWISH), builder.input());
      now =
          builder.add(
              "sums", PairedSums.pointwise(groups * (1 + random.nextInt(100)), groups), now);
      Graph graph = builder.build(now);
      Engines.check(graph, Engines.weights(graph, random), 1, random);
    }
  }

  @Test
  void groupsBehindShufflesAndDepthwiseLayersGiveTheDefinedAnswer() {
    PairedSums.wanted();
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
    Node now =
        builder.add(
            "squeeze", PairedSums.pointwise(inner, random.nextBoolean() ? groups : 1), start);
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
    now = builder.add("expand", PairedSums.pointwise(channels, groups), now);
    if (random.nextBoolean()) {
      now = builder.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, start);
    }
    if (random.nextBoolean()) {
      now = builder.add("last", new Op.Activation(some[random.nextInt(3)]), now);
    }
    return builder.build(now);
  }

  @Test
  void groupsOfVeryDifferentSizesEachGiveSumsAsGoodAsTheirOwnSizeAllows() {
    PairedSums.skipUnlessPossible();
    Random random = new Random(73);
    PairedSums sums = new PairedSums(3, 50, 36, 7, 11);
    boolean differs = false;
    for (int power = -24; power <= 24; power += 3) {
      float[] weight = sums.unequalWeights(random);
      float[] input = sums.input(random, Math.pow(10, power), Math.pow(10, -power), 1);
      differs |= sums.check(weight, input, "1e" + power);
    }
    assertTrue(differs, "no sum was paired");
  }

  @Test
  void infinitiesAndWhatIsNoNumberStayInTheirGroup() {
    PairedSums.skipUnlessPossible();
    new PairedSums(3, 44, 64, 6, 11).checkOddOnes(new Random(79), 100);
  }
}
