package dev.kinglet.engine.x64;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;

/**
 * A window over depth, height and width; axes that a shape lacks have size 1.
 *
 * @param kernel taps an axis
 * @param stride steps between outputs
 * @param before padding in front
 * @param dilation distance between taps
 */
record Reach(int[] kernel, int[] stride, int[] before, int[] dilation) {
  /** One tap that reads every position once. */
  static final Reach POINT =
      new Reach(new int[] {1, 1, 1}, new int[] {1, 1, 1}, new int[3], new int[] {1, 1, 1});

  static Reach of(Window window) {
    int rank = window.rank();
    if (rank > 3) {
      throw new Unavailable("a window over " + rank + " axes has no kernel");
    }
    int[] kernel = {1, 1, 1};
    int[] stride = {1, 1, 1};
    int[] before = new int[3];
    int[] dilation = {1, 1, 1};
    for (int axis = 0; axis < rank; axis++) {
      int at = 3 - rank + axis;
      kernel[at] = window.kernel().get(axis);
      stride[at] = window.stride().get(axis);
      before[at] = window.before().get(axis);
      dilation[at] = window.dilation().get(axis);
    }
    return new Reach(kernel, stride, before, dilation);
  }

  /** Depth, height and width of a shape; all positions in the width where it has more axes. */
  static int[] sizes(Shape shape) {
    int[] sizes = {1, 1, 1};
    int spatial = shape.rank() - 1;
    if (spatial > 3) {
      sizes[2] = shape.area();
      return sizes;
    }
    for (int axis = 0; axis < spatial; axis++) {
      sizes[3 - spatial + axis] = shape.size(axis + 1);
    }
    return sizes;
  }

  int taps() {
    return kernel[0] * kernel[1] * kernel[2];
  }

  /** How far the taps reach behind the last element of an axis. */
  int behind(int axis, int in, int out) {
    int last = (out - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] - before[axis];
    return Math.max(0, last - (in - 1));
  }
}
