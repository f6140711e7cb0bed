package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that move no number: other axes, other order, another type. */
final class ShapeOperators {
  private ShapeOperators() {}

  /** Every floating-point type is computed in single precision. */
  static void cast(Call call) {
    Flow in = call.any(0);
    Tensor.Type type =
        call.node.operator().equals("Cast")
            ? TensorData.type(call.integer("to", 0))
            : call.input(1) instanceof Known like ? like.tensor().type() : Tensor.Type.F32;
    if (type != Tensor.Type.F32
        && type != Tensor.Type.F16
        && type != Tensor.Type.BF16
        && type != Tensor.Type.F64) {
      throw new Unsupported("makes whole numbers of the sample's");
    }
    call.output(new Flow(in.draft(), in.dims(), in.batch(), false));
  }

  /** The sizes as ONNX counts them, the batch's stand-in included. */
  static void shape(Call call) {
    Flow in = call.any(0);
    int rank = in.dims().length;
    long[] sizes = new long[rank];
    boolean[] ofBatch = new boolean[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = in.dims()[axis];
      if (axis == in.batch()) {
        sizes[axis] *= call.importer.batchSize();
        ofBatch[axis] = call.importer.freeBatch();
      }
      size *= sizes[axis];
    }
    if (call.node.operator().equals("Size")) {
      boolean free = in.batch() >= 0 && call.importer.freeBatch();
      call.output(Folding.integers(new long[] {size}, new boolean[] {free}, true));
      return;
    }
    int start = clamped(call.number("start", 0), rank);
    int end = Math.max(start, clamped(call.number("end", rank), rank));
    call.output(
        Folding.integers(
            Arrays.copyOfRange(sizes, start, end), Arrays.copyOfRange(ofBatch, start, end), false));
  }

  private static int clamped(long index, int rank) {
    return Math.clamp(index < 0 ? index + rank : index, 0, rank);
  }

