package dev.kinglet.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One operator at its place in a graph.
 *
 * @param index position in {@link Graph#nodes()}
 * @param name unique in its graph
 * @param op what is computed
 * @param inputs the nodes whose values it reads, all with smaller indices
 * @param shape of one sample of its value
 * @param path in front of its parameters' names: {@code features.0.0} owns {@code
 *     features.0.0.weight}. Nodes that share a path share their parameters
 */
public record Node(int index, String name, Op op, List<Node> inputs, Shape shape, String path) {

  /** Copies the list of inputs. */
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** The first input. */
  public Node input() {
    return inputs.getFirst();
  }

  /** The shapes of the inputs. */
  public List<Shape> inputShapes() {
    return shapes(inputs);
  }

  /** The shapes of some nodes. A loop: files are read in a fresh Java machine, in milliseconds. */
  static List<Shape> shapes(List<Node> nodes) {
    List<Shape> shapes = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      shapes.add(node.shape);
    }
    return shapes;
  }

  /** The parameters with their whole names, in the order of PyTorch's state dict. */
  public List<Parameter> parameters() {
    List<Parameter> whole = new ArrayList<>();
    for (Parameter parameter : op.parameters(inputShapes())) {
      whole.add(parameter.under(path));
    }
    return whole;
  }

  /** The multiply-accumulates for one sample. */
  public long macs() {
    return op.macs(inputShapes(), shape);
  }

  private List<Integer> inputIndices() {
    return inputs.stream().map(Node::index).toList();
  }

  /** Whether both stand at the same place and compute the same; inputs are compared by index. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Node node
        && index == node.index
        && name.equals(node.name)
        && op.equals(node.op)
        && inputIndices().equals(node.inputIndices())
        && shape.equals(node.shape)
        && path.equals(node.path);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, name, op, shape);
  }

  @Override
  public String toString() {
    return name + ": " + op + " -> " + shape;
  }
}
