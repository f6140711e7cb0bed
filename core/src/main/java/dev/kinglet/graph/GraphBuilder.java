package dev.kinglet.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The only maker of graphs: adds nodes one by one, infers their shapes and checks them as it goes.
 *
 * <p>A node's path is the module path of the official checkpoint, so that parameters bear its
 * names; nodes without parameters may take any unique name. Add nodes in the order in which the
 * official implementation registers its modules wherever the data flow allows it: that order is the
 * state dict's. Where it does not, {@link #declare} the paths first.
 */
public final class GraphBuilder {
  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> paths = new LinkedHashSet<>();

  /** A graph with this name and this shape of one sample. */
  public GraphBuilder(String name, Shape input) {
    this.name = name;
    add("input", new Op.Input(input), List.of());
  }

  /** The node that stands for the sample given. */
  public Node input() {
    return nodes.getFirst();
  }

  /**
   * Gives parameters of these paths their places in the state dict now, in this order, though their
   * nodes are added later and in another one.
   */
  public void declare(String... modules) {
    paths.addAll(List.of(modules));
  }

  /** Adds an operator whose parameters lie under its own name. */
  public Node add(String node, Op op, Node... inputs) {
    return add(node, op, List.of(inputs));
  }

  /** Adds an operator whose parameters lie under its own name. */
  public Node add(String node, Op op, List<Node> inputs) {
    return add(node, node, op, inputs);
  }

  /**
   * Adds an operator whose parameters lie under {@code path}.
   *
   * @throws InvalidInputException if the inputs do not fit; names the node, the expectation and the
   *     finding
   */
  public Node add(String node, String path, Op op, List<Node> inputs) {
    for (Node input : inputs) {
      if (input.index() >= nodes.size() || nodes.get(input.index()) != input) {
        throw new InvalidInputException(
            "Node '"
                + node
                + "' of "
                + name
                + " reads '"
                + input.name()
                + "', which belongs to another graph.");
      }
    }
    Shape shape;
    try {
      shape = op.output(Node.shapes(inputs));
    } catch (Op.Mismatch mismatch) {
      throw new InvalidInputException(
          "Node '"
              + node
              + "' ("
              + op.getClass().getSimpleName()
              + ") of "
              + name
              + " "
              + mismatch.getMessage()
              + ".",
          mismatch);
    }
    if (!names.add(node)) {
      throw new InvalidInputException(
          "Two nodes of " + name + " are called '" + node + "'; a name stands for one node.");
    }
    Node added = new Node(nodes.size(), node, op, inputs, shape, path);
    nodes.add(added);
    paths.add(path);
    return added;
  }

  /** The finished graph with this node's value as its answer. */
  public Graph build(Node output) {
    if (output.index() >= nodes.size() || nodes.get(output.index()) != output) {
      throw new InvalidInputException(
          "The output '" + output.name() + "' of " + name + " belongs to another graph.");
    }
    return new Graph(name, nodes, output, List.copyOf(paths));
  }
}
