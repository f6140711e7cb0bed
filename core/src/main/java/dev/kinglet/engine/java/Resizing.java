package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;

/**
 * Linear interpolation between neighbours: every element of the result is a weighted sum of the
 * corners around its coordinate; what they are is worked out once.
 *
 * @param at the position of each corner, corners of one result behind each other
 * @param share what each corner counts
 */
record Resizing(Step.Resize step, int[] at, float[] share) implements Kernel {

  static Kernel of(Step.Resize step) {
    return switch (step.resize().interpolation()) {
      case NEAREST_FLOOR, NEAREST_ROUND_DOWN, NEAREST_ROUND_UP, NEAREST_CEIL ->
          Gather.nearest(step);
      case LINEAR -> linear(step);
    };
  }

  private static Resizing linear(Step.Resize step) {
    Shape in = step.input().shape();
    Shape out = step.output().shape();
    int corners = 1 << in.spatialRank();
    int[] at = new int[out.area() * corners];
    float[] share = new float[at.length];
    Strides inner = new Strides(in);
    Strides outer = new Strides(out);
    int[] to = new int[out.rank()];
    for (int p = 0; p < out.area(); p++) {
      outer.coordinates(p, to);
      for (int corner = 0; corner < corners; corner++) {
        double weight = 1;
        for (int axis = 1; axis < to.length; axis++) {
          double x =
              Math.clamp(coordinate(step.resize(), axis, to[axis], in, out), 0, in.size(axis) - 1);
          int low = (int) Math.floor(x);
          boolean upper = (corner >> (axis - 1) & 1) == 1;
          weight *= upper ? x - low : 1 - (x - low);
          at[p * corners + corner] +=
              Math.min(upper ? low + 1 : low, in.size(axis) - 1) * inner.stride(axis);
        }
        share[p * corners + corner] = (float) weight;
      }
    }
    return new Resizing(step, at, share);
  }

  /** Where in the input an element of the result lies along an axis of the shapes. */
  static double coordinate(Op.Resize resize, int axis, int x, Shape in, Shape out) {
    return resize.coordinate(axis - 1, x, in.size(axis), out.size(axis));
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    int area = step.output().area();
    int corners = at.length / area;
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
        for (int p = 0; p < area; p++) {
          float sum = 0;
          for (int i = p * corners; i < (p + 1) * corners; i++) {
            sum += share[i] * in[c][at[i]];
          }
          out[c][p] = sum;
        }
      }
    };
  }
}
