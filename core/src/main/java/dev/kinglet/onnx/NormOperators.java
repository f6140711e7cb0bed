package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Normalisations, and reductions along axes. */
final class NormOperators {
  private NormOperators() {}

  static void batchNorm(Call call) {
    Flow in = call.flow(0);
    if (call.flag("training_mode", false)
        || call.opset < 7 && !call.flag("is_test", false)
        || !call.flag("spatial", true)) {
      throw new Unsupported(
          "is in training mode or not by channel; export the model in evaluation mode");
    }
    Draft sample = call.sample(in);
    float momentum = (float) (1.0 - call.single("momentum", 0.9f));
    if (call.importer.own()) {
      momentum = Hint.number(call.node.doc(), "momentum", momentum);
    }
    Draft draft = call.add(new Op.BatchNorm(call.single("epsilon", 1e-5f), momentum), sample);
    String[] parts = {"weight", "bias", "running_mean", "running_var"};
    for (int i = 0; i < parts.length; i++) {
      Known known = call.known(i + 1, "statistics");
      WindowOperators.parameter(draft, parts[i], known, known.tensor().shape());
    }
    WindowOperators.checkParameters(draft);
    call.output(call.like(in, draft));
  }

  /** (x - mean) / sqrt(variance + epsilon) over the last axes, then scaled and shifted. */
  static void layerNorm(Call call) {
    Flow in = call.flow(0);
    int rank = in.dims().length;
    List<Integer> axes = new ArrayList<>();
    for (int axis = Call.axis(call.number("axis", -1), rank); axis < rank; axis++) {
      axes.add(Call.axis(in, axis));
    }
    Op mean = new Op.Reduce(Op.Reduce.Kind.MEAN, axes, true);
    Draft centred =
        call.add(new Op.Arithmetic(Kind.SUBTRACT), in.draft(), call.add(mean, in.draft()));
    Flow variance = call.same(in, call.add(mean, square(call, centred)));
    Known epsilon = new Known(Tensor.of(Shape.of(), call.single("epsilon", 1e-5f)));
    Draft sum = ArithmeticOperators.combine(call, Kind.ADD, variance, epsilon).draft();
    Draft deviation = call.add(new Op.Activation(Function.SQRT), sum);
    Flow result = call.same(in, call.add(new Op.Arithmetic(Kind.DIVIDE), centred, deviation));
    result = ArithmeticOperators.combine(call, Kind.MULTIPLY, result, call.known(1, "scale"));
    if (call.has(2)) {
      result = ArithmeticOperators.combine(call, Kind.ADD, result, call.known(2, "biases"));
    }
    call.output(result);
  }

  static void localResponseNorm(Call call) {
    Flow in = call.flow(0);
    int size = call.integer("size", 0);
    if (size < 1) {
      throw new Unsupported("has a size of " + size);
    }
    Op norm =
        new Op.LocalResponseNorm(
            size, call.single("alpha", 1e-4f), call.single("beta", 0.75f), call.single("bias", 1));
    call.output(call.like(in, call.add(norm, call.sample(in))));
  }

  /** The value and the axis along which it is normalised, as the operator sets define it. */
  private record Along(Draft draft, int axis) {}

  private static Along along(Call call, Flow in) {
    int rank = in.dims().length;
    if (call.opset >= 13) {
      return new Along(in.draft(), Call.axis(in, call.number("axis", -1)));
    }
    // Before opset 13 everything from the axis on counted as one.
    int axis = Call.axis(call.number("axis", 1), rank);
    int ours = Call.axis(in, axis);
    if (in.batch() > axis) {
      throw new Unsupported("works along the batch, so samples would depend on each other");
    }
    int[] sizes = in.draft().shape.toArray();
    int last = 1;
    for (int i = ours; i < sizes.length; i++) {
      last *= sizes[i];
    }
    int[] flat = Arrays.copyOf(sizes, ours + 1);
    flat[ours] = last;
    return new Along(call.shaped(in.draft(), Shape.of(flat)), ours);
  }

