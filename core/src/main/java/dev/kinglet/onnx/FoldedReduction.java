package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.util.Arrays;

/** Axes of known values reduced to one number, in double precision. */
final class FoldedReduction {
  private FoldedReduction() {}

  static void reduce(Call call) {
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
    int count = FoldedMoves.elements(call, kept, Tensor.Type.F64);
    if (in.tensor().shape().elements() == 0) {
      throw new Unsupported("reduces nothing");
    }
    double[] values = TypedNumbers.doubles(in.tensor());
    call.importer.budget().take(8L * values.length);
    double[] sums = new double[count];
    boolean[] started = new boolean[count];
    boolean[] mask = new boolean[count];
    int[] steps = FoldedMoves.steps(kept);
    int[] from = FoldedMoves.steps(dims);
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
    call.output(new Known(TypedNumbers.of(shape, in.tensor().type(), sums), mask, null));
  }

  private static double joined(String operator, double x, double y) {
    return switch (operator) {
      case "ReduceProd" -> x * y;
      case "ReduceMax" -> Math.max(x, y);
      case "ReduceMin" -> Math.min(x, y);
      default -> x + y;
    };
  }
}
