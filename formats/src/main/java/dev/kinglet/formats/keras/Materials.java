package dev.kinglet.formats.keras;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;

/** Turns values that were held back into nodes, when it turns out that nothing completes them. */
final class Materials {
  private Materials() {}

  static Node node(LayerScope scope, Value value) {
    return switch (value) {
      case Value.Plain(Node node) -> node;
      case Value.Shifted(Node node, float shift) -> shifted(scope, node, shift);
      case Value.SixTimesHardSigmoid(Node node) ->
          scope.add(
              "clipped." + node.index(),
              new Op.Activation(Op.Function.RELU6),
              shifted(scope, node, 3));
      case Value.Parts _ -> throw scope.refuse("reads all parts of a split at once");
      case Value.Grouped(Node _, int _, boolean _) ->
          throw scope.refuse(
              "reads a map of five axes, which Kinglet knows in channel shuffles only");
    };
  }

  private static Node shifted(LayerScope scope, Node node, float shift) {
    // The index keeps apart what one layer reads twice.
    String part = "shifted." + node.index();
    int[] sizes = new int[node.shape().rank()];
    Arrays.fill(sizes, 1);
    Node constant = scope.constant(part + ".by", Shape.of(sizes), shift);
    return scope.add(part, new Op.Arithmetic(Op.Arithmetic.Kind.ADD), node, constant);
  }
}
