package dev.kinglet.onnx;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Each of our operators in ONNX's words: one node of the same name, with others before it where the
 * operator set has no single word.
 *
 * <p>Nodes before the last are marked as its parts, so that reading gives back one operator, and
 * does not join what was separate.
 */
final class OpEncoder {
  private final GraphEncoder graph;
  private final int opset;
  private final Graph source;
  private Node node;
  private Hint hint;

  OpEncoder(GraphEncoder graph, int opset, Graph source) {
    this.graph = graph;
    this.opset = opset;
    this.source = source;
  }

  void encode(Node next) {
    node = next;
    hint = new Hint();
    List<String> in = new ArrayList<>();
    for (Node input : node.inputs()) {
      in.add(graph.value(input));
    }
    NodeBytes last =
        switch (node.op()) {
          case Op.Input _ -> null;
          case Op.Constant constant -> constant(constant);
          case Op.Conv conv -> {
            NodeBytes bytes = main("Conv", weighted(in.getFirst(), conv.bias()));
            yield window(bytes, conv.window()).with("group", conv.groups());
          }
          case Op.ConvTranspose conv -> {
            NodeBytes bytes = main("ConvTranspose", weighted(in.getFirst(), conv.bias()));
            yield window(bytes, conv.window())
                .with("output_padding", conv.extra())
                .with("group", conv.groups());
          }
          case Op.Linear linear ->
              main("Gemm", weighted(in.getFirst(), linear.bias())).with("transB", 1);
          case Op.BatchNorm norm -> batchNorm(norm, in.getFirst());
          case Op.Activation activation ->
              new ActivationEncoder(this, opset).encode(activation, in.getFirst());
          case Op.PRelu _ -> pRelu(in.getFirst());
          case Op.Arithmetic arithmetic -> main(operator(arithmetic.kind()), in);
          case Op.Pool pool -> pool(pool, in);
          case Op.GlobalPool pool ->
              switch (pool.kind()) {
                case MAX -> main("GlobalMaxPool", in);
                case AVERAGE -> main("GlobalAveragePool", in);
              };
          case Op.Reduce reduce -> reduce(reduce, in.getFirst());
          case Op.LocalResponseNorm norm ->
              main("LRN", in)
                  .with("size", norm.size())
                  .with("alpha", norm.alpha())
                  .with("beta", norm.beta())
                  .with("bias", norm.bias());
          case Op.Softmax softmax -> main("Softmax", in).with("axis", softmax.axis() + 1);
          case Op.Concat concat -> main("Concat", in).with("axis", concat.axis() + 1);
          case Op.Slice slice ->
              main(
                  "Slice",
                  List.of(
                      in.getFirst(),
                      graph.integers("starts", slice.start()),
                      graph.integers("ends", slice.end()),
                      graph.integers("axes", slice.axis() + 1),
                      graph.integers("steps", slice.step())));
          case Op.Shuffle shuffle -> shuffle(shuffle, in.getFirst());
          case Op.Reshape reshape -> reshape(in.getFirst(), reshape.shape());
          case Op.Transpose transpose ->
              main("Transpose", in).with("perm", behindBatch(transpose.order()));
          case Op.Pad pad -> pad(pad, in.getFirst());
          case Op.Resize resize ->
              new ResizeEncoder(this, graph, opset).encode(resize, node, in.getFirst());
          case Op.Dropout dropout ->
              main("Dropout", List.of(in.getFirst(), graph.single("ratio", dropout.rate())));
          case Op.DropPath path -> {
            hint.add("drop_path", Float.toString(path.rate()));
            yield main("Identity", in);
          }
        };
    if (last != null) {
      if (node.parameters().isEmpty() && !node.path().equals(node.name())) {
        hint.add("path", node.path());
      }
      graph.add(last.doc(hint.toString()));
    }
  }

  /** The node that bears our node's name. */
  NodeBytes main(String operator, List<String> inputs) {
    return new NodeBytes(operator, node.name(), inputs, graph.value(node));
  }

  /** A node before it; returns its value. */
  String part(String name, String operator, String... inputs) {
    return part(name, operator, List.of(inputs), bytes -> bytes);
  }

  /** A node with attributes before it; returns its value. */
  String part(
      String name, String operator, List<String> inputs, UnaryOperator<NodeBytes> attributes) {
    String output = graph.unique(node.name() + "/" + name);
    graph.add(attributes.apply(new NodeBytes(operator, output, inputs, output).doc(Hint.PART)));
    return output;
  }

