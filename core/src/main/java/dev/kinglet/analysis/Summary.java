package dev.kinglet.analysis;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network's costs for one sample, layer by layer; the totals are the layers' sums.
 *
 * @param name the network's
 * @param input the shape of a sample
 * @param output the shape of its answer
 * @param parameters learned values
 * @param macs multiply-accumulates of convolutions and linear layers
 * @param memoryAccessBytes what the operators read and write in float32, as {@link MemoryAccess}
 *     counts
 * @param layers one a node, in the order of computation
 */
public record Summary(
    String name,
    Shape input,
    Shape output,
    long parameters,
    long macs,
    long memoryAccessBytes,
    List<Layer> layers) {

  /**
   * One operator's costs.
   *
   * @param name the node's
   * @param op what it computes
   * @param output the shape of its value
   * @param parameters learned values; those that several layers share count for the first of them
   * @param macs its multiply-accumulates
   * @param memoryAccessBytes what it reads and writes
   */
  public record Layer(
      String name, Op op, Shape output, long parameters, long macs, long memoryAccessBytes) {}

  /** Copies the list. */
  public Summary {
    layers = List.copyOf(layers);
  }

  /** The costs of a graph. */
  public static Summary of(Graph graph) {
    List<Layer> layers = new ArrayList<>();
    Set<String> counted = new HashSet<>();
    for (Node node : graph.nodes()) {
      long parameters = 0;
      for (Parameter parameter : node.parameters()) {
        if (parameter.learned() && counted.add(parameter.name())) {
          parameters += parameter.shape().elements();
        }
      }
      layers.add(
          new Layer(
              node.name(),
              node.op(),
              node.shape(),
              parameters,
              node.macs(),
              MemoryAccess.bytes(node)));
    }
    return new Summary(
        graph.name(),
        graph.input().shape(),
        graph.output().shape(),
        graph.parameterCount(),
        graph.macs(),
        MemoryAccess.bytes(graph),
        layers);
  }
}
