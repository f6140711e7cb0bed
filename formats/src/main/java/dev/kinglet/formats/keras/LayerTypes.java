package dev.kinglet.formats.keras;

import dev.kinglet.formats.keras.KerasLayer.Argument;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Which layer of Keras becomes what. */
final class LayerTypes {
  private LayerTypes() {}

  /**
   * The value of one application of a layer.
   *
   * @param operands all that it is applied to, numbers included
   * @param inputs the values among the operands
   */
  static Value apply(LayerScope scope, List<Argument> operands, List<Value> inputs) {
    KerasLayer layer = scope.layer();
    Value first = inputs.getFirst();
    if (layer.type().equals("ReLU")
        && first instanceof Value.Shifted(Node node, float shift)
        && shift == 3
        && Activations.isRelu6(layer)) {
      return new Value.SixTimesHardSigmoid(node);
    }
    return switch (layer.type()) {
      // In Keras 3 the operators + - * / are layers of these classes too.
      case "Add", "Subtract", "Multiply", "Maximum", "Minimum", "Average", "TrueDivide", "Divide" ->
          arithmetic(scope, layer.type(), operands, inputs);
      case "TFOpLambda" -> tensorflow(scope, operands, inputs);
      case "Reshape" ->
          ShapeLayers.reshape(
              scope,
              first,
              layer.config().has("newshape")
                  ? withoutBatch(layer.config().path("newshape"))
                  : numbers(layer.config().path("target_shape")));
      case "Permute" -> ShapeLayers.permute(scope, first, numbers(layer.config().path("dims")));
      case "Transpose" ->
          ShapeLayers.permute(scope, first, withoutBatch(layer.config().path("axes")));
      case "GetItem" ->
          new Value.Plain(SliceLayers.item(scope, operands, Materials.node(scope, first)));
      case "Split" -> new Value.Parts(SliceLayers.split(scope, Materials.node(scope, first)));
      case "Lambda" -> new Value.Plain(shuffleNet(scope, Materials.node(scope, first)));
      case "Concatenate" ->
          new Value.Plain(
              ShapeLayers.concatenate(
                  scope, inputs.stream().map(value -> Materials.node(scope, value)).toList()));
      default -> new Value.Plain(single(scope, layer.type(), Materials.node(scope, first)));
    };
  }

