package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.util.Arrays;

/** Known values under other sizes: the same elements in the same order. */
final class FoldedReshapes {
  private FoldedReshapes() {}

  /** The same elements under other sizes. */
  private static Known shaped(Known in, long[] sizes) {
    Tensor tensor = Call.reshaped(in.tensor(), Shape.of(Folding.ints(sizes)));
    return new Known(tensor, in.batch(), in.initializer());
  }

  static void reshape(Call call) {
    Known in = call.known(0, "value");
    long[] sizes = call.numbers("shape", 1);
    if (sizes == null) {
      throw new Unsupported("lacks its shape");
    }
    sizes = sizes.clone();
    long all = in.tensor().shape().elements();
    long known = 1;
    int open = -1;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 0 && !call.flag("allowzero", false) && axis < in.dims().length) {
        sizes[axis] = in.dims()[axis];
      }
      if (sizes[axis] == -1) {
        open = axis;
      } else {
        known = sizes[axis] < 0 || sizes[axis] > Integer.MAX_VALUE ? -1 : known * sizes[axis];
      }
    }
    if (open >= 0 && known > 0) {
      sizes[open] = all / known;
      known *= sizes[open];
    }
    if (known != all) {
      throw new Unsupported("reshapes to another number of elements");
    }
    call.output(shaped(in, sizes));
  }

  static void flatten(Call call) {
    Known in = call.known(0, "value");
    long axis = call.number("axis", 1);
    axis += axis < 0 ? in.dims().length : 0;
    long[] sizes = {1, 1};
    for (int i = 0; i < in.dims().length; i++) {
      sizes[i < axis ? 0 : 1] *= in.dims()[i];
    }
    call.output(shaped(in, sizes));
  }

  static void squeeze(Call call) {
    Known in = call.known(0, "value");
    long[] axes = call.numbers("axes", 1);
    int rank = in.dims().length;
    boolean[] gone = new boolean[rank];
    for (int axis = 0; axis < rank; axis++) {
      gone[axis] = axes == null && in.dims()[axis] == 1;
    }
    for (int i = 0; axes != null && i < axes.length; i++) {
      int axis = Call.axis(axes[i], rank);
      if (in.dims()[axis] != 1) {
        throw new Unsupported("removes axis " + axis + " of size " + in.dims()[axis]);
      }
      gone[axis] = true;
    }
    long[] sizes = new long[rank];
    int left = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (!gone[axis]) {
        sizes[left++] = in.dims()[axis];
      }
    }
    call.output(shaped(in, Arrays.copyOf(sizes, left)));
  }

  static void unsqueeze(Call call) {
    Known in = call.known(0, "value");
    long[] axes = call.numbers("axes", 1);
    if (axes == null) {
      throw new Unsupported("lacks its axes");
    }
    call.output(shaped(in, ShapeOperators.unsqueezed(Folding.longs(in.dims()), axes)));
  }
}
