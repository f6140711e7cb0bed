package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Options;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Grouped convolutions whose groups are no whole vectors. */
class GroupPanelsTest {
  /** A convolution of {@code groups} groups of so many inputs and outputs each. */
  private static Graph conv(int groups, int ins, int outs, int kernel, int height, int width) {
    GraphBuilder builder = new GraphBuilder("one", Shape.of(groups * ins, height, width));
    Op.Conv conv = new Op.Conv(groups * outs, Window.square(kernel, 1), groups, true);
    return builder.build(builder.add("sums", conv, builder.input()));
  }

  @Test
  void anInfinityInOneGroupLeavesTheOthersFinite() {
    Random random = new Random(83);
    float[] odd = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
    int[] sizes = {5, 17, 20, 33};
    for (int outs : sizes) {
      for (int kernel = 1; kernel <= 3; kernel += 2) {
        Graph graph = conv(3, 12, outs, kernel, 4, 7);
        Weights weights = Engines.weights(graph, random);
        for (Options options : Engines.all()) {
          float[] input = Engines.numbers(36 * 28, random);
          int group = random.nextInt(3);
          input[group * 12 * 28 + random.nextInt(12 * 28)] = odd[random.nextInt(3)];
          float[] found = Engine.compile(graph, weights, options).session().run(input);
          boolean any = false;
          for (int i = 0; i < found.length; i++) {
            if (i / 28 / outs == group) {
              any |= !Float.isFinite(found[i]);
            } else {
              assertTrue(Float.isFinite(found[i]), options + ", " + outs + " channels a group");
            }
          }
          assertTrue(any, "the infinity is gone");
        }
      }
    }
  }

  @Test
  void groupsOfEveryNumberOfOutputsAreSummed() {
    Random random = new Random(89);
    for (int outs = 1; outs <= 40; outs++) {
      int groups = 2 + random.nextInt(3);
      int ins = 1 + random.nextInt(40);
      int kernel = random.nextInt(3) == 0 ? 3 : 1;
      Graph graph = conv(groups, ins, outs, kernel, 1 + random.nextInt(5), 1 + random.nextInt(9));
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  /** Behind a shuffle, with a residual in another order beside, with what reads the sum thrice. */
  @Test
  void residualsInOtherOrdersAreAddedToOddGroups() {
    Random random = new Random(97);
    for (int i = 0; i < 60; i++) {
      int groups = 2 + random.nextInt(3);
      int channels = groups * (1 + random.nextInt(37));
      Shape shape = Shape.of(channels, 1 + random.nextInt(6), 1 + random.nextInt(9));
      GraphBuilder builder = new GraphBuilder("residual", shape);
      Op.Function same = Op.Function.HARD_SWISH;
      Node start = builder.add("start", new Op.Activation(same), builder.input());
      Op.Conv point = new Op.Conv(channels, Window.square(1, 1), groups, true);
      Node first = builder.add("first", point, start);
      Node other = random.nextBoolean() ? start : builder.add("other", point, start);
      if (random.nextBoolean()) {
        other = builder.add("shuffle", new Op.Shuffle(groups), other);
      } else if (random.nextBoolean()) {
        first = builder.add("shuffled", new Op.Shuffle(channels / groups), first);
      }
      Node sum = builder.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), first, other);
      if (random.nextBoolean()) {
        sum = builder.add("last", new Op.Activation(Op.Function.RELU), sum);
      }
      Node behind = builder.add("behind", point, sum);
      Graph graph =
          builder.build(
              builder.add("both", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), behind, first));
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  @Test
  void channelsAreApartWhereEachGroupHasARangeOfItsOwn() {
    assertTrue(GroupPanels.apart(new int[] {1, 0, 2, 4, 3, 5}, 2));
    assertFalse(GroupPanels.apart(new int[] {0, 3, 1, 2, 4, 5}, 2));
    assertTrue(GroupPanels.apart(new int[] {9, 3, 0}, 1));
  }
}