  private static List<Integer> numbers(JsonNode list) {
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode number : list) {
      numbers.add(number.asInt(-1));
    }
    return numbers;
  }

  /** The settings of an operation that counts the batch as its first axis. */
  private static List<Integer> withoutBatch(JsonNode list) {
    List<Integer> numbers = numbers(list);
    return numbers.subList(Math.min(1, numbers.size()), numbers.size());
  }

  private static Node single(LayerScope scope, String type, Node input) {
    return switch (type) {
      case "Conv2D", "Convolution2D" -> WeightLayers.conv(scope, input);
      case "DepthwiseConv2D" -> WeightLayers.depthwise(scope, input);
      case "SeparableConv2D" -> WeightLayers.separable(scope, input);
      case "Dense" -> WeightLayers.dense(scope, input);
      case "BatchNormalization", "BatchNormalizationV1", "SyncBatchNormalization" ->
          WeightLayers.batchNorm(scope, input);
      case "Normalization" -> WeightLayers.normalization(scope, input);
      case "Activation" -> Activations.layer(scope, input);
      case "ReLU" -> Activations.relu(scope, input);
      case "LeakyReLU" -> Activations.leakyRelu(scope, input);
      case "PReLU" -> Activations.prelu(scope, input);
      case "ELU" -> Activations.elu(scope, input);
      case "Softmax" -> Activations.softmaxLayer(scope, input);
      case "Mean" -> ShapeLayers.mean(scope, input);
      case "Relu" -> Activations.named(scope, "", "relu", input);
      case "Relu6" -> Activations.named(scope, "", "relu6", input);
      case "HardSigmoid" ->
          scope.add(new Op.Activation(Op.Function.HARD_SIGMOID, 1 / 6f, 0.5f), input);
      case "Sigmoid" -> Activations.named(scope, "", "sigmoid", input);
      case "MaxPooling2D" -> ShapeLayers.pool(scope, Op.PoolKind.MAX, input);
      case "AveragePooling2D" -> ShapeLayers.pool(scope, Op.PoolKind.AVERAGE, input);
      case "GlobalAveragePooling2D" -> ShapeLayers.globalPool(scope, Op.PoolKind.AVERAGE, input);
      case "GlobalMaxPooling2D" -> ShapeLayers.globalPool(scope, Op.PoolKind.MAX, input);
      case "ZeroPadding2D" -> ShapeLayers.zeroPadding(scope, input, 1);
      case "Cropping2D" -> ShapeLayers.zeroPadding(scope, input, -1);
      case "UpSampling2D" -> ShapeLayers.upSampling(scope, input);
      case "Flatten" -> ShapeLayers.flatten(scope, input);
      case "Rescaling" -> ArithmeticLayers.rescaling(scope, input);
      case "Dropout", "SpatialDropout2D", "AlphaDropout" ->
          scope.add(new Op.Dropout(scope.layer().number("rate", 0)), input);
      // These change pictures or values in training alone.
      case "GaussianNoise",
          "GaussianDropout",
          "ActivityRegularization",
          "RandomFlip",
          "RandomRotation",
          "RandomZoom",
          "RandomTranslation",
          "RandomContrast",
          "RandomBrightness" ->
          input;
      default ->
          throw scope.refuse(
              "Kinglet does not know; export the model to ONNX with tf2onnx and import that");
    };
  }

  private static Value arithmetic(
      LayerScope scope, String type, List<Argument> operands, List<Value> inputs) {
    if (type.equals("Average")) {
      return new Value.Plain(
          ArithmeticLayers.average(
              scope, inputs.stream().map(value -> Materials.node(scope, value)).toList()));
    }
    Arithmetic.Kind kind =
        switch (type) {
          case "Subtract" -> Arithmetic.Kind.SUBTRACT;
          case "Multiply" -> Arithmetic.Kind.MULTIPLY;
          case "TrueDivide", "Divide" -> Arithmetic.Kind.DIVIDE;
          case "Maximum" -> Arithmetic.Kind.MAXIMUM;
          case "Minimum" -> Arithmetic.Kind.MINIMUM;
          default -> Arithmetic.Kind.ADD;
        };
    return arithmetic(scope, kind, operands, inputs);
  }

  private static Value arithmetic(
      LayerScope scope, Arithmetic.Kind kind, List<Argument> operands, List<Value> inputs) {
    if (inputs.size() == operands.size()) {
      return new Value.Plain(
          ArithmeticLayers.fold(
              scope, kind, inputs.stream().map(value -> Materials.node(scope, value)).toList()));
    }
    for (int i = 0; i < 2 && operands.size() == 2; i++) {
      if (operands.get(i) instanceof Argument.Value(JsonNode number) && number.isNumber()) {
        return ArithmeticLayers.withNumber(
            scope, kind, inputs.getFirst(), (float) number.asDouble(), i == 0);
      }
    }
    throw scope.refuse("computes with something that is neither a map nor a number");
  }

  /** An operation of TensorFlow in a model of Keras 2. */
  private static Value tensorflow(LayerScope scope, List<Argument> operands, List<Value> inputs) {
    String function = scope.layer().text("function", "").replaceFirst("^tf\\.", "");
    Node node = function.startsWith("nn.") ? Materials.node(scope, inputs.getFirst()) : null;
    return switch (function) {
      case "__operators__.add", "math.add", "add" ->
          arithmetic(scope, Arithmetic.Kind.ADD, operands, inputs);
      case "__operators__.sub", "math.subtract", "subtract" ->
          arithmetic(scope, Arithmetic.Kind.SUBTRACT, operands, inputs);
      case "math.multiply", "multiply" ->
          arithmetic(scope, Arithmetic.Kind.MULTIPLY, operands, inputs);
      case "math.truediv", "truediv", "math.divide", "divide", "realdiv" ->
          arithmetic(scope, Arithmetic.Kind.DIVIDE, operands, inputs);
      case "reshape" ->
          ShapeLayers.reshape(scope, inputs.getFirst(), withoutBatch(named(scope, "shape")));
      case "transpose", "compat.v1.transpose" ->
          ShapeLayers.permute(scope, inputs.getFirst(), withoutBatch(named(scope, "perm")));
      case "nn.relu" -> new Value.Plain(Activations.named(scope, "", "relu", node));
      case "nn.relu6" ->
          inputs.getFirst() instanceof Value.Shifted(Node shifted, float shift) && shift == 3
              ? new Value.SixTimesHardSigmoid(shifted)
              : new Value.Plain(Activations.named(scope, "", "relu6", node));
      case "nn.sigmoid" -> new Value.Plain(Activations.named(scope, "", "sigmoid", node));
      case "nn.silu", "nn.swish" -> new Value.Plain(Activations.named(scope, "", "silu", node));
      case "nn.softmax" -> new Value.Plain(Activations.named(scope, "", "softmax", node));
      default ->
          throw scope.refuse(
              "Kinglet does not know; export the model to ONNX with tf2onnx and import that");
    };
  }

  /** A named operand of an operation; the layer's first application stands for all. */
  private static JsonNode named(LayerScope scope, String name) {
    if (scope.layer().calls().getFirst().named().get(name)
        instanceof Argument.Value(JsonNode value)) {
      return value;
    }
    throw scope.refuse("has no plain " + name);
  }

  /**
   * A layer with Python code, which is never run. ShuffleNetV2 in the spelling that Keras tutorials
   * share has three kinds of it, known by their names: the halves of a channel split and the
   * shuffle.
   */
  private static Node shuffleNet(LayerScope scope, Node input) {
    String name = scope.layer().name().toLowerCase(Locale.ROOT);
    int channels = input.shape().channels();
    if (input.shape().rank() == 3 && channels % 2 == 0) {
      if (name.matches("(.*[/_.-])?channel_shuffle(_[0-9]+)?")) {
        return scope.add(new Op.Shuffle(2), input);
      }
      if (name.matches(".*[/_.-]sp0_slice(_[0-9]+)?")) {
        return scope.add(new Op.Slice(0, channels / 2), input);
      }
      if (name.matches(".*[/_.-]sp1_slice(_[0-9]+)?")) {
        return scope.add(new Op.Slice(channels / 2, channels), input);
      }
    }
    throw scope.refuse(
        "holds Python code, which Kinglet never runs; replace it by layers and save the model"
            + " again");
  }
}
