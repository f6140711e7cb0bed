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

/** Only large layers are tiled; here small ones are, in tiles of either size and odd bands. */
class WinogradTest {
  @AfterEach
  void tilesAsEstimated() {
    System.clearProperty("kinglet.engine.tile");
    System.clearProperty("kinglet.engine.weights");
    System.clearProperty("kinglet.engine.band");
  }

  @Test
  void tilesOfTwoGiveTheDefinedAnswer() {
    check(2, 29);
  }

  @Test
  void tilesOfFourGiveTheDefinedAnswer() {
    check(4, 31);
  }

  private static void check(int tile, long seed) {
    System.setProperty("kinglet.engine.tile", Integer.toString(tile));
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      System.setProperty("kinglet.engine.weights", i % 3 == 0 ? "0" : "100000000");
      System.setProperty("kinglet.engine.band", Integer.toString(1 << 12 + random.nextInt(8)));
      Graph graph = graph(random);
      Engines.check(graph, Engines.weights(graph, random), 1 + random.nextInt(2), random);
    }
  }

  /** Convolutions one behind the other; residuals, shuffles and several readers between them. */
  private static Graph graph(Random random) {
    int channels = 1 + random.nextInt(40);
    boolean deep = random.nextInt(6) == 0;
    int height = 1 + random.nextInt(12);
    int width = 1 + random.nextInt(15);
    Shape shape = deep ? Shape.of(channels, 3, height, width) : Shape.of(channels, height, width);
    GraphBuilder builder = new GraphBuilder("tiles", shape);
    Op.Function[] functions = Op.Function.values();
    Node now = builder.add("start", new Op.Activation(Op.Function.RELU6), builder.input());
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Node in = now;
      int before = random.nextInt(3);
      int behind = random.nextInt(3);
      if (height + before + behind < 3 || width + 2 < 3) {
        before = 1;
        behind = 1;
      }
      Window window =
          deep
              ? Window.of(List.of(1, 3, 3), List.of(1, 1, 1), List.of(0, 1, 1), List.of(1, 1, 1))
              : new Window(
                  List.of(3, 3),
                  List.of(1, 1),
                  List.of(before, 1),
                  List.of(behind, 1),
                  List.of(1, 1));
      int outputs = random.nextInt(2) == 0 ? channels : 1 + random.nextInt(70);
      now = builder.add("conv" + i, new Op.Conv(outputs, window, 1, random.nextBoolean()), now);
      if (random.nextBoolean()) {
        Op.Function function = random.nextBoolean() ? Op.Function.RELU : pick(functions, random);
        now = builder.add("function" + i, new Op.Activation(function), now);
      }
      if (now.shape().equals(in.shape())) {
        now = builder.add("sum" + i, new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, in);
      }
      if (random.nextInt(3) == 0) {
        now = builder.add("both" + i, new Op.Concat(), List.of(now, now));
        now = builder.add("shuffle" + i, new Op.Shuffle(2), now);
      }
      channels = now.shape().channels();
      height = now.shape().size(now.shape().rank() - 2);
    }
    return builder.build(now);
  }

  /** A function that keeps values small. */
  private static Op.Function pick(Op.Function[] functions, Random random) {
    Op.Function function = functions[random.nextInt(functions.length)];
    return switch (function) {
      case EXP, LOG, RECIPROCAL, SQRT, FLOOR, CEIL -> Op.Function.TANH;
      default -> function;
    };
  }
}
