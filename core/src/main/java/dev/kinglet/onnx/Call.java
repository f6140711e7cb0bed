package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Messages.AttributeMessage;
import dev.kinglet.onnx.Messages.NodeMessage;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One ONNX node being read: its inputs and attributes, and what is made of it. */
final class Call {
  final NodeMessage node;
  final int opset;
  final Importer importer;
  final List<Draft> made = new ArrayList<>(1);
  private final Value[] inputs;
  private final Value[] outputs;

  Call(NodeMessage node, int opset, Importer importer, Value[] inputs) {
    this.node = node;
    this.opset = opset;
    this.importer = importer;
    this.inputs = inputs;
    this.outputs = new Value[node.outputs().size()];
  }

  // Inputs.

  int count() {
    return inputs.length;
  }

  /** An input, or null where the file leaves it out. */
  Value input(int i) {
    return i < inputs.length ? inputs[i] : null;
  }

  boolean has(int i) {
    return input(i) != null;
  }

  /** An input that must be computed from the sample. */
  Flow flow(int i) {
    Value value = input(i);
    if (value instanceof Flow flow) {
      if (flow.whole()) {
        throw new Unsupported(
            "computes with whole numbers, but the engine computes in single precision;"
                + " cast to float first");
      }
      return flow;
    }
    throw new Unsupported(
        value == null ? "lacks input " + i : "reads a constant where a sample is expected");
  }

  /** An input that must be computed from the sample, of any type. */
  Flow any(int i) {
    return input(i) instanceof Flow flow && flow.whole() ? flow : flow(i);
  }

  /** An input that must be known beforehand. */
  Known known(int i, String what) {
    Value value = input(i);
    if (value instanceof Known known) {
      return known;
    }
    throw new Unsupported(
        value == null ? "lacks its " + what : "has " + what + " that depend on the sample");
  }

  /** An input of whole numbers that must be known beforehand; null where it is left out. */
  long[] numbers(int i, String what) {
    return has(i) ? known(i, what).tensor().toLongs() : null;
  }

  boolean allKnown() {
    for (Value input : inputs) {
      if (input != null && !(input instanceof Known)) {
        return false;
      }
    }
    return true;
  }

  // Attributes.

  boolean hasAttribute(String name) {
    return node.attributes().containsKey(name);
  }

  AttributeMessage attribute(String name) {
    return node.attributes().get(name);
  }

  long number(String name, long otherwise) {
    AttributeMessage found = node.attributes().get(name);
    return found == null ? otherwise : found.number();
  }

  int integer(String name, int otherwise) {
    return integer(number(name, otherwise), name);
  }

  static int integer(long value, String what) {
    if (value != (int) value) {
      throw new Unsupported("has a " + what + " of " + value);
    }
    return (int) value;
  }

  boolean flag(String name, boolean otherwise) {
    return number(name, otherwise ? 1 : 0) != 0;
  }

  float single(String name, float otherwise) {
    AttributeMessage found = node.attributes().get(name);
    return found == null ? otherwise : found.single();
  }

  String text(String name, String otherwise) {
    AttributeMessage found = node.attributes().get(name);
    return found == null || found.bytes() == null
        ? otherwise
        : StandardCharsets.UTF_8.decode(found.bytes().duplicate()).toString();
  }

  /** A list of whole numbers, or null. */
  long[] numbers(String name) {
    AttributeMessage found = node.attributes().get(name);
    return found == null ? null : found.numbers();
  }

  /** A list from an attribute (older operator sets) or an input (newer ones), or null. */
  long[] numbers(String attribute, int input) {
    long[] found = numbers(attribute);
    return found != null ? found : numbers(input, attribute);
  }

  // Results.

  /** Adds a node; its name is given when the whole ONNX node is read. */
  Draft add(Op op, Draft... from) {
    List<Draft> all = new ArrayList<>(from.length);
    for (Draft draft : from) {
      all.add(draft);
    }
    return add(op, all);
  }

  Draft add(Op op, List<Draft> from) {
    List<Shape> shapes = new ArrayList<>(from.size());
    for (Draft draft : from) {
      shapes.add(draft.shape);
    }
    Shape shape;
    try {
      shape = op.output(shapes);
    } catch (Op.Mismatch | InvalidInputException | ArithmeticException mismatch) {
      throw new Unsupported("does not fit its inputs: " + mismatch.getMessage());
    }
    Draft draft = new Draft(op, from, shape);
    made.add(draft);
    return draft;
  }

  /** Adds a stored value of this shape. */
  Draft constant(Tensor value, Shape shape) {
    Draft draft = add(new Op.Constant(shape));
    draft.parameters.put("value", new Known(reshaped(value, shape)));
    return draft;
  }

  static Tensor reshaped(Tensor tensor, Shape shape) {
    return tensor.shape().equals(shape) ? tensor : new Tensor(shape, tensor.type(), tensor.data());
  }

  void output(Value value) {
    output(0, value);
  }

  void output(int i, Value value) {
    if (i < outputs.length) {
      outputs[i] = value;
    }
  }

  Value outputValue(int i) {
    return outputs[i];
  }

  // Layout.

  /** The sample of a value whose batch is the first axis: channels first. */
  Draft sample(Flow flow) {
    if (flow.standard()) {
      return flow.draft();
    }
    if (flow.batch() == -1 && flow.dims().length > 1 && flow.dims()[0] == 1) {
      return shaped(flow.draft(), Flow.shape(flow.dims(), 0));
    }
    throw new Unsupported("reads a value whose first axis is not the batch");
  }

  /** A result of the same kind as an input of which {@link #sample} was taken. */
  Flow like(Flow input, Draft sample) {
    int[] sizes = sample.shape.toArray();
    int[] dims = new int[sizes.length + 1];
    dims[0] = 1;
    System.arraycopy(sizes, 0, dims, 1, sizes.length);
    return input.batch() == -1
        ? new Flow(shaped(sample, Shape.of(dims)), dims, -1, false)
        : new Flow(sample, dims, 0, false);
  }

  /** A result with the axes of an input. */
  Flow same(Flow input, Draft draft) {
    return new Flow(draft, input.dims(), input.batch(), input.whole());
  }

  /** The draft under another shape. */
  Draft shaped(Draft draft, Shape shape) {
    return draft.shape.equals(shape) ? draft : add(new Op.Reshape(shape), draft);
  }

  /** A value with other axes. */
  Flow reshaped(Flow flow, int[] dims, int batch) {
    Shape shape = Flow.shape(dims, batch);
    Draft draft =
        importer.own() ? add(new Op.Reshape(shape), flow.draft()) : shaped(flow.draft(), shape);
    return new Flow(draft, dims, batch, flow.whole());
  }

  /** An axis counted from the front, refused where there is none. */
  static int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new Unsupported("names axis " + axis + " of " + rank);
    }
    return (int) counted;
  }

  /** The draft's axis for one of ONNX's tensor, which must not be the batch. */
  static int axis(Flow flow, long axis) {
    int found = flow.axis(axis(axis, flow.dims().length));
    if (found < 0) {
      throw new Unsupported("works along the batch, so samples would depend on each other");
    }
    return found;
  }
}
