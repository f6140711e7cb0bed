package dev.kinglet.engine;

import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;

/** One operator, or a few, at given sizes, on every engine, against {@link Definition}. */
final class Conformance {
  private Conformance() {}

  static DynamicTest test(String name, Shape input, Function<GraphBuilder, Node> network) {
    return DynamicTest.dynamicTest(
        name + " of " + input,
        () -> {
          Random random = new Random(name.hashCode() * 31L + input.hashCode());
          GraphBuilder builder = new GraphBuilder(name, input);
          var graph = builder.build(network.apply(builder));
          var weights = Engines.weights(graph, random);
          Engines.check(graph, weights, 1, random);
          Engines.check(graph, weights, 3, random);
        });
  }

  static DynamicTest test(Op op, Shape input) {
    return test(op.toString(), input, b -> b.add("op", op, b.input()));
  }

  static DynamicTest conv(Shape input, int channels, int groups, boolean bias, Window window) {
    return test(new Op.Conv(channels, window, groups, bias), input);
  }

  static Window window(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> before,
      List<Integer> after,
      List<Integer> dilation) {
    return new Window(kernel, stride, before, after, dilation);
  }
}
