package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Activation;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Keras's activations, as layers and as settings of other layers. Source: {@code
 * keras/src/activations/activations.py} and {@code keras/src/layers/activations}.
 */
final class Activations {
  /** Over the channels, whatever the rank. */
  private static final Op SOFTMAX = new Op.Softmax(0);

  private Activations() {}

  /** Applies the setting {@code activation} behind a node. */
  static Node setting(LayerScope scope, Node node) {
    JsonNode setting = scope.layer().config().path("activation");
    if (setting.isMissingNode() || setting.isNull()) {
      return node;
    }
    return named(scope, "activation", nameOf(scope, setting), node);
  }

  /** The layer {@code Activation}. */
  static Node layer(LayerScope scope, Node node) {
    return named(scope, "", nameOf(scope, scope.layer().config().path("activation")), node);
  }

  private static String nameOf(LayerScope scope, JsonNode setting) {
    if (setting.isString()) {
      return setting.asString();
    }
    // An object: {"class_name": "function", "config": "relu6"} or a class with settings.
    JsonNode config = setting.path("config");
    if (setting.path("class_name").asString("").equals("function") && config.isString()) {
      return config.asString();
    }
    throw scope.refuse("has an activation that only its own Python code defines");
  }

  /** A function by its name, as a further node {@code part}, or as the layer's own if empty. */
  static Node named(LayerScope scope, String part, String name, Node node) {
    if (name.equals("linear")) {
      return node;
    }
    if (name.equals("softmax")) {
      return add(scope, part, SOFTMAX, node);
    }
    if (name.equals("hard_sigmoid")) {
      // Keras 3 follows PyTorch; Keras 2 has a steeper line.
      float slope = scope.version() >= 3 ? 1 / 6f : 0.2f;
      return add(scope, part, new Activation(Function.HARD_SIGMOID, slope, 0.5f), node);
    }
    Optional<Activation> function = function(name);
    if (function.isEmpty()) {
      throw scope.refuse(
          "has the activation " + FileBytes.quote(name) + ", which Kinglet does not know");
    }
    return add(scope, part, function.get(), node);
  }

  private static Node add(LayerScope scope, String part, Op op, Node node) {
    return part.isEmpty() ? scope.add(op, node) : scope.add(part, op, node);
  }

  private static Optional<Activation> function(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "relu" -> new Activation(Function.RELU);
          case "relu6" -> new Activation(Function.RELU6);
          case "sigmoid" -> new Activation(Function.SIGMOID);
          case "tanh" -> new Activation(Function.TANH);
          case "silu", "swish" -> new Activation(Function.SILU);
          case "hard_silu", "hard_swish" -> new Activation(Function.HARD_SWISH);
          case "gelu" -> new Activation(Function.GELU);
          case "elu" -> new Activation(Function.ELU);
          case "selu" -> new Activation(Function.SELU);
          case "softplus" -> new Activation(Function.SOFTPLUS);
          case "softsign" -> new Activation(Function.SOFTSIGN);
          case "exponential" -> new Activation(Function.EXP);
          case "mish" -> new Activation(Function.MISH);
          case "leaky_relu" -> new Activation(Function.LEAKY_RELU, 0.2f, 0);
          default -> null;
        });
  }

  /** Whether a layer {@code ReLU} is {@code min(max(x, 0), 6)}. */
  static boolean isRelu6(KerasLayer layer) {
    return layer.number("max_value", 0) == 6
        && layer.number("negative_slope", 0) == 0
        && layer.number("threshold", 0) == 0;
  }

  /** The layer {@code ReLU}: slope below 0, then a greatest value. */
  static Node relu(LayerScope scope, Node node) {
    KerasLayer layer = scope.layer();
    float slope = layer.number("negative_slope", 0);
    float most = layer.number("max_value", Float.POSITIVE_INFINITY);
    if (layer.number("threshold", 0) != 0) {
      throw scope.refuse("has a threshold other than 0, which Kinglet does not know");
    }
    if (slope == 0) {
      return scope.add(
          most == 6
              ? new Activation(Function.RELU6)
              : most == Float.POSITIVE_INFINITY
                  ? new Activation(Function.RELU)
                  : new Activation(Function.CLIP, 0, most),
          node);
    }
    Activation leaky = new Activation(Function.LEAKY_RELU, slope, 0);
    if (most == Float.POSITIVE_INFINITY) {
      return scope.add(leaky, node);
    }
    return scope.add(
        new Activation(Function.CLIP, Float.NEGATIVE_INFINITY, most),
        scope.add("leaky", leaky, node));
  }

  /** The layer {@code LeakyReLU}; its slope is {@code alpha} in Keras 2. */
  static Node leakyRelu(LayerScope scope, Node node) {
    float slope = scope.layer().number("negative_slope", scope.layer().number("alpha", 0.3f));
    return scope.add(new Activation(Function.LEAKY_RELU, slope, 0), node);
  }

  /** The layer {@code ELU}. */
  static Node elu(LayerScope scope, Node node) {
    return scope.add(new Activation(Function.ELU, scope.layer().number("alpha", 1), 0), node);
  }

  /** The layer {@code Softmax}; over the channels only. */
  static Node softmaxLayer(LayerScope scope, Node node) {
    int axis = scope.layer().integer("axis", -1);
    if (axis != -1 && axis != node.shape().rank()) {
      throw scope.refuse("takes its softmax over another axis than the channels");
    }
    return scope.add(SOFTMAX, node);
  }

  /** The layer {@code PReLU} with one slope a channel. */
  static Node prelu(LayerScope scope, Node node) {
    int rank = node.shape().rank();
    int channels = node.shape().channels();
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    sizes[rank - 1] = channels;
    Shape shape = Shape.of(sizes);
    scope.keep("weight", scope.variable(0, 1, shape, "alpha"), Shape.of(channels), 1);
    return scope.add(new Op.PRelu(), node);
  }
}
