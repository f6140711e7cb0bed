package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.lang.foreign.MemorySegment;

/** Arithmetic with values that are known: whole numbers as long, fractions as double. */
final class FoldedArithmetic {

  private FoldedArithmetic() {}

  static void fold(Call call) {
    switch (call.node.operator()) {
      case "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Max", "Min", "Sum" -> chain(call);
      case "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or" ->
          call.output(binary(call, call.known(0, "value"), call.known(1, "value"), true));
      case "Clip" -> clip(call);
      case "Where" -> where(call);
      case "ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceMean" ->
          FoldedReduction.reduce(call);
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
    Known a = FoldedMoves.expanded(call, left, dims);
    Known b = FoldedMoves.expanded(call, right, dims);
    String operator = call.node.operator();
    boolean[] mask = either(a.batch(), b.batch());
    int count = a.tensor().shape().elements();
    Tensor.Type type = logical ? Tensor.Type.BOOL : left.tensor().type();
    call.importer.budget().take(24L * count);
    if (left.isFloat() || right.isFloat()) {
      double[] x = TypedNumbers.doubles(a.tensor());
      double[] y = TypedNumbers.doubles(b.tensor());
      for (int i = 0; i < count; i++) {
        x[i] = fraction(operator, x[i], y[i]);
      }
      return new Known(TypedNumbers.of(a.tensor().shape(), type, x), mask, null);
    }
    long[] x = a.tensor().toLongs();
    long[] y = b.tensor().toLongs();
    boolean floored = operator.equals("Mod") && !call.flag("fmod", false);
    for (int i = 0; i < count; i++) {
      x[i] = floored && y[i] != 0 ? Math.floorMod(x[i], y[i]) : whole(operator, x[i], y[i]);
    }
    return new Known(TypedNumbers.of(a.tensor().shape(), type, x), mask, null);
  }

  private static void clip(Call call) {
    Known in = call.known(0, "value");
    int count = in.tensor().shape().elements();
    call.importer.budget().take(16L * count);
    Tensor result;
    if (in.isFloat()) {
      double low = call.has(1) ? bound(call, 1) : call.single("min", Float.NEGATIVE_INFINITY);
      double high = call.has(2) ? bound(call, 2) : call.single("max", Float.POSITIVE_INFINITY);
      double[] x = TypedNumbers.doubles(in.tensor());
      for (int i = 0; i < count; i++) {
        x[i] = Math.min(Math.max(x[i], low), high);
      }
      result = TypedNumbers.of(in.tensor().shape(), in.tensor().type(), x);
    } else {
      long low = call.has(1) ? (long) bound(call, 1) : Long.MIN_VALUE;
      long high = call.has(2) ? (long) bound(call, 2) : Long.MAX_VALUE;
      long[] x = in.tensor().toLongs();
      for (int i = 0; i < count; i++) {
        x[i] = Math.min(Math.max(x[i], low), high);
      }
      result = TypedNumbers.of(in.tensor().shape(), in.tensor().type(), x);
    }
    call.output(new Known(result, in.batch(), null));
  }

  private static double bound(Call call, int input) {
    Known bound = call.known(input, "bounds");
    if (bound.ofBatch() || bound.tensor().shape().elements() != 1) {
      throw new Unsupported("has a bound that is not one number");
    }
    return TypedNumbers.doubles(bound.tensor())[0];
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
    Known c = FoldedMoves.expanded(call, condition, dims);
    Known a = FoldedMoves.expanded(call, yes, dims);
    Known b = FoldedMoves.expanded(call, no, dims);
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
      double[] x = TypedNumbers.doubles(in.tensor());
      for (int i = 0; i < count; i++) {
        x[i] = fraction(operator, x[i]);
      }
      call.output(
          new Known(TypedNumbers.of(in.tensor().shape(), in.tensor().type(), x), in.batch(), null));
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
    call.output(
        new Known(TypedNumbers.of(in.tensor().shape(), in.tensor().type(), x), in.batch(), null));
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
}
