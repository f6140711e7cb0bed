package dev.kinglet.formats.keras;

import dev.kinglet.formats.keras.KerasLayer.Argument;
import dev.kinglet.formats.keras.KerasLayer.Call;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.formats.keras.KerasLayer.Reference;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes down a known network as the configuration would describe it. Channels, kernels and biases
 * come from the variables' shapes, so width and classes need no table.
 */
final class ModelSketch {
  private static final JsonMapper JSON = new JsonMapper();

  private final WeightContent content;
  private final RuntimeException unlike;
  private final List<KerasLayer> layers = new ArrayList<>();
  private String last;
  private boolean padded;

  /**
   * An empty sketch.
   *
   * @param unlike what to throw when a layer's variables are not those of the network
   */
  ModelSketch(WeightContent content, InvalidInputException unlike) {
    this.content = content;
    this.unlike = unlike;
    add("InputLayer", "input", settings());
  }

  static ObjectNode settings() {
    return JSON.createObjectNode();
  }

  /** The layer that was added last. */
  String last() {
    return last;
  }

  /** A layer behind others, or behind the last one if none are named. */
  ModelSketch add(String type, String name, ObjectNode settings, String... inputs) {
    List<Argument> arguments = new ArrayList<>();
    for (String input : inputs.length == 0 && last != null ? new String[] {last} : inputs) {
      arguments.add(new Argument.Result(new Reference(input, 0, 0)));
    }
    List<Call> calls = arguments.isEmpty() ? List.of() : List.of(new Call(arguments, Map.of()));
    layers.add(new KerasLayer(type, name, settings, calls, Optional.empty()));
    last = name;
    return this;
  }

  /** A model in place of a layer. */
  ModelSketch add(KerasModel model) {
    List<Argument> arguments = List.of(new Argument.Result(new Reference(last, 0, 0)));
    layers.add(
        new KerasLayer(
            "Functional",
            model.name(),
            settings(),
            List.of(new Call(arguments, Map.of())),
            Optional.of(model)));
    last = model.name();
    return this;
  }

  /** A convolution whose kernel is in the file. */
  ModelSketch conv(String name, int stride, String... inputs) {
    String real = real(name);
    Shape kernel = kernel(name);
    ObjectNode settings = window(kernel, stride, content.hasBias(name));
    settings.put("filters", kernel.size(3));
    return add("Conv2D", real, settings, inputs);
  }

  /** A row and a column of zeros behind; the convolution that follows adds none of its own. */
  ModelSketch padded(String name) {
    ObjectNode settings = settings();
    settings.putArray("padding").addArray().add(0).add(1);
    settings.withArray("padding").addArray().add(0).add(1);
    padded = true;
    return add("ZeroPadding2D", name, settings);
  }

  /** A depthwise convolution whose kernel is in the file. */
  ModelSketch depthwise(String name, int stride, String... inputs) {
    return add(
        "DepthwiseConv2D", real(name), window(kernel(name), stride, content.hasBias(name)), inputs);
  }

  private Shape kernel(String name) {
    Shape kernel = content.kernel(name);
    if (kernel.rank() != 4) {
      throw unlike;
    }
    return kernel;
  }

  private ObjectNode window(Shape kernel, int stride, boolean bias) {
    ObjectNode settings = settings();
    settings.putArray("kernel_size").add(kernel.size(0)).add(kernel.size(1));
    settings.put("strides", stride).put("use_bias", bias);
    settings.put("padding", padded ? "valid" : "same");
    padded = false;
    return settings;
  }

  /**
   * A batch norm, with the epsilon that all of {@code keras.applications}' mobile networks have.
   */
  ModelSketch norm(String name) {
    return add("BatchNormalization", real(name), settings().put("epsilon", 1e-3));
  }

  /** A function by Keras's name for it; its layer's own name is of no matter. */
  ModelSketch activation(String function) {
    return add("Activation", last + ":" + function, settings().put("activation", function));
  }

  /** A matrix with a bias. */
  ModelSketch dense(String name) {
    Shape kernel = content.kernel(name);
    if (kernel.rank() != 2) {
      throw unlike;
    }
    return add(
        "Dense",
        real(name),
        settings().put("units", kernel.size(1)).put("use_bias", content.hasBias(name)));
  }

  /** The mean, or the maximum, over all positions. */
  ModelSketch globalPool(String kind, boolean keep) {
    return add("Global" + kind + "Pooling2D", "pool", settings().put("keepdims", keep));
  }

  /** The output channels of a convolution. */
  int channels(String name) {
    return kernel(name).size(3);
  }

  private String real(String name) {
    return content.layer(name).orElseThrow(() -> unlike);
  }

  /** The finished model, its layers in the order in which Keras keeps (and counts) them. */
  KerasModel build(String name) {
    Map<String, Integer> depths = new HashMap<>();
    for (KerasLayer layer : layers.reversed()) {
      int depth = depths.getOrDefault(layer.name(), 0);
      for (Call call : layer.calls()) {
        for (Argument argument : call.arguments()) {
          if (argument instanceof Argument.Result(Reference before)) {
            depths.merge(before.layer(), depth + 1, Math::max);
          }
        }
      }
    }
    ToIntFunction<KerasLayer> depth = layer -> depths.getOrDefault(layer.name(), 0);
    return new KerasModel(
        name,
        layers.stream().sorted(Comparator.comparingInt(depth).reversed()).toList(),
        new Reference(layers.getFirst().name(), 0, 0),
        new Reference(last, 0, 0));
  }
}
