package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Arithmetic with values that are known: whole numbers as long, fractions as double. */
final class FoldedArithmetic {
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FoldedArithmetic() {}

  static void fold(Call call) {
    switch (call.node.operator()) {
      case "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Max", "Min", "Sum" -> chain(call);
      case "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or" ->
          call.output(binary(call, call.known(0, "value"), call.known(1, "value"), true));
      case "Clip" -> clip(call);
      case "Where" -> where(call);
      case "ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceMean" -> reduce(call);
      case "Abs",
          "Ceil",
          "Exp",
          "Floor",
          "Log",
          "Neg",
          "Not",
          "Reciprocal",
          "Relu",
          "Round",
          "Sigmoid",
          "Sign",
          "Sqrt",
          "Tanh" ->
          unary(call);
      default -> throw new Unsupported("of constants only is not supported");
    }
  }

  /** The sizes of the result of two operands, or refuses them. */
  static int[] broadcast(int[] a, int[] b) {
    int[] dims = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= dims.length; i++) {
      int left = i <= a.length ? a[a.length - i] : 1;
      int right = i <= b.length ? b[b.length - i] : 1;
      if (left != right && left != 1 && right != 1) {
        throw new Unsupported("combines sizes " + left + " and " + right);
      }
      dims[dims.length - i] = left == 1 ? right : left;
    }
    return dims;
  }

  private static void chain(Call call) {
    Known result = call.known(0, "value");
    for (int i = 1; i < call.count(); i++) {
      result = binary(call, result, call.known(i, "value"), false);
    }
    call.output(result);
  }

  private static Known binary(Call call, Known left, Known right, boolean logical) {
    int[] dims = broadcast(left.dims(), right.dims());
    Known a = Folding.expanded(call, left, dims);
    Known b = Folding.expanded(call, right, dims);
    String operator = call.node.operator();
    boolean[] mask = either(a.batch(), b.batch());
    int count = a.tensor().shape().elements();
    Tensor.Type type = logical ? Tensor.Type.BOOL : left.tensor().type();
    call.importer.budget().take(24L * count);
    if (left.isFloat() || right.isFloat()) {
      double[] x = doubles(a.tensor());
      double[] y = doubles(b.tensor());
      for (int i = 0; i < count; i++) {
        x[i] = fraction(operator, x[i], y[i]);
      }
      return new Known(tensor(a.tensor().shape(), type, x), mask, null);
    }
    long[] x = a.tensor().toLongs();
    long[] y = b.tensor().toLongs();
    boolean floored = operator.equals("Mod") && !call.flag("fmod", false);
    for (int i = 0; i < count; i++) {
      x[i] = floored && y[i] != 0 ? Math.floorMod(x[i], y[i]) : whole(operator, x[i], y[i]);
    }
    return new Known(tensor(a.tensor().shape(), type, x), mask, null);
  }

  private static void clip(Call call) {
    Known in = call.known(0, "value");
    int count = in.tensor().shape().elements();
    call.importer.budget().take(16L * count);
    Tensor result;
    if (in.isFloat()) {
      double low = call.has(1) ? bound(call, 1) : call.single("min", Float.NEGATIVE_INFINITY);
      double high = call.has(2) ? bound(call, 2) : call.single("max", Float.POSITIVE_INFINITY);
      double[] x = doubles(in.tensor());
      for (int i = 0; i < count; i++) {
        x[i] = Math.min(Math.max(x[i], low), high);
      }
      result = tensor(in.tensor().shape(), in.tensor().type(), x);
    } else {
      long low = call.has(1) ? (long) bound(call, 1) : Long.MIN_VALUE;
      long high = call.has(2) ? (long) bound(call, 2) : Long.MAX_VALUE;
      long[] x = in.tensor().toLongs();
      for (int i = 0; i < count; i++) {
        x[i] = Math.min(Math.max(x[i], low), high);
      }
      result = tensor(in.tensor().shape(), in.tensor().type(), x);
    }
    call.output(new Known(result, in.batch(), null));
  }

  private static double bound(Call call, int input) {
    Known bound = call.known(input, "bounds");
    if (bound.ofBatch() || bound.tensor().shape().elements() != 1) {
      throw new Unsupported("has a bound that is not one number");
    }
    return doubles(bound.tensor())[0];
  }

  private static double fraction(String operator, double x, double y) {
    return switch (operator) {
      case "Add", "Sum" -> x + y;
      case "Sub" -> x - y;
      case "Mul" -> x * y;
      case "Div" -> x / y;
      case "Mod" -> x % y;
      case "Pow" -> Math.pow(x, y);
      case "Max" -> Math.max(x, y);
      case "Min" -> Math.min(x, y);
      case "Equal" -> x == y ? 1 : 0;
      case "Greater" -> x > y ? 1 : 0;
      case "GreaterOrEqual" -> x >= y ? 1 : 0;
      case "Less" -> x < y ? 1 : 0;
      case "LessOrEqual" -> x <= y ? 1 : 0;
      default -> throw new Unsupported("of fractions is not supported");
    };
  }

  private static long whole(String operator, long x, long y) {
    boolean divides = operator.equals("Div") || operator.equals("Mod");
    if (divides && y == 0) {
      throw new Unsupported("divides by zero");
    }
    return switch (operator) {
      case "Add", "Sum" -> x + y;
      case "Sub" -> x - y;
      case "Mul" -> x * y;
      case "Div" -> x / y;
      case "Mod" -> x % y;
      case "Pow" -> (long) Math.pow(x, y);
      case "Max" -> Math.max(x, y);
      case "Min" -> Math.min(x, y);
      case "Equal" -> x == y ? 1 : 0;
      case "Greater" -> x > y ? 1 : 0;
      case "GreaterOrEqual" -> x >= y ? 1 : 0;
      case "Less" -> x < y ? 1 : 0;
      case "LessOrEqual" -> x <= y ? 1 : 0;
      case "And" -> x & y;
      case "Or" -> x | y;
      default -> throw new Unsupported("of whole numbers is not supported");
    };
  }

  private static void where(Call call) {
    Known condition = call.known(0, "condition");
    Known yes = call.known(1, "value");
    Known no = call.known(2, "value");
    int[] dims = broadcast(condition.dims(), broadcast(yes.dims(), no.dims()));
    Known c = Folding.expanded(call, condition, dims);
    Known a = Folding.expanded(call, yes, dims);
    Known b = Folding.expanded(call, no, dims);
    if (a.tensor().type() != b.tensor().type()) {
      throw new Unsupported("chooses between different types");
    }
    long[] choice = c.tensor().toLongs();
    int bytes = a.tensor().type().bytes();
    call.importer.budget().take((8L + bytes) * choice.length);
    MemorySegment data = MemorySegment.ofArray(new byte[choice.length * bytes]);
    boolean[] mask = new boolean[choice.length];
    for (int i = 0; i < choice.length; i++) {
      Known from = choice[i] != 0 ? a : b;
      MemorySegment.copy(from.tensor().data(), (long) i * bytes, data, (long) i * bytes, bytes);
      mask[i] = c.batch() != null && c.batch()[i] || from.batch() != null && from.batch()[i];
    }
    call.output(new Known(new Tensor(Shape.of(dims), a.tensor().type(), data), mask, null));
  }

  private static void unary(Call call) {
    Known in = call.known(0, "value");
    String operator = call.node.operator();
    int count = in.tensor().shape().elements();
    call.importer.budget().take(16L * count);
    if (in.isFloat()) {
      double[] x = doubles(in.tensor());
      for (int i = 0; i < count; i++) {
        x[i] = fraction(operator, x[i]);
      }
      call.output(new Known(tensor(in.tensor().shape(), in.tensor().type(), x), in.batch(), null));
      return;
    }
    long[] x = in.tensor().toLongs();
    for (int i = 0; i < count; i++) {
      x[i] =
          switch (operator) {
            case "Abs" -> Math.abs(x[i]);
            case "Neg" -> -x[i];
            case "Not" -> x[i] == 0 ? 1 : 0;
            case "Relu" -> Math.max(x[i], 0);
            case "Sign" -> Long.signum(x[i]);
            default -> throw new Unsupported("of whole numbers is not supported");
          };
    }
    call.output(new Known(tensor(in.tensor().shape(), in.tensor().type(), x), in.batch(), null));
  }

  private static double fraction(String operator, double x) {
    return switch (operator) {
      case "Abs" -> Math.abs(x);
      case "Ceil" -> Math.ceil(x);
      case "Exp" -> Math.exp(x);
      case "Floor" -> Math.floor(x);
      case "Log" -> Math.log(x);
      case "Neg" -> -x;
      case "Reciprocal" -> 1 / x;
      case "Relu" -> Math.max(x, 0);
      case "Round" -> Math.rint(x);
      case "Sigmoid" -> 1 / (1 + Math.exp(-x));
      case "Sign" -> Math.signum(x);
      case "Sqrt" -> Math.sqrt(x);
      case "Tanh" -> Math.tanh(x);
      default -> throw new Unsupported("of fractions is not supported");
    };
  }

  private static void reduce(Call call) {
    Known in = call.known(0, "value");
    int[] dims = in.dims();
    long[] axes = call.numbers("axes", 1);
    boolean[] gone = new boolean[dims.length];
    Arrays.fill(gone, axes == null || axes.length == 0);
    for (int i = 0; axes != null && i < axes.length; i++) {
      gone[Call.axis(axes[i], dims.length)] = true;
    }
    boolean keep = call.flag("keepdims", true);
    int[] kept = new int[dims.length];
    int[] result = new int[dims.length];
    int rank = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      kept[axis] = gone[axis] ? 1 : dims[axis];
      if (keep || !gone[axis]) {
        result[rank++] = kept[axis];
      }
    }
    int count = Folding.elements(call, kept, Tensor.Type.F64);
    if (in.tensor().shape().elements() == 0) {
      throw new Unsupported("reduces nothing");
    }
    double[] values = doubles(in.tensor());
    call.importer.budget().take(8L * values.length);
    double[] sums = new double[count];
    boolean[] started = new boolean[count];
    boolean[] mask = new boolean[count];
    int[] steps = Folding.steps(kept);
    int[] from = Folding.steps(dims);
    for (int i = 0; i < values.length; i++) {
      int at = 0;
      for (int axis = 0; axis < dims.length; axis++) {
        at += kept[axis] == 1 ? 0 : i / from[axis] % dims[axis] * steps[axis];
      }
      sums[at] = started[at] ? joined(call.node.operator(), sums[at], values[i]) : values[i];
      started[at] = true;
      mask[at] |= in.batch() != null && in.batch()[i];
    }
    if (call.node.operator().equals("ReduceMean")) {
      for (int i = 0; i < count; i++) {
        sums[i] /= values.length / count;
      }
    }
    Shape shape = Shape.of(Arrays.copyOf(result, rank));
    call.output(new Known(tensor(shape, in.tensor().type(), sums), mask, null));
  }

  private static double joined(String operator, double x, double y) {
    return switch (operator) {
      case "ReduceProd" -> x * y;
      case "ReduceMax" -> Math.max(x, y);
      case "ReduceMin" -> Math.min(x, y);
      default -> x + y;
    };
  }

  /** Another type; a wider one of fractions changes nothing, so nothing is copied. */
  static Known cast(Call call, Known in, Tensor.Type type) {
    if (type == null) {
      throw new Unsupported("casts to a type that is not supported");
    }
    boolean wide = type == Tensor.Type.F32 || type == Tensor.Type.F64;
    if (type == in.tensor().type() || in.isFloat() && wide) {
      return in;
    }
    int count = in.tensor().shape().elements();
    call.importer.budget().take(16L * count);
    Shape shape = in.tensor().shape();
    boolean whole = !in.isFloat();
    Tensor tensor =
        whole
            ? tensor(shape, type, in.tensor().toLongs())
            : tensor(shape, type, doubles(in.tensor()));
    return new Known(tensor, in.batch(), in.initializer());
  }

  private static boolean[] either(boolean[] a, boolean[] b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    boolean[] mask = a.clone();
    for (int i = 0; i < mask.length; i++) {
      mask[i] |= b[i];
    }
    return mask;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.shape().elements()];
    if (tensor.type() == Tensor.Type.F64) {
      MemorySegment.copy(tensor.data(), DOUBLE, 0, values, 0, values.length);
      return values;
    }
    float[] singles = tensor.toFloats();
    boolean exact = tensor.type() != Tensor.Type.I64 && tensor.type() != Tensor.Type.I32;
    long[] wholes = exact ? null : tensor.toLongs();
    for (int i = 0; i < values.length; i++) {
      values[i] = exact ? singles[i] : wholes[i];
    }
    return values;
  }

  private static Tensor tensor(Shape shape, Tensor.Type type, double[] values) {
    switch (type) {
      case F32, F16, BF16 -> {
        float[] singles = new float[values.length];
        for (int i = 0; i < singles.length; i++) {
          singles[i] = (float) values[i];
          if (type == Tensor.Type.F16) {
            singles[i] = Float.float16ToFloat(Float.floatToFloat16(singles[i]));
          }
        }
        return Tensor.of(shape, singles);
      }
      case F64 -> {
        MemorySegment data = MemorySegment.ofArray(new byte[8 * values.length]);
        MemorySegment.copy(values, 0, data, DOUBLE, 0, values.length);
        return new Tensor(shape, type, data);
      }
      case I8, U8, BOOL, I16, U16, I32, I64 -> {
        long[] wholes = new long[values.length];
        for (int i = 0; i < wholes.length; i++) {
          boolean truth = type == Tensor.Type.BOOL;
          wholes[i] = truth ? values[i] != 0 ? 1 : 0 : (long) values[i];
        }
        return tensor(shape, type, wholes);
      }
    }
    throw new AssertionError(type);
  }

  private static Tensor tensor(Shape shape, Tensor.Type type, long[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[type.bytes() * values.length]);
    for (int i = 0; i < values.length; i++) {
      switch (type) {
        case BOOL -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (values[i] != 0 ? 1 : 0));
        case I8, U8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) values[i]);
        case I16, U16 -> data.setAtIndex(SHORT, i, (short) values[i]);
        case I32 -> data.setAtIndex(INT, i, (int) values[i]);
        case I64 -> data.setAtIndex(LONG, i, values[i]);
        case F32, F16, BF16, F64 -> {
          double[] fractions = new double[values.length];
          for (int j = 0; j < fractions.length; j++) {
            fractions[j] = values[j];
          }
          return tensor(shape, type, fractions);
        }
      }
    }
    if (values.length == 0 && (type == Tensor.Type.F16 || type == Tensor.Type.BF16)) {
      return Tensor.of(shape);
    }
    return new Tensor(shape, type, data);
  }
}
