package dev.kinglet.engine.x64;

import dev.kinglet.engine.Engines;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large maps are made band by band; here small ones are, so that every border is met. */
class BandsTest {
  @AfterEach
  void onlyLargeMaps() {
    System.clearProperty("kinglet.engine.large");
    System.clearProperty("kinglet.engine.band");
  }

  @Test
  void bandsOfAnyHeightGiveTheDefinedAnswer() {
    System.setProperty("kinglet.engine.large", "1");
    Random random = new Random(17);
    for (int i = 0; i < 60; i++) {
      System.setProperty("kinglet.engine.band", Integer.toString(1 << 8 + random.nextInt(7)));
      Graph graph = graph(random);
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  @Test
  void bandsOfResultsReadTwiceGiveTheDefinedAnswer() {
    System.setProperty("kinglet.engine.large", "1");
    Random random = new Random(23);
    for (int i = 0; i < 60; i++) {
      System.setProperty("kinglet.engine.band", Integer.toString(1 << 8 + random.nextInt(8)));
      Graph graph = ghosts(random);
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  /** Ghost modules (Han et al. 2020), with a shortcut or with a stride between two of them. */
  private static Graph ghosts(Random random) {
    int channels = 1 + random.nextInt(20);
    GraphBuilder builder =
        new GraphBuilder("ghosts", Shape.of(3, 5 + random.nextInt(30), 4 + random.nextInt(30)));
    Op.Conv stem = new Op.Conv(channels, Window.square(3, 1 + random.nextInt(2)), 1, true);
    Node in = builder.add("stem", stem, builder.input());
    int wide = 1 + random.nextInt(30);
    Node now = ghost(builder, "expand", in, wide, random);
    boolean strided = random.nextBoolean();
    if (strided) {
      Window window = Window.square(3 + 2 * random.nextInt(2), 2);
      now = builder.add("by channel", new Op.Conv(2 * wide, window, 2 * wide, true), now);
    }
    now = ghost(builder, "project", now, random.nextBoolean() ? 4 : 1 + random.nextInt(20), random);
    int together = now.shape().size(0);
    if (strided) {
      Op.Conv by = new Op.Conv(channels, Window.square(3, 2), channels, true);
      in = builder.add("shortcut by channel", by, in);
    }
    if (together != channels || random.nextBoolean()) {
      in = builder.add("shortcut", new Op.Conv(together, Window.square(1, 1), 1, true), in);
    }
    now = builder.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, in);
    return builder.build(ghost(builder, "last", now, 1 + random.nextInt(9), random));
  }

  /** A product, a convolution by channel of its result, and both behind each other. */
  private static Node ghost(GraphBuilder builder, String name, Node in, int each, Random random) {
    Node one = builder.add(name + ".one", new Op.Conv(each, Window.square(1, 1), 1, true), in);
    if (random.nextBoolean()) {
      one = builder.add(name + ".clip", new Op.Activation(Op.Function.RELU), one);
    }
    Window window = Window.square(random.nextInt(4) == 0 ? 5 : 3, 1);
    Node two = builder.add(name + ".two", new Op.Conv(each, window, each, true), one);
    return builder.add(name, new Op.Concat(), List.of(one, two));
  }

  /** Expand, convolve by channel, project; perhaps with a residual, perhaps twice. */
  private static Graph graph(Random random) {
    int channels = 1 + random.nextInt(20);
    GraphBuilder builder =
        new GraphBuilder(
            "bands", Shape.of(channels, 4 + random.nextInt(24), 3 + random.nextInt(30)));
    Node now = builder.input();
    for (int i = 0; i < 1 + random.nextInt(2); i++) {
      Node in = now;
      int wide = 1 + random.nextInt(40);
      int kernel = 1 + 2 * random.nextInt(3);
      int stride = 1 + random.nextInt(2);
      Window expand = random.nextInt(3) == 0 ? Window.square(3, 1) : Window.square(1, 1);
      Window window =
          new Window(
              List.of(kernel, kernel),
              List.of(stride, stride),
              List.of(random.nextInt(kernel), kernel / 2),
              List.of(random.nextInt(kernel), kernel / 2),
              List.of(1, 1));
      now = builder.add("expand" + i, new Op.Conv(wide, expand, 1, true), now);
      now = builder.add("clip" + i, new Op.Activation(Op.Function.RELU6), now);
      if (now.shape().size(1) + window.before().get(0) + window.after().get(0) < kernel
          || now.shape().size(2) < kernel) {
        break;
      }
      now = builder.add("by-channel" + i, new Op.Conv(wide, window, wide, true), now);
      if (random.nextInt(4) > 0) {
        now = builder.add("project" + i, new Op.Conv(channels, Window.square(1, 1), 1, true), now);
        if (now.shape().equals(in.shape())) {
          Op.Arithmetic sum = new Op.Arithmetic(Op.Arithmetic.Kind.ADD);
          now = builder.add("residual" + i, sum, now, in);
        }
      }
    }
    return builder.build(now);
  }
}
