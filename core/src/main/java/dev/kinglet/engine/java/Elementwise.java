package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.View;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;

/** Steps whose results stand where their operands do. */
final class Elementwise {
  private Elementwise() {}

  static Kernel affine(Step.Affine step) {
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      Ending ending = new Ending(step.tail(), planes);
      int area = step.output().area();
      return eachChannel(
          planes.of(step.output()),
          (out, c) -> {
            scale(in[c], out, step.scale()[c], step.shift()[c], area);
            ending.apply(out, c, area);
          });
    };
  }

  static Kernel activate(Step.Activate step) {
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      int area = step.output().area();
      return eachChannel(
          planes.of(step.output()),
          (out, c) -> {
            System.arraycopy(in[c], 0, out, 0, area);
            Functions.apply(step.activation(), out, area);
          });
    };
  }

  static Kernel prelu(Step.PRelu step) {
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      int area = step.output().area();
      return eachChannel(
          planes.of(step.output()),
          (out, c) -> {
            float[] x = in[c];
            float slope = step.slope()[c];
            for (int p = 0; p < area; p++) {
              out[p] = x[p] >= 0 ? x[p] : slope * x[p];
            }
          });
    };
  }

  static Kernel binary(Step.Binary step) {
    Shape shape = step.output().shape();
    int[] leftAt = positions(step.left(), shape);
    int[] rightAt = positions(step.right(), shape);
    return (planes, threads) -> {
      float[][] left = planes.of(step.left());
      float[][] right = planes.of(step.right());
      Ending ending = new Ending(step.tail(), planes);
      int area = shape.area();
      return eachChannel(
          planes.of(step.output()),
          (out, c) -> {
            float[] a = left[left.length == 1 ? 0 : c];
            float[] b = right[right.length == 1 ? 0 : c];
            spread(a, leftAt, step.left().area(), out, area);
            combine(step.kind(), out, b, rightAt, step.right().area(), area);
            ending.apply(out, c, area);
          });
    };
  }

  /** What is done with one channel. */
  private interface Channel {
    void run(float[] out, int c);
  }

  private static Kernel.Task eachChannel(float[][] out, Channel channel) {
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
        channel.run(out[c], c);
      }
    };
  }

  private static void scale(float[] x, float[] out, float scale, float shift, int area) {
    for (int p = 0; p < area; p++) {
      out[p] = Math.fma(scale, x[p], shift);
    }
  }

  /** Where each position of the result reads; null if at the same place or always at the first. */
  private static int[] positions(View view, Shape out) {
    if (view.area() == out.area() || view.area() == 1) {
      return null;
    }
    int[] at = new int[out.area()];
    for (int p = 0; p < at.length; p++) {
      int rest = p;
      int stride = 1;
      for (int axis = out.rank() - 1; axis > 0; axis--) {
        int size = view.shape().size(axis);
        at[p] += size == 1 ? 0 : rest % out.size(axis) * stride;
        rest /= out.size(axis);
        stride *= size;
      }
    }
    return at;
  }

  private static void spread(float[] x, int[] at, int size, float[] out, int area) {
    if (at != null) {
      for (int p = 0; p < area; p++) {
        out[p] = x[at[p]];
      }
    } else if (size == area) {
      System.arraycopy(x, 0, out, 0, area);
    } else {
      Arrays.fill(out, 0, area, x[0]);
    }
  }

  private static void combine(
      Op.Arithmetic.Kind kind, float[] out, float[] y, int[] at, int size, int area) {
    if (at == null && size == area) {
      combine(kind, out, y, area);
    } else if (at == null) {
      combine(kind, out, y[0], area);
    } else {
      for (int p = 0; p < area; p++) {
        out[p] = combine(kind, out[p], y[at[p]]);
      }
    }
  }

  private static void combine(Op.Arithmetic.Kind kind, float[] out, float[] y, int area) {
    switch (kind) {
      case ADD -> {
        for (int p = 0; p < area; p++) {
          out[p] += y[p];
        }
      }
      case MULTIPLY -> {
        for (int p = 0; p < area; p++) {
          out[p] *= y[p];
        }
      }
      case SUBTRACT, DIVIDE, POWER, MAXIMUM, MINIMUM -> {
        for (int p = 0; p < area; p++) {
          out[p] = combine(kind, out[p], y[p]);
        }
      }
    }
  }

  private static void combine(Op.Arithmetic.Kind kind, float[] out, float y, int area) {
    switch (kind) {
      case ADD -> {
        for (int p = 0; p < area; p++) {
          out[p] += y;
        }
      }
      case MULTIPLY -> {
        for (int p = 0; p < area; p++) {
          out[p] *= y;
        }
      }
      case SUBTRACT, DIVIDE, POWER, MAXIMUM, MINIMUM -> {
        for (int p = 0; p < area; p++) {
          out[p] = combine(kind, out[p], y);
        }
      }
    }
  }

  private static float combine(Op.Arithmetic.Kind kind, float x, float y) {
    return switch (kind) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case POWER -> (float) Math.pow(x, y);
      case MAXIMUM -> Math.max(x, y);
      case MINIMUM -> Math.min(x, y);
    };
  }
}
