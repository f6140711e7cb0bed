package dev.kinglet.formats.keras;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Window;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Layers with variables. Keras stores kernels with the channels last: {@code (h, w, in, out)}; the
 * graph's are {@code (out, in, h, w)}.
 */
final class WeightLayers {
  private WeightLayers() {}

  static Node conv(LayerScope scope, Node input) {
    KerasLayer layer = scope.layer();
    scope.requireChannelsLast();
    int filters = layer.integer("filters", 0);
    int groups = layer.integer("groups", 1);
    Window window = window(scope, input, "kernel_size", scope.pair("strides", 1));
    boolean bias = layer.flag("use_bias", true);
    int in = channels(scope, input, groups);
    int h = window.kernel().get(0);
    int w = window.kernel().get(1);
    int count = bias ? 2 : 1;
    keepKernel(
        scope, scope.variable(0, count, Shape.of(h, w, in, filters), "kernel"), "weight", input);
    if (bias) {
      scope.keep("bias", scope.variable(1, count, Shape.of(filters), "bias"));
    }
    return Activations.setting(scope, scope.add(new Op.Conv(filters, window, groups, bias), input));
  }

  private static void keepKernel(LayerScope scope, Tensor kernel, String name, Node input) {
    int[] s = kernel.shape().toArray();
    scope.keep(
        name,
        kernel,
        Shape.of(s[3], s[2], s[0], s[1]),
        1,
        s[3],
        (long) s[1] * s[2] * s[3],
        (long) s[2] * s[3]);
  }

  static Node depthwise(LayerScope scope, Node input) {
    boolean bias = scope.layer().flag("use_bias", true);
    int count = bias ? 2 : 1;
    Op.Conv conv = depthwise(scope, input, bias, count, "weight");
    if (bias) {
      scope.keep("bias", scope.variable(1, count, Shape.of(conv.channels()), "bias"));
    }
    return Activations.setting(scope, scope.add(conv, input));
  }

  /** The operator; its kernel is the first of {@code count} variables and kept under a name. */
  private static Op.Conv depthwise(
      LayerScope scope, Node input, boolean bias, int count, String parameter) {
    scope.requireChannelsLast();
    int multiplier = scope.layer().integer("depth_multiplier", 1);
    Window window = window(scope, input, "kernel_size", scope.pair("strides", 1));
    int in = channels(scope, input, 1);
    int h = window.kernel().get(0);
    int w = window.kernel().get(1);
    Tensor kernel =
        scope.variable(0, count, Shape.of(h, w, in, multiplier), "depthwise_kernel", "kernel");
    long all = (long) in * multiplier;
    scope.keep(parameter, kernel, Shape.of((int) all, 1, h, w), 1, 0, w * all, all);
    return new Op.Conv((int) all, window, in, bias);
  }

  static Node separable(LayerScope scope, Node input) {
    KerasLayer layer = scope.layer();
    boolean bias = layer.flag("use_bias", true);
    int count = bias ? 3 : 2;
    Node middle =
        scope.add("depthwise", depthwise(scope, input, false, count, "depthwise.weight"), input);
    int filters = layer.integer("filters", 0);
    int in = middle.shape().channels();
    keepKernel(
        scope,
        scope.variable(1, count, Shape.of(1, 1, in, filters), "pointwise_kernel"),
        "weight",
        middle);
    if (bias) {
      scope.keep("bias", scope.variable(2, count, Shape.of(filters), "bias"));
    }
    return Activations.setting(
        scope, scope.add(new Op.Conv(filters, Window.square(1, 1), 1, bias), middle));
  }

