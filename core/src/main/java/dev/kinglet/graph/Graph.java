package dev.kinglet.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network: nodes in an order in which each can be computed, one input, one output.
 *
 * <p>Immutable; only {@link GraphBuilder} makes one. The same network at another input size, number
 * of classes or width is another graph.
 */
public final class Graph {
  private final String name;
  private final List<Node> nodes;
  private final Node output;
  private final List<Parameter> parameters;

  /** The parameters come in the order of {@code paths}, which names the path of every node. */
  Graph(String name, List<Node> nodes, Node output, List<String> paths) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.output = output;
    Map<String, Map<String, Parameter>> byPath = new LinkedHashMap<>();
    for (String path : paths) {
      byPath.put(path, new LinkedHashMap<>());
    }
    for (Node node : this.nodes) {
      for (Parameter parameter : node.parameters()) {
        byPath.get(node.path()).putIfAbsent(parameter.name(), parameter);
      }
    }
    List<Parameter> all = new ArrayList<>();
    for (Map<String, Parameter> module : byPath.values()) {
      all.addAll(module.values());
    }
    this.parameters = List.copyOf(all);
  }

  /** The variant's name, or the one its file gives. */
  public String name() {
    return name;
  }

  /** All nodes; the first is the input. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The node that stands for the sample given. */
  public Node input() {
    return nodes.getFirst();
  }

  /** The node whose value is the answer. */
  public Node output() {
    return output;
  }

  /** Every parameter, statistic and constant once, in the order of PyTorch's state dict. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** The number of learned values: weights, biases, and the scale and shift of batch norms. */
  public long parameterCount() {
    return parameters.stream()
        .filter(Parameter::learned)
        .mapToLong(parameter -> parameter.shape().elements())
        .sum();
  }

  /** The multiply-accumulates of convolutions and linear layers for one sample. */
  public long macs() {
    return nodes.stream().mapToLong(Node::macs).sum();
  }

  /**
   * Whether both compute the same thing over the same names; the graph's own name does not count.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Graph graph
        && nodes.equals(graph.nodes)
        && output.index() == graph.output.index();
  }

  @Override
  public int hashCode() {
    return Objects.hash(nodes.size(), output.index(), output.shape(), parameters);
  }

  /** One line a node. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    for (Node node : nodes) {
      text.append(System.lineSeparator()).append("  ").append(node);
      if (!node.inputs().isEmpty()) {
        text.append(" of ").append(node.inputs().stream().map(Node::name).toList());
      }
    }
    return text.toString();
  }
}
