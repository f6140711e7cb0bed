package dev.kinglet.formats.keras;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.keras.KerasLayer.Argument;
import dev.kinglet.formats.keras.KerasLayer.Call;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.formats.keras.KerasLayer.Reference;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Walks a model from its input to its output and hands each layer to {@link LayerTypes}. */
final class KerasImporter {
  private final FileBytes file;
  private final KerasVariables variables;
  private final int version;
  private final Map<String, Tensor> weights = new LinkedHashMap<>();

  KerasImporter(FileBytes file, KerasVariables variables, int version) {
    this.file = file;
    this.variables = variables;
    this.version = version;
  }

  /** A graph and exactly its weights. */
  record Result(Graph graph, Weights weights) {}

  Result read(KerasModel model, Optional<Shape> input) {
    Shape shape = input.isPresent() ? input.get() : inputShape(model);
    GraphBuilder builder = new GraphBuilder(model.name(), shape);
    Value output = evaluate(builder, List.of(model), "", "", new Value.Plain(builder.input()));
    if (!(output instanceof Value.Plain(Node last))) {
      throw file.refuse("ends in the middle of an operation; save the whole model again.");
    }
    Graph graph = builder.build(last);
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      Tensor tensor = weights.get(parameter.name());
      if (tensor != null) {
        ordered.put(parameter.name(), tensor);
      }
    }
    return new Result(graph, Weights.of(ordered).check(graph));
  }

  private Shape inputShape(KerasModel model) {
    for (KerasLayer layer : model.layers()) {
      if (layer.name().equals(model.input().layer())) {
        if (layer.model().isPresent()) {
          return inputShape(layer.model().get());
        }
        JsonNode shape = layer.config().path("batch_shape");
        if (!shape.isArray()) {
          shape = layer.config().path("batch_input_shape");
        }
        if (shape.size() == 4 && shape.path(3).isNumber()) {
          if (!shape.path(1).isNumber() || !shape.path(2).isNumber()) {
            throw file.refuse(
                "leaves the size of its pictures open; say which one to import it for, such as "
                    + shape.path(3).asInt(0)
                    + "x224x224.");
          }
          return file.shape(
              "the input",
              shape.path(3).asLong(0),
              shape.path(1).asLong(0),
              shape.path(2).asLong(0));
        }
      }
    }
    throw file.refuse("has no input of height, width and channels; Kinglet reads image networks.");
  }

  /** The value of a model; its nodes and variables bear a prefix. */
  private Value evaluate(
      GraphBuilder builder, List<KerasModel> models, String prefix, String suffix, Value input) {
    KerasModel model = models.getLast();
    Map<Reference, Value> values = new HashMap<>();
    values.put(model.input(), input);
    Set<String> fromOne = countedFromOne(model);
    ArrayDeque<Application> waiting = new ArrayDeque<>();
    for (KerasLayer layer : model.layers()) {
      for (int i = 0; i < layer.calls().size(); i++) {
        if (!layer.name().equals(model.input().layer())) {
          waiting.add(new Application(layer, i));
        }
      }
    }
    // Layers stand in the order of their making, which is nearly that of the data.
    for (int idle = 0; !waiting.isEmpty() && idle <= waiting.size(); idle++) {
      Application next = waiting.remove();
      Optional<List<Argument>> operands = operands(next.call(), values);
      if (operands.isEmpty()) {
        waiting.add(next);
        continue;
      }
      idle = -1;
      String path = prefix + next.layer().name();
      String name = path + (next.index() == 0 ? "" : "_call" + next.index()) + suffix;
      LayerScope scope =
          new LayerScope(
              file, builder, variables, models, next.layer(), name, path, weights, version);
      Value value = apply(scope, operands.get(), values);
      List<Value> results =
          value instanceof Value.Parts(List<Node> nodes)
              ? nodes.stream().<Value>map(Value.Plain::new).toList()
              : List.of(value);
      String layer = next.layer().name();
      int call = fromOne.contains(layer) ? next.index() + 1 : next.index();
      for (int i = 0; i < results.size(); i++) {
        values.put(new Reference(layer, call, i), results.get(i));
      }
    }
    Value output = values.get(model.output());
    if (output == null) {
      throw file.refuse(
          "has a model "
              + FileBytes.quote(model.name())
              + " whose output cannot be reached from its input; save it again with Keras.");
    }
    return output;
  }

  /**
   * Nested models whose applications are counted from 1: in Keras 2, number 0 is what they were
   * made of.
   */
  private static Set<String> countedFromOne(KerasModel model) {
    Stream<Reference> references =
        model.layers().stream().flatMap(l -> l.calls().stream()).flatMap(KerasImporter::references);
    Set<Reference> all =
        Stream.concat(references, Stream.of(model.output())).collect(Collectors.toSet());
    return model.layers().stream()
        .filter(layer -> layer.model().isPresent())
        .filter(layer -> all.contains(new Reference(layer.name(), layer.calls().size(), 0)))
        .map(KerasLayer::name)
        .collect(Collectors.toSet());
  }

  private static Stream<Reference> references(Call call) {
    return Stream.concat(call.arguments().stream(), call.named().values().stream())
        .flatMap(a -> a instanceof Argument.Several(var items) ? items.stream() : Stream.of(a))
        .flatMap(a -> a instanceof Argument.Result(var one) ? Stream.of(one) : Stream.empty());
  }

  private record Application(KerasLayer layer, int index) {
    Call call() {
      return layer.calls().get(index);
    }
  }

  private Value apply(LayerScope scope, List<Argument> operands, Map<Reference, Value> values) {
    KerasLayer layer = scope.layer();
    List<Value> inputs = new ArrayList<>();
    for (Argument operand : operands) {
      if (operand instanceof Argument.Result(Reference reference)) {
        inputs.add(values.get(reference));
      }
    }
    if (inputs.isEmpty()) {
      throw scope.refuse("is applied to nothing");
    }
    try {
      if (layer.model().isPresent()) {
        List<KerasModel> deeper = new ArrayList<>(scope.models());
        deeper.add(layer.model().get());
        String suffix = scope.name().substring(scope.path().length());
        return evaluate(scope.builder(), deeper, scope.path() + ".", suffix, inputs.getFirst());
      }
      return LayerTypes.apply(scope, operands, inputs);
    } catch (InvalidInputException e) {
      throw e;
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      throw scope.refuse("has sizes that do not fit together");
    }
  }

  /** Everything a layer is applied to, once all results among it are there. */
  private static Optional<List<Argument>> operands(Call call, Map<Reference, Value> values) {
    List<Argument> operands = new ArrayList<>();
    for (Argument argument : call.arguments()) {
      if (argument instanceof Argument.Several(List<Argument> items)) {
        operands.addAll(items);
      } else {
        operands.add(argument);
      }
    }
    // Operators of Python name their second operand; everything else named is a flag.
    for (String name : List.of("x1", "x2", "x", "y", "inputs")) {
      if (call.named().containsKey(name)) {
        operands.add(call.named().get(name));
      }
    }
    for (Argument operand : operands) {
      if (operand instanceof Argument.Result(Reference reference)
          && !values.containsKey(reference)) {
        return Optional.empty();
      }
    }
    return Optional.of(operands);
  }
}
