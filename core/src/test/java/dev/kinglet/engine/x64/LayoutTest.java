package dev.kinglet.engine.x64;

import dev.kinglet.engine.Engines;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Orders of channels that many values have to agree on. */
class LayoutTest {
  private static final int DEPTH = 200;
  private static final int CHANNELS = 12;

  private final GraphBuilder builder = new GraphBuilder("chain", Shape.of(CHANNELS, 2, 3));

  @Test
  void manyShortcutsKeepTheOrderOfTheFirstValue() {
    Node start = convolution("start", 1, builder.input());
    check(builder.build(chain(shuffled(start))));
  }

  @Test
  void manyShortcutsTakeTheOrderOfWhatIsAddedToTheLast() {
    Node start = convolution("start", 1, builder.input());
    Node last = chain(convolution("first", 1, start));
    check(builder.build(add("end", shuffled(start), last)));
  }

  private static void check(Graph graph) {
    Random random = new Random(83);
    Engines.check(graph, Engines.weights(graph, random), 2, random);
  }

  /** What works by channel keeps the order in which a shuffle reads. */
  private Node shuffled(Node from) {
    Node shuffle = builder.add("shuffle", new Op.Shuffle(3), from);
    return convolution("depthwise", CHANNELS, shuffle);
  }

  private Node chain(Node from) {
    Node now = from;
    for (int i = 0; i < DEPTH; i++) {
      Node sums = convolution("sums" + i, 1, now);
      Op.Activation small = new Op.Activation(Op.Function.SIGMOID);
      now = add("shortcut" + i, builder.add("small" + i, small, sums), now);
    }
    return now;
  }

  private Node convolution(String name, int groups, Node from) {
    return builder.add(name, new Op.Conv(CHANNELS, Window.square(1, 1), groups, true), from);
  }

  private Node add(String name, Node left, Node right) {
    return builder.add(name, new Op.Arithmetic(Op.Arithmetic.Kind.ADD), left, right);
  }
}
