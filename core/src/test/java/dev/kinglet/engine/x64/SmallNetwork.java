package dev.kinglet.engine.x64;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network of five layers that runs in some microseconds. */
final class SmallNetwork {
  static final Graph GRAPH = graph();
  static final Weights WEIGHTS = weights();

  private SmallNetwork() {}

  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("small", Shape.of(3, 9, 9));
    Node now = builder.add("a", new Op.Conv(24, Window.square(3, 1), 1, true), builder.input());
    now = builder.add("b", new Op.Conv(24, Window.square(3, 1), 24, true), now);
    now = builder.add("c", new Op.Conv(40, Window.square(1, 1), 1, true), now);
    now = builder.add("d", new Op.GlobalPool(Op.PoolKind.AVERAGE), now);
    return builder.build(builder.add("e", new Op.Reshape(Shape.of(40)), now));
  }

  private static Weights weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : GRAPH.parameters()) {
      float[] values = new float[parameter.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 37 % 101 / 101f - 0.5f;
      }
      tensors.put(parameter.name(), Tensor.of(parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  /** One sample, another for each seed. */
  static float[] input(int seed) {
    float[] input = new float[GRAPH.input().shape().elements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = (i * 31 + seed * 17) % 97 / 97f - 0.5f;
    }
    return input;
  }
}