  static void reshape(Call call) {
    long[] wanted = call.numbers("shape", 1);
    if (wanted == null) {
      throw new Unsupported("lacks its shape");
    }
    Flow in = call.any(0);
    boolean zeroIsZero = call.flag("allowzero", false);
    long[] sizes = wanted.clone();
    long known = 1;
    int open = -1;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 0 && !zeroIsZero) {
        if (axis >= in.dims().length) {
          throw new Unsupported("keeps axis " + axis + " of an input that has none");
        }
        sizes[axis] = in.dims()[axis];
        if (axis == in.batch()) {
          sizes[axis] *= call.importer.batchSize();
        }
      }
      if (sizes[axis] == -1 && open < 0) {
        open = axis;
      } else if (sizes[axis] <= 0) {
        throw new Unsupported("asks for the shape " + Arrays.toString(wanted));
      } else {
        known = Math.multiplyHigh(known, sizes[axis]) != 0 ? 0 : known * sizes[axis];
      }
    }
    long all = elements(call, in);
    if (known <= 0 || (open >= 0 ? all % known : all - known) != 0) {
      throw new Unsupported(
          "asks for the shape " + Arrays.toString(wanted) + " of another number of elements");
    }
    if (open >= 0) {
      sizes[open] = all / known;
    }
    call.output(to(call, in, sizes));
  }

  /** All elements, the batch's stand-in included. */
  private static long elements(Call call, Flow in) {
    long all = in.batch() >= 0 ? call.importer.batchSize() : 1;
    for (int size : in.dims()) {
      all *= size;
    }
    return all;
  }

  /** The value with these sizes; finds which of them has the batch as its outer factor. */
  private static Flow to(Call call, Flow in, long[] sizes) {
    int[] dims = new int[sizes.length];
    int batch = -1;
    if (in.batch() >= 0) {
      long outer = 1;
      for (int axis = 0; axis < in.batch(); axis++) {
        outer *= in.dims()[axis];
      }
      int size = call.importer.batchSize();
      long before = 1;
      for (int axis = 0; axis < sizes.length && batch < 0; axis++) {
        if (before == outer && sizes[axis] % size == 0) {
          batch = axis;
        }
        before *= sizes[axis];
      }
      if (batch < 0) {
        throw new Unsupported("tears the batch apart, so samples would depend on each other");
      }
    }
    for (int axis = 0; axis < dims.length; axis++) {
      long size = axis == batch ? sizes[axis] / call.importer.batchSize() : sizes[axis];
      dims[axis] = Call.integer(size, "size");
    }
    return call.reshaped(in, dims, batch);
  }

  private static long[] sizes(Call call, Flow in) {
    long[] sizes = new long[in.dims().length];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = in.dims()[axis] * (axis == in.batch() ? (long) call.importer.batchSize() : 1);
    }
    return sizes;
  }

  static void flatten(Call call) {
    Flow in = call.any(0);
    long[] sizes = sizes(call, in);
    long axis = call.number("axis", 1);
    axis = axis < 0 ? axis + sizes.length : axis;
    if (axis < 0 || axis > sizes.length) {
      throw new Unsupported("names axis " + axis + " of " + sizes.length);
    }
    long[] flat = {1, 1};
    for (int i = 0; i < sizes.length; i++) {
      flat[i < axis ? 0 : 1] *= sizes[i];
    }
    call.output(to(call, in, flat));
  }

  static void squeeze(Call call) {
    Flow in = call.any(0);
    long[] axes = call.numbers("axes", 1);
    long[] sizes = sizes(call, in);
    boolean[] gone = new boolean[sizes.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      // Without axes, a batch that is free stays: nobody can know that it is 1.
      gone[axis] = axes == null && sizes[axis] == 1;
    }
    if (axes != null) {
      for (long axis : axes) {
        int found = Call.axis(axis, sizes.length);
        if (sizes[found] != 1) {
          throw new Unsupported("removes axis " + axis + " of size " + sizes[found]);
        }
        gone[found] = true;
      }
    }
    List<Long> left = new ArrayList<>();
    for (int axis = 0; axis < sizes.length; axis++) {
      if (!gone[axis]) {
        left.add(sizes[axis]);
      }
    }
    call.output(to(call, in, array(left)));
  }

  static void unsqueeze(Call call) {
    Flow in = call.any(0);
    long[] axes = call.numbers("axes", 1);
    if (axes == null) {
      throw new Unsupported("lacks its axes");
    }
    call.output(to(call, in, unsqueezed(sizes(call, in), axes)));
  }

  /** Sizes with axes of size 1 at these places of the result. */
  static long[] unsqueezed(long[] sizes, long[] axes) {
    int rank = sizes.length + axes.length;
    boolean[] added = new boolean[rank];
    for (long axis : axes) {
      int found = Call.axis(axis, rank);
      if (added[found]) {
        throw new Unsupported("names axis " + axis + " twice");
      }
      added[found] = true;
    }
    long[] all = new long[rank];
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      all[axis] = added[axis] ? 1 : sizes[next++];
    }
    return all;
  }

  private static long[] array(List<Long> values) {
    long[] array = new long[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  static void transpose(Call call) {
    Flow in = call.any(0);
    int[] order = order(call, in.dims().length);
    if (!call.importer.own() && identity(order)) {
      call.output(in);
      return;
    }
    int rank = order.length;
    int[] dims = new int[rank];
    int batch = -1;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = in.dims()[order[axis]];
      batch = order[axis] == in.batch() ? axis : batch;
    }
    Draft from = in.draft();
    List<Integer> ours = new ArrayList<>();
    if (in.standard() && batch == 0) {
      for (int axis = 1; axis < rank; axis++) {
        ours.add(order[axis] - 1);
      }
    } else {
      // The batch moves, so for a moment the sample has an axis of size 1 in its place.
      from = call.shaped(from, Shape.of(in.dims()));
      for (int axis : order) {
        ours.add(axis);
      }
    }
    Draft moved = ours.isEmpty() ? from : call.add(new Op.Transpose(ours), from);
    moved = call.shaped(moved, Flow.shape(dims, batch));
    call.output(new Flow(moved, dims, batch, in.whole()));
  }

  static int[] order(Call call, int rank) {
    long[] perm = call.numbers("perm");
    int[] order = new int[rank];
    boolean[] seen = new boolean[rank];
    for (int axis = 0; axis < rank; axis++) {
      order[axis] = perm == null ? rank - 1 - axis : perm.length != rank ? -1 : (int) perm[axis];
      if (order[axis] < 0 || order[axis] >= rank || seen[order[axis]]) {
        throw new Unsupported("does not name each of the " + rank + " axes once");
      }
      seen[order[axis]] = true;
    }
    return order;
  }

  private static boolean identity(int[] order) {
    for (int axis = 0; axis < order.length; axis++) {
      if (order[axis] != axis) {
        return false;
      }
    }
    return true;
  }
}