  static void softmax(Call call) {
    Flow in = call.flow(0);
    Along along = along(call, in);
    Draft soft = call.add(new Op.Softmax(along.axis()), along.draft());
    call.output(call.same(in, call.shaped(soft, in.draft().shape)));
  }

  /** x - max - log(sum(e^(x - max))), which loses nothing where softmax underflows. */
  static void logSoftmax(Call call) {
    Flow in = call.flow(0);
    Along along = along(call, in);
    List<Integer> axes = List.of(along.axis());
    Draft most = call.add(new Op.Reduce(Op.Reduce.Kind.MAX, axes, true), along.draft());
    Draft below = call.add(new Op.Arithmetic(Kind.SUBTRACT), along.draft(), most);
    Draft powers = call.add(new Op.Activation(Function.EXP), below);
    Draft sum = call.add(new Op.Reduce(Op.Reduce.Kind.SUM, axes, true), powers);
    Draft log = call.add(new Op.Activation(Function.LOG), sum);
    Draft result = call.add(new Op.Arithmetic(Kind.SUBTRACT), below, log);
    call.output(call.same(in, call.shaped(result, in.draft().shape)));
  }

  static void reduce(Call call) {
    Flow in = call.flow(0);
    int rank = in.dims().length;
    long[] named = call.numbers("axes", 1);
    boolean keep = call.flag("keepdims", true);
    if (named == null || named.length == 0) {
      if (call.flag("noop_with_empty_axes", false)) {
        call.output(in);
        return;
      }
      named = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        named[axis] = axis;
      }
    }
    boolean[] gone = new boolean[rank];
    for (long axis : named) {
      gone[Call.axis(axis, rank)] = true;
      Call.axis(in, axis);
    }
    List<Integer> axes = new ArrayList<>();
    int[] dims = new int[rank];
    int left = 0;
    int batch = in.batch();
    for (int axis = 0; axis < rank; axis++) {
      if (gone[axis]) {
        axes.add(in.axis(axis));
        batch -= !keep && axis < in.batch() ? 1 : 0;
      }
      if (keep || !gone[axis]) {
        dims[left++] = gone[axis] ? 1 : in.dims()[axis];
      }
    }
    dims = Arrays.copyOf(dims, left);
    Draft reduced = reduced(call, in.draft(), axes, keep);
    call.output(new Flow(call.shaped(reduced, Flow.shape(dims, batch)), dims, batch, false));
  }

  private static Draft reduced(Call call, Draft in, List<Integer> axes, boolean keep) {
    return switch (call.node.operator()) {
      case "ReduceMean" -> call.add(new Op.Reduce(Op.Reduce.Kind.MEAN, axes, keep), in);
      case "ReduceMax" -> call.add(new Op.Reduce(Op.Reduce.Kind.MAX, axes, keep), in);
      case "ReduceMin" -> call.add(new Op.Reduce(Op.Reduce.Kind.MIN, axes, keep), in);
      case "ReduceSum" -> sum(call, in, axes, keep);
      case "ReduceL1" -> sum(call, call.add(new Op.Activation(Function.ABS), in), axes, keep);
      case "ReduceL2" ->
          call.add(new Op.Activation(Function.SQRT), sum(call, square(call, in), axes, keep));
      case "ReduceSumSquare" -> sum(call, square(call, in), axes, keep);
      default -> throw new Unsupported("is not supported");
    };
  }

  private static Draft sum(Call call, Draft in, List<Integer> axes, boolean keep) {
    return call.add(new Op.Reduce(Op.Reduce.Kind.SUM, axes, keep), in);
  }

  private static Draft square(Call call, Draft in) {
    return call.add(new Op.Arithmetic(Kind.MULTIPLY), in, in);
  }

  /** Our own node that reduces no axis, which ONNX writes as an identity. */
  static Value reduceNothing(Call call, Flow in, String kind) {
    try {
      boolean keep = "true".equals(Hint.find(call.node.doc(), "keep"));
      Op op = new Op.Reduce(Op.Reduce.Kind.valueOf(kind), List.of(), keep);
      return call.same(in, call.add(op, in.draft()));
    } catch (IllegalArgumentException e) {
      return in;
    }
  }
}
