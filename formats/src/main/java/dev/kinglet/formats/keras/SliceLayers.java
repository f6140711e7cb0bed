package dev.kinglet.formats.keras;

import dev.kinglet.formats.keras.KerasLayer.Argument;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Python's slices, {@code x[:, :, :, a:b]}, and {@code split}, in models of Keras 3. */
final class SliceLayers {
  private SliceLayers() {}

  /** A slice along each axis; the batch must be kept whole. */
  static Node item(LayerScope scope, List<Argument> operands, Node input) {
    List<JsonNode> slices = new ArrayList<>();
    for (Argument operand : operands) {
      if (operand instanceof Argument.Value(JsonNode value)) {
        slices.add(value);
      }
    }
    int axes = input.shape().rank() + 1;
    Node result = input;
    int axis = 0;
    for (int i = 0; i < slices.size(); i++) {
      JsonNode slice = slices.get(i);
      switch (slice.path("class_name").asString("")) {
        case "__ellipsis__" -> axis = axes - (slices.size() - 1 - i);
        case "__slice__" -> {
          result = slice(scope, result, axis, slice.path("config"), "axis" + axis);
          axis++;
        }
        default -> throw scope.refuse("picks single elements, which Kinglet does not know");
      }
    }
    return result;
  }

  private static Node slice(LayerScope scope, Node input, int axis, JsonNode slice, String part) {
    boolean whole = slice.path("start").isNull() && slice.path("stop").isNull();
    int step = slice.path("step").asInt(1);
    if (whole && step == 1) {
      return input;
    }
    if (axis == 0 || step < 1) {
      throw scope.refuse("cuts the batch, or walks backwards");
    }
    int along = ShapeLayers.axis(scope, axis, input.shape().rank());
    int size = input.shape().size(along);
    int start = bound(slice.path("start"), 0, size);
    int end = bound(slice.path("stop"), size, size);
    return scope.add(part, new Op.Slice(along, start, end, step), input);
  }

  private static int bound(JsonNode value, int otherwise, int size) {
    if (!value.isNumber()) {
      return otherwise;
    }
    int bound = value.asInt(0);
    return Math.clamp(bound < 0 ? bound + size : bound, 0, size);
  }

  /** Equal parts, or parts between indices, along an axis. */
  static List<Node> split(LayerScope scope, Node input) {
    KerasLayer layer = scope.layer();
    int along = ShapeLayers.axis(scope, layer.integer("axis", 0), input.shape().rank());
    int size = input.shape().size(along);
    JsonNode places = layer.config().path("indices_or_sections");
    List<Integer> ends = new ArrayList<>();
    if (places.isArray()) {
      for (JsonNode place : places) {
        ends.add(bound(place, size, size));
      }
      ends.add(size);
    } else {
      int parts = places.asInt(0);
      if (parts < 1 || size % parts != 0) {
        throw scope.refuse("splits " + size + " elements into " + parts + " parts");
      }
      for (int i = 1; i <= parts; i++) {
        ends.add(i * (size / parts));
      }
    }
    List<Node> nodes = new ArrayList<>();
    int start = 0;
    for (int end : ends) {
      nodes.add(scope.add("part" + nodes.size(), new Op.Slice(along, start, end, 1), input));
      start = end;
    }
    return nodes;
  }
}
