package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.util.Arrays;

/** Element by element: two values with broadcasting, and functions whose constants are inputs. */
final class ArithmeticOperators {
  private ArithmeticOperators() {}

  /** The operator between the inputs, two or more, from the left. */
  static void chain(Call call, Kind kind) {
    Value result = call.input(0);
    if (result == null) {
      throw new Unsupported("lacks its first input");
    }
    for (int i = 1; i < call.count(); i++) {
      Value right = call.input(i);
      if (right instanceof Known known && call.opset < 7) {
        right = legacy(call, known, result);
      }
      result = combine(call, kind, result, right);
    }
    if (call.count() == 1) {
      result = call.flow(0);
    }
    call.output(result);
  }

  /** Before opset 7 the right side's axes began at the attribute {@code axis} of the left's. */
  private static Known legacy(Call call, Known right, Value left) {
    if (!call.flag("broadcast", false) || !call.hasAttribute("axis")) {
      return right;
    }
    int rank = left instanceof Flow flow ? flow.dims().length : ((Known) left).dims().length;
    int axis = Call.axis(call.number("axis", 0), rank);
    int[] dims = right.dims();
    if (axis + dims.length > rank) {
      throw new Unsupported("broadcasts beyond its left side");
    }
    int[] aligned = new int[rank - axis];
    Arrays.fill(aligned, 1);
    System.arraycopy(dims, 0, aligned, 0, dims.length);
    Tensor tensor = Call.reshaped(right.tensor(), Shape.of(aligned));
    return new Known(tensor, right.batch(), null);
  }

  static void mean(Call call) {
    chain(call, Kind.ADD);
    Flow sum = (Flow) call.outputValue(0);
    Known count = new Known(Tensor.of(Shape.of(), call.count()));
    call.output(combine(call, Kind.DIVIDE, sum, count));
  }

  /** Two values element by element, at least one of which depends on the sample. */
  static Flow combine(Call call, Kind kind, Value left, Value right) {
    int rank = Math.max(rank(left), rank(right));
    Flow a = left instanceof Flow flow ? widened(call, flow, rank) : null;
    Flow b = right instanceof Flow flow ? widened(call, flow, rank) : null;
    Flow like = a == null ? b : a;
    if (like == null || left == null || right == null) {
      throw new Unsupported("lacks an input that depends on the sample");
    }
    if (a != null && b != null && !sameBatch(a, b)) {
      throw new Unsupported("combines values whose batches lie along different axes");
    }
    Draft first = a != null ? a.draft() : constant(call, (Known) left, like);
    Draft second = b != null ? b.draft() : constant(call, (Known) right, like);
    Draft result = call.add(new Op.Arithmetic(kind), first, second);
    int[] dims = new int[rank];
    int skip = like.standard() ? 1 : 0;
    Arrays.fill(dims, 1);
    for (int axis = skip; axis < rank; axis++) {
      dims[axis] = result.shape.size(axis - skip);
    }
    return new Flow(result, dims, like.batch(), false);
  }

  private static int rank(Value value) {
    if (value instanceof Flow flow) {
      return flow.dims().length;
    }
    return value instanceof Known known ? known.tensor().shape().rank() : 0;
  }

  private static boolean sameBatch(Flow a, Flow b) {
    return a.batch() == b.batch()
        && a.standard() == b.standard()
        && (a.batch() < 0 || a.dims()[a.batch()] == b.dims()[b.batch()]);
  }

  /** The value with axes of size 1 before its others. */
  private static Flow widened(Call call, Flow in, int rank) {
    if (in.whole()) {
      throw new Unsupported("computes with whole numbers; cast to float first");
    }
    int more = rank - in.dims().length;
    if (more == 0) {
      return in;
    }
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    System.arraycopy(in.dims(), 0, dims, more, in.dims().length);
    int batch = in.batch() < 0 ? -1 : in.batch() + more;
    Draft draft = call.shaped(in.draft(), Flow.shape(dims, batch));
    return new Flow(draft, dims, batch, false);
  }

  private static Draft constant(Call call, Known known, Flow beside) {
    if (known.ofBatch()) {
      throw new Unsupported("computes with the size of the batch");
    }
    if (!known.isFloat()) {
      throw new Unsupported("computes with whole numbers; cast to float first");
    }
    int[] from = known.dims();
    int[] dims = new int[beside.dims().length];
    Arrays.fill(dims, 1);
    System.arraycopy(from, 0, dims, dims.length - from.length, from.length);
    if (beside.batch() >= 0 && dims[beside.batch()] != 1) {
      throw new Unsupported("combines a constant that differs from sample to sample");
    }
    if (known.tensor().shape().elements() == 0) {
      throw new Unsupported("combines an empty constant");
    }
    return call.constant(known.tensor(), Flow.shape(dims, beside.batch()));
  }

  static void power(Call call) {
    if (call.input(1) instanceof Known known && known.tensor().shape().elements() == 1) {
      Flow in = call.flow(0);
      if (known.ofBatch()) {
        throw new Unsupported("computes with the size of the batch");
      }
      float exponent = known.number();
      boolean grows = known.tensor().shape().rank() > in.dims().length;
      if (exponent == 2 && !grows && !call.importer.own()) {
        call.output(
            call.same(in, call.add(new Op.Arithmetic(Kind.MULTIPLY), in.draft(), in.draft())));
        return;
      }
      if (!known.isFloat()) {
        Known single = new Known(Tensor.of(known.tensor().shape(), exponent));
        call.output(combine(call, Kind.POWER, in, single));
        return;
      }
    } else if (call.input(1) instanceof Known known && !known.isFloat() && !known.ofBatch()) {
      // ONNX lets the exponent be of another type; the result has the base's.
      Tensor singles = Tensor.of(known.tensor().shape(), known.tensor().toFloats());
      call.output(combine(call, Kind.POWER, call.flow(0), new Known(singles)));
      return;
    }
    call.output(combine(call, Kind.POWER, call.input(0), call.input(1)));
  }

