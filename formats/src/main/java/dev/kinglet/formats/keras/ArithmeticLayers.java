package dev.kinglet.formats.keras;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Layers that combine maps element by element, and arithmetic written with Python's operators. */
final class ArithmeticLayers {
  private static final float SIXTH = 1 / 6f;
  private static final float CLOSE = 1e-6f;

  private ArithmeticLayers() {}

  /** Several maps folded into one. */
  static Node fold(LayerScope scope, Arithmetic.Kind kind, List<Node> inputs) {
    Node result = inputs.getFirst();
    for (int i = 1; i < inputs.size(); i++) {
      Op op = new Arithmetic(kind);
      result =
          i == inputs.size() - 1
              ? scope.add(op, result, inputs.get(i))
              : scope.add("step" + i, op, result, inputs.get(i));
    }
    return result;
  }

  /** The mean of several maps. */
  static Node average(LayerScope scope, List<Node> inputs) {
    Node sum = inputs.getFirst();
    for (int i = 1; i < inputs.size(); i++) {
      sum = scope.add("step" + i, new Arithmetic(Arithmetic.Kind.ADD), sum, inputs.get(i));
    }
    return affine(scope, sum, new float[] {1f / inputs.size()}, new float[] {0});
  }

  /** {@code scale * x + shift}, one number each, or one a channel. */
  static Node affine(LayerScope scope, Node input, float[] scale, float[] shift) {
    boolean shifted = !allEqual(shift, 0);
    Node scaled = input;
    if (!allEqual(scale, 1)) {
      Node factor = constant(scope, "scale", input, scale);
      Op multiply = new Arithmetic(Arithmetic.Kind.MULTIPLY);
      scaled =
          shifted
              ? scope.add("scaled", multiply, input, factor)
              : scope.add(multiply, input, factor);
    }
    return shifted
        ? scope.add(
            new Arithmetic(Arithmetic.Kind.ADD), scaled, constant(scope, "shift", input, shift))
        : scaled;
  }

  private static boolean allEqual(float[] values, float wanted) {
    for (float value : values) {
      if (value != wanted) {
        return false;
      }
    }
    return true;
  }

  private static Node constant(LayerScope scope, String part, Node like, float[] values) {
    int[] sizes = new int[like.shape().rank()];
    Arrays.fill(sizes, 1);
    sizes[0] = values.length;
    if (values.length != 1 && values.length != like.shape().channels()) {
      throw scope.refuse(
          "has " + values.length + " constants for " + like.shape().channels() + " channels");
    }
    return scope.constant(part, Shape.of(sizes), values);
  }

  /** The layer {@code Rescaling}: {@code scale * x + offset}. */
  static Node rescaling(LayerScope scope, Node input) {
    return affine(scope, input, numbers(scope, "scale", 1), numbers(scope, "offset", 0));
  }

  private static float[] numbers(LayerScope scope, String key, float otherwise) {
    JsonNode value = scope.layer().config().path(key);
    if (!value.isArray()) {
      return new float[] {scope.layer().number(key, otherwise)};
    }
    float[] numbers = new float[value.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) value.path(i).asDouble(0);
    }
    return numbers;
  }

  /**
   * {@code x op number} or {@code number op x}. {@code relu6(x + 3) / 6}, spelled step by step in
   * MobileNetV3, becomes one hard sigmoid.
   */
  static Value withNumber(
      LayerScope scope, Arithmetic.Kind kind, Value value, float number, boolean numberFirst) {
    if (value instanceof Value.SixTimesHardSigmoid(Node node)
        && !numberFirst | kind == Arithmetic.Kind.MULTIPLY
        && Math.abs((kind == Arithmetic.Kind.DIVIDE ? 1 / number : number) - SIXTH) < CLOSE
        && (kind == Arithmetic.Kind.MULTIPLY || kind == Arithmetic.Kind.DIVIDE)) {
      return new Value.Plain(
          scope.add(new Op.Activation(Op.Function.HARD_SIGMOID, SIXTH, 0.5f), node));
    }
    Node node = Materials.node(scope, value);
    return switch (kind) {
      case ADD -> new Value.Shifted(node, number);
      case SUBTRACT ->
          numberFirst
              ? new Value.Plain(affine(scope, node, new float[] {-1}, new float[] {number}))
              : new Value.Shifted(node, -number);
      case MULTIPLY -> new Value.Plain(affine(scope, node, new float[] {number}, new float[] {0}));
      case DIVIDE -> {
        if (numberFirst || number == 0) {
          throw scope.refuse("divides a number by a map, which Kinglet does not know");
        }
        yield new Value.Plain(affine(scope, node, new float[] {1 / number}, new float[] {0}));
      }
      case POWER, MAXIMUM, MINIMUM ->
          throw scope.refuse("computes with a number in a way that Kinglet does not know");
    };
  }
}
