package dev.kinglet.analysis;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;

/**
 * The memory that a network reads and writes for one sample, operator by operator, in float32: its
 * inputs, its output and its parameters, each once (Ma et al. 2018, ShuffleNetV2, §2).
 *
 * <p>It assumes a cache that holds the maps of one operator and nothing between operators; an
 * engine that joins operators moves less.
 */
public final class MemoryAccess {
  private MemoryAccess() {}

  /** The bytes of one operator; 0 for those that only rename or do nothing outside training. */
  public static long bytes(Node node) {
    return switch (node.op()) {
      case Op.Input _, Op.Constant _, Op.Reshape _, Op.Dropout _, Op.DropPath _ -> 0;
      case Op.Conv _,
          Op.ConvTranspose _,
          Op.Linear _,
          Op.BatchNorm _,
          Op.Activation _,
          Op.PRelu _,
          Op.Arithmetic _,
          Op.Pool _,
          Op.GlobalPool _,
          Op.Reduce _,
          Op.LocalResponseNorm _,
          Op.Softmax _,
          Op.Concat _,
          Op.Slice _,
          Op.Shuffle _,
          Op.Transpose _,
          Op.Pad _,
          Op.Resize _ ->
          Float.BYTES * elements(node);
    };
  }

  /** The bytes of a whole network. */
  public static long bytes(Graph graph) {
    long sum = 0;
    for (Node node : graph.nodes()) {
      sum += bytes(node);
    }
    return sum;
  }

  private static long elements(Node node) {
    long elements = node.op() instanceof Op.Slice ? node.shape().elements() : 0;
    if (elements == 0) {
      for (Node input : node.inputs()) {
        elements += input.shape().elements();
      }
    }
    elements += node.shape().elements();
    for (Parameter parameter : node.parameters()) {
      if (parameter.role() != Parameter.Role.COUNTER) {
        elements += parameter.shape().elements();
      }
    }
    return elements;
  }
}