  /** A matrix over the channels: of a vector, or of every position of a map. */
  static Node dense(LayerScope scope, Node input) {
    KerasLayer layer = scope.layer();
    int units = layer.integer("units", 0);
    boolean bias = layer.flag("use_bias", true);
    int count = bias ? 2 : 1;
    int in = input.shape().channels();
    Tensor kernel = scope.variable(0, count, Shape.of(in, units), "kernel");
    boolean vector = input.shape().rank() == 1;
    Shape shape = vector ? Shape.of(units, in) : Shape.of(units, in, 1, 1);
    scope.keep("weight", kernel, shape, Arrays.copyOf(new long[] {1, units}, shape.rank()));
    if (bias) {
      scope.keep("bias", scope.variable(1, count, Shape.of(units), "bias"));
    }
    Op op = vector ? new Op.Linear(units, bias) : new Op.Conv(units, Window.square(1, 1), 1, bias);
    return Activations.setting(scope, scope.add(op, input));
  }

  static Node batchNorm(LayerScope scope, Node input) {
    KerasLayer layer = scope.layer();
    JsonNode axis = layer.config().path("axis");
    int along = axis.isArray() ? axis.path(0).asInt(-1) : axis.asInt(-1);
    if (along != -1 && along != input.shape().rank()) {
      throw scope.refuse("normalizes another axis than the channels");
    }
    int channels = input.shape().channels();
    Shape shape = Shape.of(channels);
    boolean scale = layer.flag("scale", true);
    boolean center = layer.flag("center", true);
    int count = 2 + (scale ? 1 : 0) + (center ? 1 : 0);
    int next = 0;
    scope.keep("weight", scale ? scope.variable(next++, count, shape, "gamma") : filled(shape, 1));
    scope.keep("bias", center ? scope.variable(next++, count, shape, "beta") : filled(shape, 0));
    scope.keep("running_mean", scope.variable(next++, count, shape, "moving_mean"));
    scope.keep("running_var", scope.variable(next, count, shape, "moving_variance"));
    float momentum = 1 - layer.number("momentum", 0.99f);
    return scope.add(new Op.BatchNorm(layer.number("epsilon", 1e-3f), momentum), input);
  }

  /** The layer {@code Normalization}: {@code (x - mean) / sqrt(variance)} a channel. */
  static Node normalization(LayerScope scope, Node input) {
    int channels = input.shape().channels();
    Shape shape = Shape.of(channels);
    Tensor mean = scope.variable(0, 3, shape, "mean");
    Tensor variance = scope.variable(1, 3, shape, "variance");
    float[] shift = mean.toFloats();
    float[] scale = variance.toFloats();
    for (int c = 0; c < channels; c++) {
      // Keras bounds the deviation from below by its smallest number, 1e-7.
      scale[c] = (float) (1 / Math.max(Math.sqrt(scale[c]), 1e-7));
      shift[c] = -shift[c] * scale[c];
    }
    return ArithmeticLayers.affine(scope, input, scale, shift);
  }

  private static Tensor filled(Shape shape, float value) {
    float[] values = new float[shape.elements()];
    Arrays.fill(values, value);
    return Tensor.of(shape, values);
  }

  private static int channels(LayerScope scope, Node input, int groups) {
    if (input.shape().rank() != 3) {
      throw scope.refuse("reads " + input.shape() + " where a map is expected");
    }
    if (groups < 1) {
      throw scope.refuse("has " + groups + " groups");
    }
    return input.shape().channels() / groups;
  }

  /** The window of a layer, with the padding that its setting {@code padding} stands for. */
  static Window window(LayerScope scope, Node input, String kernel, List<Integer> strides) {
    List<Integer> zeros = List.of(0, 0);
    Window valid = Window.of(scope.pair(kernel, 0), strides, zeros, scope.pair("dilation_rate", 1));
    return switch (scope.layer().text("padding", "valid")) {
      case "valid" -> valid;
      case "same" -> {
        if (input.shape().rank() != 3) {
          throw scope.refuse("reads " + input.shape() + " where a map is expected");
        }
        yield valid.same(input.shape());
      }
      default -> throw scope.refuse("has a padding other than 'same' and 'valid'");
    };
  }
}
