package dev.kinglet.onnx;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph as a {@code GraphProto}: names, initialisers and values; {@link OpEncoder} says each
 * operator.
 */
final class GraphEncoder {

  private final Graph graph;
  private final OnnxWriter.Options options;
  private final Map<String, Tensor> stored;
  private final Set<String> taken = new HashSet<>();
  private final Map<Integer, String> values = new HashMap<>();
  private final Map<String, String> singles = new HashMap<>();
  private final Map<String, String> constants = new LinkedHashMap<>();
  private final WireWriter bytes = new WireWriter();
  private final WireWriter initializers = new WireWriter();

  GraphEncoder(OnnxModel model, OnnxWriter.Options options) {
    this.graph = model.graph();
    this.options = options;
    this.stored = stored(graph, model.weights(), options.half()).tensors();
  }

  /** The weights as the file keeps them: in single or half precision, without counters. */
  static Weights stored(Graph graph, Weights weights, boolean half) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      if (parameter.role() != Parameter.Role.COUNTER) {
        Tensor tensor = weights.get(parameter.name());
        tensors.put(parameter.name(), half ? Halves.halved(tensor) : Halves.floating(tensor));
      }
    }
    return Weights.of(tensors);
  }

  WireWriter encode() {
    taken.addAll(stored.keySet());
    for (Node node : graph.nodes()) {
      values.put(node.index(), unique(node.name()));
    }
    for (Map.Entry<String, Tensor> entry : stored.entrySet()) {
      initializer(entry.getKey(), entry.getValue());
    }
    OpEncoder operators = new OpEncoder(this, options.opset(), graph);
    for (Node node : graph.nodes()) {
      operators.encode(node);
    }
    bytes.text(2, graph.name());
    bytes.append(initializers);
    bytes.message(11, OnnxWriter.valueInfo(value(graph.input()), graph.input().shape()));
    String output = value(graph.output());
    if (graph.output() == graph.input()) {
      // ONNX wants another name for an output than for an input.
      String name = unique("output");
      add(new NodeBytes("Identity", name, List.of(output), name).doc(Hint.PART));
      output = name;
    }
    bytes.message(12, OnnxWriter.valueInfo(output, graph.output().shape()));
    return bytes;
  }

  /** Appends a node. */
  void add(NodeBytes node) {
    bytes.message(1, node.bytes());
  }

  /** The name of a node's value in the file. */
  String value(Node node) {
    return values.get(node.index());
  }

  /** A name that nothing else in the file has: this one, or this one with a number. */
  String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "/" + i;
    }
    return name;
  }

  /** The value of a parameter in single precision: its initialiser, or what is made of it. */
  String parameter(Node node, String part) {
    String name = node.path().isEmpty() ? part : node.path() + "." + part;
    if (stored.get(name).type() == Tensor.Type.F32) {
      return name;
    }
    String single = singles.get(name);
    if (single == null) {
      single = unique(name + "/float");
      add(new NodeBytes("Cast", single, List.of(name), single).with("to", 1).doc(Hint.PART));
      singles.put(name, single);
    }
    return single;
  }

  /** A list of whole numbers that an operator reads as an input. */
  String integers(String what, long... numbers) {
    String key = what + Arrays.toString(numbers);
    String name = constants.get(key);
    if (name == null) {
      name = unique(what);
      initializer(name, Tensor.ofLongs(Shape.of(numbers.length), numbers));
      constants.put(key, name);
    }
    return name;
  }

  /** A number that an operator reads as an input. */
  String single(String what, float value) {
    return singles(what, Shape.of(), value);
  }

  /** Numbers that an operator reads as an input. */
  String singles(String what, Shape shape, float... numbers) {
    String key = what + shape + Arrays.toString(numbers);
    String name = constants.get(key);
    if (name == null) {
      name = unique(what);
      initializer(name, Tensor.of(shape, numbers));
      constants.put(key, name);
    }
    return name;
  }

  private void initializer(String name, Tensor tensor) {
    WireWriter message = new WireWriter();
    for (int axis = 0; axis < tensor.shape().rank(); axis++) {
      message.number(1, tensor.shape().size(axis));
    }
    message.number(2, TensorData.number(tensor.type())).text(8, name).bytes(9, tensor.data());
    initializers.message(5, message);
  }

  static long[] longs(List<Integer> values) {
    long[] longs = new long[values.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = values.get(i);
    }
    return longs;
  }
}
