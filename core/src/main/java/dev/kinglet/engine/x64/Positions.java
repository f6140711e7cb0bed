package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** Which input positions make each output position, for pooling, reductions and interpolation. */
final class Positions {
  private Positions() {}

  static WindowKernel.Kind kind(Op.Reduce.Kind kind) {
    return switch (kind) {
      case MEAN, SUM -> WindowKernel.Kind.SUM;
      case MAX -> WindowKernel.Kind.MAXIMUM;
      case MIN -> WindowKernel.Kind.MINIMUM;
    };
  }

  private static WindowKernel.Kind kind(Op.PoolKind kind) {
    return switch (kind) {
      case AVERAGE -> WindowKernel.Kind.SUM;
      case MAX -> WindowKernel.Kind.MAXIMUM;
    };
  }

  static Task all(String name, Op.PoolKind kind, View input, Value output) {
    int[] taps = new int[input.area()];
    Arrays.setAll(taps, i -> i);
    float[] factor = {kind == Op.PoolKind.AVERAGE ? 1f / taps.length : 1};
    return new Task.Gather(name, kind(kind), input, new int[][] {taps}, null, factor, output);
  }

  static Task pool(Step.Pool s) {
    Reach reach = Reach.of(s.window());
    int[] in = Reach.sizes(s.input().shape());
    int[] out = Reach.sizes(s.output().shape());
    int[] after = new int[3];
    for (int axis = 0; axis < s.window().rank(); axis++) {
      after[3 - s.window().rank() + axis] = s.window().after().get(axis);
    }
    int[][] taps = new int[s.output().area()][];
    float[] factors = new float[taps.length];
    int[] room = new int[reach.taps()];
    for (int i = 0; i < taps.length; i++) {
      int[] at = {i / (out[1] * out[2]), i / out[2] % out[1], i % out[2]};
      int found = 0;
      int counted = 0;
      for (int tap = 0; tap < reach.taps(); tap++) {
        int[] k = {
          tap / (reach.kernel()[1] * reach.kernel()[2]),
          tap / reach.kernel()[2] % reach.kernel()[1],
          tap % reach.kernel()[2]
        };
        int position = 0;
        boolean inside = true;
        boolean padded = true;
        for (int axis = 0; axis < 3; axis++) {
          int x =
              at[axis] * reach.stride()[axis]
                  - reach.before()[axis]
                  + k[axis] * reach.dilation()[axis];
          inside &= x >= 0 && x < in[axis];
          padded &= x < in[axis] + after[axis];
          position = position * in[axis] + x;
        }
        if (inside) {
          room[found++] = position;
        }
        if (padded) {
          counted++;
        }
      }
      taps[i] = Arrays.copyOf(room, found);
      factors[i] = 1f / (s.countPadding() ? counted : found);
    }
    return new Task.Gather(s.name(), kind(s.kind()), s.input(), taps, null, factors, s.output());
  }

  /** The axes behind the channels reduced; channels stay. */
  static Task reduce(
      String name, Op.Reduce.Kind kind, View input, List<Integer> axes, Value output) {
    Shape in = input.shape();
    int[] inner = in.toArray();
    int[] places = new int[output.area()];
    int[] outOf = new int[in.area()];
    int[] count = new int[output.area()];
    for (int i = 0; i < outOf.length; i++) {
      int rest = i;
      int to = 0;
      int step = 1;
      for (int axis = inner.length - 1; axis > 0; axis--) {
        int x = rest % inner[axis];
        rest /= inner[axis];
        if (!axes.contains(axis)) {
          to += x * step;
          step *= inner[axis];
        }
      }
      outOf[i] = to;
      count[to]++;
    }
    int[][] taps = new int[output.area()][];
    for (int o = 0; o < taps.length; o++) {
      taps[o] = new int[count[o]];
    }
    for (int i = 0; i < outOf.length; i++) {
      taps[outOf[i]][places[outOf[i]]++] = i;
    }
    float[] factors = new float[taps.length];
    for (int o = 0; o < taps.length; o++) {
      factors[o] = kind == Op.Reduce.Kind.MEAN ? 1f / taps[o].length : 1;
    }
    return new Task.Gather(name, kind(kind), input, taps, null, factors, output);
  }

  static Task resize(Step.Resize s) {
    Op.Resize resize = s.resize();
    Shape in = s.input().shape();
    Shape out = s.output().shape();
    int[][] taps = new int[s.output().area()][];
    float[][] weights = new float[taps.length][];
    int spatial = in.rank() - 1;
    for (int i = 0; i < taps.length; i++) {
      int[] at = new int[spatial];
      for (int axis = spatial - 1, rest = i; axis >= 0; axis--) {
        at[axis] = rest % out.size(axis + 1);
        rest /= out.size(axis + 1);
      }
      int[] place = {0};
      float[] weight = {1};
      for (int axis = 0; axis < spatial; axis++) {
        int size = in.size(axis + 1);
        double x = resize.coordinate(axis, at[axis], size, out.size(axis + 1));
        int low;
        float high = 0;
        if (resize.interpolation() == Op.Resize.Interpolation.LINEAR) {
          double inside = Math.clamp(x, 0, size - 1);
          low = (int) Math.floor(inside);
          high = (float) (inside - low);
        } else {
          low = nearest(resize.interpolation(), x, size);
        }
        place = join(place, size, low, high > 0);
        weight = join(weight, high);
      }
      taps[i] = place;
      weights[i] = weight;
    }
    float[] factors = new float[taps.length];
    Arrays.fill(factors, 1);
    return new Task.Gather(
        s.name(), WindowKernel.Kind.WEIGHTED, s.input(), taps, weights, factors, s.output());
  }

  private static int[] join(int[] places, int size, int low, boolean two) {
    int[] joined = new int[two ? places.length * 2 : places.length];
    for (int i = 0; i < places.length; i++) {
      joined[i] = places[i] * size + low;
      if (two) {
        joined[places.length + i] = places[i] * size + low + 1;
      }
    }
    return joined;
  }

  private static float[] join(float[] weights, float high) {
    if (high == 0) {
      return weights;
    }
    float[] joined = new float[weights.length * 2];
    for (int i = 0; i < weights.length; i++) {
      joined[i] = weights[i] * (1 - high);
      joined[weights.length + i] = weights[i] * high;
    }
    return joined;
  }

  private static int nearest(Op.Resize.Interpolation interpolation, double x, int in) {
    double place =
        switch (interpolation) {
          case NEAREST_FLOOR -> Math.floor(x);
          case NEAREST_CEIL -> Math.ceil(x);
          case NEAREST_ROUND_DOWN -> Math.ceil(x - 0.5);
          case NEAREST_ROUND_UP -> Math.floor(x + 0.5);
          case LINEAR -> throw new AssertionError("linear is not nearest");
        };
    return (int) Math.max(0, Math.min(place, in - 1));
  }
}
