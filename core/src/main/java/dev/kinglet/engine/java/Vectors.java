package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;

/** Steps that make vectors: linear layers, global pools, squeeze-excite. */
final class Vectors {
  private Vectors() {}

  static Kernel linear(Step.Linear step) {
    Product product = new Product(step.weighting());
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      Ending ending = new Ending(step.tail(), planes);
      int area = step.input().area();
      float[][] x = new float[threads][product.inputs()];
      float[] sums = new float[product.outputs()];
      return (part, parts) -> {
        int lo = Kernel.first(sums.length, part, parts);
        int hi = Kernel.first(sums.length, part + 1, parts);
        for (int c = 0; c < in.length; c++) {
          System.arraycopy(in[c], 0, x[part], c * area, area);
        }
        product.apply(x[part], sums, lo, hi);
        for (int o = lo; o < hi; o++) {
          out[o][0] = sums[o];
          ending.apply(out[o], o, 0, 1);
        }
      };
    };
  }

  static Kernel globalPool(Step.GlobalPool step) {
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      int area = step.input().area();
      return (part, parts) -> {
        int end = Kernel.first(out.length, part + 1, parts);
        for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
          out[c][0] =
              switch (step.kind()) {
                case AVERAGE -> mean(in[c], area);
                case MAX -> max(in[c], area);
              };
        }
      };
    };
  }

  static Kernel squeezeExcite(Step.SqueezeExcite step) {
    Product squeeze = new Product(step.squeeze());
    Product expand = new Product(step.expand());
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      float[] means = new float[squeeze.inputs()];
      float[] squeezed = new float[squeeze.outputs()];
      float[] gates = new float[expand.outputs()];
      return (part, parts) -> {
        if (part > 0) {
          return;
        }
        for (int c = 0; c < means.length; c++) {
          means[c] = mean(in[c], step.input().area());
        }
        squeeze.apply(means, squeezed, 0, squeezed.length);
        step.inner().ifPresent(f -> Functions.apply(f, squeezed, 0, squeezed.length));
        expand.apply(squeezed, gates, 0, gates.length);
        step.outer().ifPresent(f -> Functions.apply(f, gates, 0, gates.length));
        for (int c = 0; c < gates.length; c++) {
          out[c][0] = gates[c];
        }
      };
    };
  }

  /** The mean of the first {@code count} elements, in four sums. */
  static float mean(float[] x, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int p = 0;
    for (; p + 4 <= count; p += 4) {
      a += x[p];
      b += x[p + 1];
      c += x[p + 2];
      d += x[p + 3];
    }
    for (; p < count; p++) {
      a += x[p];
    }
    return (float) ((a + b + (c + d)) / count);
  }

  private static float max(float[] x, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int p = 0; p < count; p++) {
      max = Math.max(max, x[p]);
    }
    return max;
  }
}