  /** A fact that ONNX has no place for. */
  Hint hint() {
    return hint;
  }

  /** A number as an input. */
  String single(float value) {
    return graph.single("number", value);
  }

  private List<String> weighted(String input, boolean bias) {
    return bias
        ? List.of(input, graph.parameter(node, "weight"), graph.parameter(node, "bias"))
        : List.of(input, graph.parameter(node, "weight"));
  }

  /**
   * A constant stands for every sample: with an axis of size 1 before it, repeated where needed.
   */
  private NodeBytes constant(Op.Constant constant) {
    hint.add("constant", "1");
    String value = graph.parameter(node, "value");
    if (broadcasts()) {
      return main("Unsqueeze", List.of(value, graph.integers("axes", 0)));
    }
    String shape = part("shape", "Shape", graph.value(source.input()));
    String batch = part("batch", "Gather", shape, graph.integers("indices", 0));
    String sizes = graph.integers("shape", GraphEncoder.longs(constant.shape().toList()));
    String target = part("sizes", "Concat", List.of(batch, sizes), bytes -> bytes.with("axis", 0));
    return main("Expand", List.of(value, target));
  }

  /** Whether every reader repeats the constant by itself, because it meets a whole batch there. */
  private boolean broadcasts() {
    if (source.output() == node) {
      return false;
    }
    for (Node reader : source.nodes()) {
      if (!reader.inputs().contains(node)) {
        continue;
      }
      if (!(reader.op() instanceof Op.Arithmetic)) {
        return false;
      }
      for (Node other : reader.inputs()) {
        if (other != node && other.op() instanceof Op.Constant) {
          return false;
        }
      }
      if (reader.inputs().getFirst() == reader.inputs().getLast()) {
        return false;
      }
    }
    return true;
  }

  private static NodeBytes window(NodeBytes bytes, Window window) {
    return bytes
        .with("kernel_shape", window.kernel())
        .with("strides", window.stride())
        .with("pads", both(window.before(), window.after()))
        .with("dilations", window.dilation());
  }

  private static long[] both(List<Integer> before, List<Integer> after) {
    List<Integer> all = new ArrayList<>(before);
    all.addAll(after);
    return GraphEncoder.longs(all);
  }

  private NodeBytes batchNorm(Op.BatchNorm norm, String in) {
    float kept = (float) (1.0 - norm.momentum());
    if ((float) (1.0 - kept) != norm.momentum()) {
      hint.add("momentum", Float.toString(norm.momentum()));
    }
    return main(
            "BatchNormalization",
            List.of(
                in,
                graph.parameter(node, "weight"),
                graph.parameter(node, "bias"),
                graph.parameter(node, "running_mean"),
                graph.parameter(node, "running_var")))
        .with("epsilon", norm.epsilon())
        .with("momentum", kept);
  }

  private NodeBytes pRelu(String in) {
    String slope = graph.parameter(node, "weight");
    int spatial = node.shape().spatialRank();
    if (spatial > 0) {
      long[] axes = new long[spatial];
      for (int i = 0; i < spatial; i++) {
        axes[i] = i + 1;
      }
      slope = part("slope", "Unsqueeze", slope, graph.integers("axes", axes));
    }
    return main("PRelu", List.of(in, slope));
  }

  private static String operator(Op.Arithmetic.Kind kind) {
    return switch (kind) {
      case ADD -> "Add";
      case SUBTRACT -> "Sub";
      case MULTIPLY -> "Mul";
      case DIVIDE -> "Div";
      case POWER -> "Pow";
      case MAXIMUM -> "Max";
      case MINIMUM -> "Min";
    };
  }

  private NodeBytes pool(Op.Pool pool, List<String> in) {
    switch (pool.kind()) {
      case MAX -> {
        if (pool.countPadding()) {
          hint.add("count_padding", "1");
        }
        return window(main("MaxPool", in), pool.window()).with("ceil_mode", pool.ceil() ? 1 : 0);
      }
      case AVERAGE -> {
        NodeBytes bytes = main("AveragePool", in);
        if (opset >= 19) {
          window(bytes, pool.window());
        } else if (pool.window().dilation().stream().allMatch(d -> d == 1)) {
          bytes
              .with("kernel_shape", pool.window().kernel())
              .with("strides", pool.window().stride())
              .with("pads", both(pool.window().before(), pool.window().after()));
        } else {
          throw refused("an average pooling with dilation", 19);
        }
        return bytes
            .with("ceil_mode", pool.ceil() ? 1 : 0)
            .with("count_include_pad", pool.countPadding() ? 1 : 0);
      }
    }
    throw new AssertionError(pool);
  }

