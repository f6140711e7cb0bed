package dev.kinglet.engine;

import dev.kinglet.graph.Shape;
import java.util.Arrays;

/** Elements of a shape by one number for each axis. */
final class Coordinates {
  private Coordinates() {}

  /** One element of a result, by its coordinates. */
  interface Element {
    double at(int[] at);
  }

  /** A result, element by element. */
  static double[] each(Shape shape, Element element) {
    double[] result = new double[shape.elements()];
    Arrays.setAll(result, e -> element.at(coordinates(shape, e)));
    return result;
  }

  /** Whether there is an element. */
  static boolean inside(Shape shape, int[] at) {
    for (int axis = 0; axis < at.length; axis++) {
      if (at[axis] < 0 || at[axis] >= shape.size(axis)) {
        return false;
      }
    }
    return true;
  }

  /** The element that stands for another where an axis of size 1 is repeated. */
  static int[] within(Shape shape, int[] at) {
    int[] changed = at.clone();
    Arrays.setAll(changed, axis -> shape.size(axis) == 1 ? 0 : at[axis]);
    return changed;
  }

  /** Where an element lies in row-major order. */
  static int index(Shape shape, int[] at) {
    int index = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      index = index * shape.size(axis) + at[axis];
    }
    return index;
  }

  /** The element that lies there in row-major order. */
  static int[] coordinates(Shape shape, int index) {
    int[] at = new int[shape.rank()];
    int rest = index;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.size(axis);
      rest /= shape.size(axis);
    }
    return at;
  }
}
