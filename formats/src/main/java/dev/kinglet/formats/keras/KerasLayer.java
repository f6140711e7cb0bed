package dev.kinglet.formats.keras;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A layer as a configuration describes it.
 *
 * @param type its class
 * @param name unique in its model
 * @param config its settings
 * @param calls each time it is applied, in order
 * @param model its layers, if it is a model itself
 */
record KerasLayer(
    String type, String name, JsonNode config, List<Call> calls, Optional<KerasModel> model) {

  /** A model nested in another, or the outermost: one input, one output. */
  record KerasModel(String name, List<KerasLayer> layers, Reference input, Reference output) {}

  /** A result of a layer's {@code call}-th application; all but splits have one, number 0. */
  record Reference(String layer, int call, int result) {}

  /** One application. */
  record Call(List<Argument> arguments, Map<String, Argument> named) {}

  /** What a layer is applied to. */
  sealed interface Argument {
    /** The result of another layer. */
    record Result(Reference reference) implements Argument {}

    /** A list of results or values. */
    record Several(List<Argument> items) implements Argument {}

    /** A number, text, truth value or null. */
    record Value(JsonNode value) implements Argument {}
  }

  /** A whole-number setting. */
  int integer(String key, int otherwise) {
    JsonNode value = config.path(key);
    return value.isNumber() ? (int) value.asDouble() : otherwise;
  }

  /** A fractional setting. */
  float number(String key, float otherwise) {
    JsonNode value = config.path(key);
    return value.isNumber() ? (float) value.asDouble() : otherwise;
  }

  /** A truth value. */
  boolean flag(String key, boolean otherwise) {
    JsonNode value = config.path(key);
    return value.isBoolean() ? value.asBoolean() : otherwise;
  }

  /** A text setting. */
  String text(String key, String otherwise) {
    JsonNode value = config.path(key);
    return value.isString() ? value.asString() : otherwise;
  }
}