  private NodeBytes reduce(Op.Reduce reduce, String in) {
    String operator =
        switch (reduce.kind()) {
          case MEAN -> "ReduceMean";
          case MAX -> "ReduceMax";
          case MIN -> "ReduceMin";
          case SUM -> "ReduceSum";
        };
    if (reduce.axes().isEmpty()) {
      // ONNX would reduce all of them.
      hint.add("reduce", reduce.kind().name()).add("keep", Boolean.toString(reduce.keep()));
      return main("Identity", List.of(in));
    }
    boolean scalar = !reduce.keep() && reduce.axes().size() == node.input().shape().rank();
    boolean keep = reduce.keep() || scalar;
    long[] axes = new long[reduce.axes().size()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = reduce.axes().get(i) + 1;
    }
    boolean asInput = opset >= (reduce.kind() == Op.Reduce.Kind.SUM ? 13 : 18);
    List<String> inputs = asInput ? List.of(in, graph.integers("axes", axes)) : List.of(in);
    UnaryOperator<NodeBytes> attributes =
        bytes -> {
          bytes.with("keepdims", keep ? 1 : 0);
          return asInput ? bytes : bytes.with("axes", axes);
        };
    return scalar
        ? reshape(part("kept", operator, inputs, attributes), node.shape())
        : attributes.apply(main(operator, inputs));
  }

  private NodeBytes shuffle(Op.Shuffle shuffle, String in) {
    Shape shape = node.shape();
    List<Integer> split = new ArrayList<>(List.of(shuffle.groups()));
    split.add(shape.channels() / shuffle.groups());
    List<Integer> order = new ArrayList<>(List.of(1, 0));
    for (int axis = 1; axis < shape.rank(); axis++) {
      split.add(shape.size(axis));
      order.add(axis + 1);
    }
    String groups = part("split", "Reshape", in, sizes(Shape.of(split)));
    String swapped =
        part("swap", "Transpose", List.of(groups), bytes -> bytes.with("perm", behindBatch(order)));
    return reshape(swapped, shape);
  }

  private NodeBytes reshape(String in, Shape shape) {
    return main("Reshape", List.of(in, sizes(shape)));
  }

  /** A shape for {@code Reshape}: 0 keeps the batch, whatever it is. */
  private String sizes(Shape shape) {
    long[] sizes = new long[shape.rank() + 1];
    for (int axis = 0; axis < shape.rank(); axis++) {
      sizes[axis + 1] = shape.size(axis);
    }
    return graph.integers("shape", sizes);
  }

  private static long[] behindBatch(List<Integer> order) {
    long[] all = new long[order.size() + 1];
    for (int axis = 0; axis < order.size(); axis++) {
      all[axis + 1] = order.get(axis) + 1;
    }
    return all;
  }

  private NodeBytes pad(Op.Pad pad, String in) {
    int rank = pad.before().size();
    long[] pads = new long[2 * (rank + 1)];
    for (int axis = 0; axis < rank; axis++) {
      pads[axis + 1] = pad.before().get(axis);
      pads[rank + 1 + axis + 1] = pad.after().get(axis);
    }
    String mode =
        switch (pad.mode()) {
          case CONSTANT -> "constant";
          case REFLECT -> "reflect";
          case EDGE -> "edge";
          case WRAP -> "wrap";
        };
    if (pad.mode() == Op.Pad.Mode.WRAP && opset < 19) {
      throw refused("padding from the other end", 19);
    }
    if (pad.mode() != Op.Pad.Mode.CONSTANT && pad.value() != 0) {
      hint.add("value", Float.toString(pad.value()));
    }
    List<String> inputs = new ArrayList<>(List.of(in, graph.integers("pads", pads)));
    if (pad.mode() == Op.Pad.Mode.CONSTANT) {
      inputs.add(single(pad.value()));
    }
    return main("Pad", inputs).with("mode", mode);
  }

  /** The exception for an operator that only newer operator sets have. */
  InvalidInputException refused(String what, int since) {
    return new InvalidInputException(
        "Node '"
            + node.name()
            + "' is "
            + what
            + ", which ONNX can say since opset "
            + since
            + "; choose opset "
            + since
            + " or newer.");
  }
}