  static void clip(Call call) {
    float low = bound(call, "min", 1, Float.NEGATIVE_INFINITY);
    float high = bound(call, "max", 2, Float.POSITIVE_INFINITY);
    Operators.activation(call, Activations.clip(low, high));
  }

  private static float bound(Call call, String name, int input, float otherwise) {
    if (!call.has(input)) {
      float value = call.single(name, otherwise);
      // Opset 6 writes the largest number where it means no bound.
      return Math.abs(value) == Float.MAX_VALUE ? otherwise : value;
    }
    Known known = call.known(input, "bounds");
    if (known.ofBatch() || known.tensor().shape().elements() != 1) {
      throw new Unsupported("has a bound that is not one number");
    }
    return known.number();
  }

  static void swish(Call call) {
    float alpha = call.single("alpha", 1);
    if (alpha == 1) {
      Operators.activation(call, Function.SILU);
      return;
    }
    Flow in = call.flow(0);
    Flow scaled = combine(call, Kind.MULTIPLY, in, new Known(Tensor.of(Shape.of(), alpha)));
    Draft gate = call.add(new Op.Activation(Function.SIGMOID), scaled.draft());
    call.output(call.same(in, call.add(new Op.Arithmetic(Kind.MULTIPLY), in.draft(), gate)));
  }

  static void pRelu(Call call) {
    Flow in = call.flow(0);
    Known slope = call.known(1, "slopes");
    int rank = in.dims().length;
    int[] from = slope.dims();
    int[] dims = new int[rank];
    if (from.length > rank) {
      throw new Unsupported("has slopes of more axes than its input");
    }
    Arrays.fill(dims, 1);
    boolean byChannel = call.opset < 7 && from.length == 1 && rank > 1;
    System.arraycopy(from, 0, dims, byChannel ? 1 : rank - from.length, from.length);
    int elements = slope.tensor().shape().elements();
    boolean channels = in.standard() && (elements == 1 || dims[1] == elements);
    if (!channels) {
      general(call, in, new Known(Call.reshaped(slope.tensor(), Shape.of(dims))));
      return;
    }
    int count = in.draft().shape.channels();
    Known each = slope;
    if (elements != count) {
      call.importer.budget().take(4L * count);
      float[] repeated = new float[count];
      Arrays.fill(repeated, slope.number());
      each = new Known(Tensor.of(Shape.of(count), repeated), slope.batch(), null);
    }
    Draft draft = call.add(new Op.PRelu(), in.draft());
    WindowOperators.parameter(draft, "weight", each, Shape.of(count));
    WindowOperators.checkParameters(draft);
    call.output(call.same(in, draft));
  }

  /** max(x, 0) + slope min(x, 0), for slopes that are not one a channel. */
  private static void general(Call call, Flow in, Known slope) {
    Draft above = call.add(new Op.Activation(Function.RELU), in.draft());
    Op below = new Op.Activation(Function.CLIP, Float.NEGATIVE_INFINITY, 0);
    Flow negative = call.same(in, call.add(below, in.draft()));
    Flow scaled = combine(call, Kind.MULTIPLY, negative, slope);
    call.output(combine(call, Kind.ADD, call.same(in, above), scaled));
  }

  /** The value repeated along axes of size 1, by a product with ones. */
  static void expand(Call call) {
    Flow in = call.flow(0);
    long[] sizes = call.numbers(1, "shape");
    if (sizes == null) {
      throw new Unsupported("lacks its shape");
    }
    int rank = Math.max(sizes.length, in.dims().length);
    int[] ones = new int[rank];
    Arrays.fill(ones, 1);
    boolean same = rank == in.dims().length;
    for (int i = 0; i < sizes.length; i++) {
      int axis = rank - sizes.length + i;
      int ours = axis - (rank - in.dims().length);
      boolean batch = ours >= 0 && ours == in.batch();
      long size = ours < 0 ? 1 : in.dims()[ours] * (batch ? (long) call.importer.batchSize() : 1);
      if (sizes[i] != 1 && sizes[i] != size) {
        ones[axis] = Call.integer(sizes[i], "size");
        same = false;
        if (batch || sizes[i] % Importer.FREE_BATCH == 0 || size != 1) {
          throw new Unsupported("cannot repeat " + size + " elements to " + sizes[i]);
        }
      }
    }
    if (same) {
      call.output(in);
      return;
    }
    Shape shape = Shape.of(ones);
    call.importer.budget().take(4L * shape.elements());
    float[] values = new float[shape.elements()];
    Arrays.fill(values, 1);
    call.output(combine(call, Kind.MULTIPLY, in, new Known(Tensor.of(shape, values))));
  }

  /** A stored value of our own, which stands for every sample. */
  static void constant(Call call) {
    Known value = call.known(0, "value");
    Shape shape = value.tensor().shape();
    Draft draft = call.add(new Op.Constant(shape));
    WindowOperators.parameter(draft, "value", value, shape);
    int[] dims = new int[shape.rank() + 1];
    dims[0] = 1;
    System.arraycopy(shape.toArray(), 0, dims, 1, shape.rank());
    call.output(new Flow(draft, dims, 0, false));
  }
}
