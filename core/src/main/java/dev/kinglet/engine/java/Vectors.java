package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Weighting;

/** Steps that make vectors: linear layers, global pools, squeeze-excite. */
final class Vectors {
  private Vectors() {}

  static Kernel linear(Step.Linear step) {
    Columns[] columns = columns(step.weighting());
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      Ending ending = new Ending(step.tail(), planes);
      int area = step.input().area();
      float[][] x = new float[threads][in.length * area];
      float[][] sums = new float[threads][Columns.WIDEST];
      return (part, parts) -> {
        int end = Kernel.first(columns.length, part + 1, parts);
        int begin = Kernel.first(columns.length, part, parts);
        if (begin < end) {
          for (int c = 0; c < in.length; c++) {
            System.arraycopy(in[c], 0, x[part], c * area, area);
          }
        }
        for (int b = begin; b < end; b++) {
          columns[b].apply(x[part], sums[part]);
          for (int o = 0; o < columns[b].width(); o++) {
            int c = columns[b].first() + o;
            out[c][0] = sums[part][o];
            ending.apply(out[c], c, 1);
          }
        }
      };
    };
  }

  private static Columns[] columns(Weighting weighting) {
    float[] folded = weighting.folded();
    int outputs = weighting.outputs();
    Columns[] columns = new Columns[Columns.blocks(outputs)];
    for (int b = 0; b < columns.length; b++) {
      columns[b] =
          Columns.of(
              folded, weighting.bias(), folded.length / outputs, 0, outputs, b, columns.length);
    }
    return columns;
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
    Columns[] squeeze = columns(step.squeeze());
    Columns[] expand = columns(step.expand());
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      float[] means = new float[in.length];
      float[] squeezed = new float[step.squeeze().outputs()];
      float[] gates = new float[out.length];
      float[] sums = new float[Columns.WIDEST];
      return (part, parts) -> {
        if (part > 0) {
          return;
        }
        for (int c = 0; c < means.length; c++) {
          means[c] = mean(in[c], step.input().area());
        }
        apply(squeeze, means, squeezed, sums);
        step.inner().ifPresent(f -> Functions.apply(f, squeezed, squeezed.length));
        apply(expand, squeezed, gates, sums);
        step.outer().ifPresent(f -> Functions.apply(f, gates, gates.length));
        for (int c = 0; c < gates.length; c++) {
          out[c][0] = gates[c];
        }
      };
    };
  }

  private static void apply(Columns[] columns, float[] x, float[] out, float[] sums) {
    for (Columns block : columns) {
      block.apply(x, sums);
      System.arraycopy(sums, 0, out, block.first(), block.width());
    }
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
