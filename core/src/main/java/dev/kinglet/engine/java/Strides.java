package dev.kinglet.engine.java;

import dev.kinglet.graph.Shape;

/** Elements of a shape counted in row-major order, and their coordinates. */
final class Strides {
  private final int[] sizes;

  Strides(Shape shape) {
    this.sizes = shape.toArray();
  }

  /** The number of the element at these coordinates. */
  int element(int[] at) {
    int element = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      element = element * sizes[axis] + at[axis];
    }
    return element;
  }

  /** Writes the coordinates of an element. */
  void coordinates(int element, int[] at) {
    int rest = element;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      at[axis] = rest % sizes[axis];
      rest /= sizes[axis];
    }
  }

  /** How far apart neighbours along an axis are. */
  int stride(int axis) {
    int stride = 1;
    for (int a = axis + 1; a < sizes.length; a++) {
      stride *= sizes[a];
    }
    return stride;
  }
}
