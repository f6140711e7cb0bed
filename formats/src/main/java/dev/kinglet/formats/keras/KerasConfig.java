package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.keras.KerasLayer.Argument;
import dev.kinglet.formats.keras.KerasLayer.Call;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.formats.keras.KerasLayer.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a model's configuration as {@code keras.Model.to_json} writes it, of Keras 2 and of Keras
 * 3.
 */
final class KerasConfig {
  private static final int DEEPEST = 10;
  private static final int FEWEST_TOKENS = 20_000;
  private static final int BYTES_A_TOKEN = 8;

  private final FileBytes file;

  private KerasConfig(FileBytes file) {
    this.file = file;
  }

  static KerasModel parse(FileBytes file, byte[] json) {
    // A token costs tens of bytes in a tree, so a file may have one for every few of its bytes.
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxTokenCount(FEWEST_TOKENS + file.size() / BYTES_A_TOKEN)
            .maxNestingDepth(200)
            .build();
    JsonNode root;
    try {
      root =
          JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
              .build()
              .readTree(json);
    } catch (JacksonException e) {
      throw file.refuse(
          "has a Keras configuration that is not plain JSON; save the model again with Keras.");
    }
    return new KerasConfig(file).model(root, 0);
  }

  private KerasModel model(JsonNode node, int depth) {
    String type = node.path("class_name").asString("");
    JsonNode config = node.path("config");
    // Before Keras 2.2.3 a Sequential's configuration was the list of its layers.
    JsonNode list = config.isArray() ? config : config.path("layers");
    if (!list.isArray() || list.isEmpty() || depth > DEEPEST) {
      throw file.refuse(
          "holds a model of class "
              + FileBytes.quote(type)
              + " without a list of layers, which only its own Python code can rebuild; save a"
              + " functional or sequential model.");
    }
    List<KerasLayer> layers = new ArrayList<>();
    for (JsonNode layer : list) {
      layers.add(layer(layer, depth));
    }
    String name = config.path("name").asString(type);
    return type.equals("Sequential")
        ? sequential(name, layers, config)
        : new KerasModel(
            name,
            List.copyOf(layers),
            single(config.path("input_layers"), "input", name),
            single(config.path("output_layers"), "output", name));
  }

  private KerasLayer layer(JsonNode node, int depth) {
    String type = node.path("class_name").asString("");
    JsonNode config = node.path("config");
    String name = node.path("name").asString(config.path("name").asString(""));
    List<Call> calls = new ArrayList<>();
    for (JsonNode call : node.path("inbound_nodes")) {
      calls.add(call.isObject() ? callOfKeras3(call) : callOfKeras2(call));
    }
    boolean nested = config.path("layers").isArray() || type.equals("Sequential");
    return new KerasLayer(
        type,
        name,
        config,
        List.copyOf(calls),
        nested ? Optional.of(model(node, depth + 1)) : Optional.empty());
  }

  /** A row of layers; one without an input layer gets it from its first layer's batch shape. */
  private KerasModel sequential(String name, List<KerasLayer> layers, JsonNode config) {
    List<KerasLayer> row = new ArrayList<>();
    KerasLayer first = layers.getFirst();
    if (!first.type().equals("InputLayer")) {
      JsonNode shape =
          first.config().has("batch_input_shape")
              ? first.config().path("batch_input_shape")
              : config.path("build_input_shape");
      row.add(
          new KerasLayer(
              "InputLayer",
              name + "_input",
              new JsonMapper().createObjectNode().set("batch_shape", shape),
              List.of(),
              Optional.empty()));
    }
    for (KerasLayer layer : layers) {
      List<Call> calls = List.of();
      if (!layer.type().equals("InputLayer")) {
        Reference before = new Reference(row.getLast().name(), 0, 0);
        calls = List.of(new Call(List.of(new Argument.Result(before)), Map.of()));
      }
      row.add(new KerasLayer(layer.type(), layer.name(), layer.config(), calls, layer.model()));
    }
    return new KerasModel(
        name,
        List.copyOf(row),
        new Reference(row.getFirst().name(), 0, 0),
        new Reference(row.getLast().name(), 0, 0));
  }

  private Reference single(JsonNode list, String what, String model) {
    JsonNode one = list.path(0).isArray() && list.size() == 1 ? list.path(0) : list;
    if (!one.path(0).isString()) {
      throw file.refuse(
          "holds a model "
              + FileBytes.quote(model)
              + " with several "
              + what
              + "s; Kinglet reads networks with one input and one output.");
    }
    return reference(one);
  }

  private static Reference reference(JsonNode history) {
    return new Reference(
        history.path(0).asString(""), history.path(1).asInt(0), history.path(2).asInt(0));
  }

  private Call callOfKeras3(JsonNode call) {
    List<Argument> arguments = new ArrayList<>();
    for (JsonNode argument : call.path("args")) {
      arguments.add(argument(argument, 0));
    }
    Map<String, Argument> named = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : call.path("kwargs").properties()) {
      named.put(entry.getKey(), argument(entry.getValue(), 0));
    }
    return new Call(List.copyOf(arguments), named);
  }

  private Argument argument(JsonNode node, int depth) {
    if (node.path("class_name").asString("").equals("__keras_tensor__")) {
      return new Argument.Result(reference(node.path("config").path("keras_history")));
    }
    if (node.isArray() && depth < DEEPEST) {
      List<Argument> items = new ArrayList<>();
      for (JsonNode item : node) {
        items.add(argument(item, depth + 1));
      }
      return new Argument.Several(List.copyOf(items));
    }
    return new Argument.Value(node);
  }

  /**
   * {@code [["name", 0, 0, {}], ...]}, or {@code ["name", 0, 0, {...}]} of an operation, whose
   * further operands, tensors as {@code ["name", 0, 0]} too, are named.
   */
  private Call callOfKeras2(JsonNode call) {
    JsonNode list = call.path(0).isString() ? new JsonMapper().createArrayNode().add(call) : call;
    List<Argument> arguments = new ArrayList<>();
    Map<String, Argument> named = new LinkedHashMap<>();
    for (JsonNode one : list) {
      if (one.path(0).asString("").equals("_CONSTANT_VALUE")) {
        arguments.add(new Argument.Value(one.path(2)));
      } else {
        arguments.add(new Argument.Result(reference(one)));
      }
      for (Map.Entry<String, JsonNode> entry : one.path(3).properties()) {
        JsonNode value = entry.getValue();
        boolean tensor =
            value.isArray()
                && value.path(0).isString()
                && value.path(1).isNumber()
                && value.path(2).isNumber();
        named.put(
            entry.getKey(),
            tensor ? new Argument.Result(reference(value)) : new Argument.Value(value));
      }
    }
    return new Call(List.copyOf(arguments), named);
  }
}
