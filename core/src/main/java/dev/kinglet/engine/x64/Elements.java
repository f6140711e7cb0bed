package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** Where each element of a result comes from, row-major, for steps that only move elements. */
final class Elements {
  private Elements() {}

  private interface Source {
    /** The element for these coordinates, or -1. */
    int at(int[] coordinates);
  }

  private static int[] each(Shape shape, Source source) {
    int[] from = new int[shape.elements()];
    int[] at = new int[shape.rank()];
    for (int i = 0; i < from.length; i++) {
      from[i] = source.at(at);
      for (int axis = at.length - 1; axis >= 0 && ++at[axis] == shape.size(axis); axis--) {
        at[axis] = 0;
      }
    }
    return from;
  }

  /** The distance between neighbours along each axis. */
  static int[] steps(Shape shape) {
    int[] steps = new int[shape.rank()];
    int step = 1;
    for (int axis = steps.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= shape.size(axis);
    }
    return steps;
  }

  /** Elements that lie a fixed distance apart along each axis of the result. */
  private static int[] walk(Shape out, int first, int[] steps) {
    return each(
        out,
        at -> {
          int from = first;
          for (int axis = 0; axis < at.length; axis++) {
            from += at[axis] * steps[axis];
          }
          return from;
        });
  }

  static int[] transpose(Shape in, List<Integer> order, Shape out) {
    int[] steps = steps(in);
    return walk(out, 0, order.stream().mapToInt(axis -> steps[axis]).toArray());
  }

  /** Axes of size 1 repeated to the result's. */
  static int[] repeat(Shape in, Shape out) {
    int[] steps = steps(in);
    for (int axis = 0; axis < steps.length; axis++) {
      steps[axis] *= in.size(axis) == 1 ? 0 : 1;
    }
    return walk(out, 0, steps);
  }

  static int[] slice(Shape in, int axis, int start, int step, Shape out) {
    int[] steps = steps(in);
    int first = start * steps[axis];
    steps[axis] *= step;
    return walk(out, first, steps);
  }

  static int[] concat(List<View> parts, int axis, Shape out) {
    int[] from = new int[out.elements()];
    int outer = 1;
    for (int i = 0; i < axis; i++) {
      outer *= out.size(i);
    }
    int at = 0;
    for (int o = 0; o < outer; o++) {
      int base = 0;
      for (View part : parts) {
        int elements = part.shape().elements();
        int inner = elements / outer;
        for (int i = 0; i < inner; i++) {
          from[at++] = base + o * inner + i;
        }
        base += elements;
      }
    }
    return from;
  }

  static int[] pad(Shape in, Op.Pad pad, Shape out) {
    int[] steps = steps(in);
    return each(
        out,
        at -> {
          int from = 0;
          for (int axis = 0; axis < at.length; axis++) {
            int size = in.size(axis);
            int x = at[axis] - pad.before().get(axis);
            if (x < 0 || x >= size) {
              switch (pad.mode()) {
                case CONSTANT -> {
                  return -1;
                }
                case EDGE -> x = x < 0 ? 0 : size - 1;
                case REFLECT -> x = x < 0 ? -x : 2 * (size - 1) - x;
                case WRAP -> x = Math.floorMod(x, size);
              }
            }
            from += x * steps[axis];
          }
          return from;
        });
  }

  /** Each axis but the first spread by a stride, nothing between. */
  static int[] spread(Shape in, List<Integer> strides, Shape out) {
    int[] from = new int[out.elements()];
    Arrays.fill(from, -1);
    int[] steps = steps(out);
    int[] at = new int[in.rank()];
    for (int i = 0; i < in.elements(); i++) {
      int to = at[0] * steps[0];
      for (int axis = 1; axis < at.length; axis++) {
        to += at[axis] * strides.get(axis - 1) * steps[axis];
      }
      from[to] = i;
      for (int axis = at.length - 1; axis >= 0 && ++at[axis] == in.size(axis); axis--) {
        at[axis] = 0;
      }
    }
    return from;
  }
}
