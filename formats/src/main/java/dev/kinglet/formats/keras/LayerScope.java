package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.Strided;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One application of a layer: adds its nodes under its name and its variables under its path.
 *
 * @param models from the outermost model to the one that holds the layer
 * @param name of the node that completes the layer; differs from the path from the second
 *     application on
 * @param path under which its variables stand, shared by all applications
 * @param weights where they are collected
 * @param version the major version of Keras that saved the file
 */
record LayerScope(
    FileBytes file,
    GraphBuilder builder,
    KerasVariables variables,
    List<KerasModel> models,
    KerasLayer layer,
    String name,
    String path,
    Map<String, Tensor> weights,
    int version) {

  /** Adds the node that bears the layer's name. */
  Node add(Op op, Node... inputs) {
    return builder.add(name, path, op, List.of(inputs));
  }

  /** Adds a further node. */
  Node add(String part, Op op, Node... inputs) {
    return builder.add(name + "." + part, path + "." + part, op, List.of(inputs));
  }

  /** Adds a stored value that a layer computes with. */
  Node constant(String part, Shape shape, float... values) {
    weights.putIfAbsent(path + "." + part + ".value", Tensor.of(shape, values));
    return builder.add(name + "." + part, path + "." + part, new Op.Constant(shape), List.of());
  }

  /** Keeps a tensor as the layer's parameter. */
  void keep(String parameter, Tensor tensor) {
    weights.putIfAbsent(path + "." + parameter, tensor);
  }

  /** Keeps elements under another order of axes as the layer's parameter. */
  void keep(String parameter, Tensor source, Shape shape, long... strides) {
    keep(parameter, Strided.copy(shape, source.type(), source.data(), 0, strides));
  }

  /**
   * One of the layer's variables.
   *
   * @param index among {@code count} in the order of the layer's class
   * @param names by which versions of Keras call it
   * @throws InvalidInputException if the file lacks it, or has it in another shape
   */
  Tensor variable(int index, int count, Shape shape, String... names) {
    Optional<Tensor> found = variables.find(models, layer, List.of(names), index, count);
    if (found.isEmpty()) {
      throw KerasVariables.missing(file, layer.name(), names[0]);
    }
    if (!found.get().shape().equals(shape)) {
      throw refuse(
          "has a " + names[0] + " of " + found.get().shape() + " where " + shape + " is expected");
    }
    return found.get();
  }

  /** What to throw where the layer cannot be taken over. */
  InvalidInputException refuse(String complaint) {
    return file.refuse(
        "has a layer "
            + FileBytes.quote(layer.name())
            + " ("
            + printable(layer.type())
            + ") that "
            + complaint
            + ".");
  }

  private static String printable(String type) {
    String quoted = FileBytes.quote(type);
    return quoted.substring(1, quoted.length() - 1);
  }

  /** A pair of sizes, given as one number or as two. */
  List<Integer> pair(String key, int otherwise) {
    JsonNode value = layer.config().path(key);
    if (value.isMissingNode() || value.isNull()) {
      return List.of(otherwise, otherwise);
    }
    int first = value.isArray() ? value.path(0).asInt(0) : value.asInt(0);
    int second = value.isArray() ? value.path(1).asInt(0) : first;
    return List.of(first, second);
  }

  /** Refuses channels-first layers, whose axes mean something else. */
  void requireChannelsLast() {
    if (layer.text("data_format", "channels_last").equals("channels_first")) {
      throw refuse("expects channels first; save the model with channels last");
    }
  }
}
