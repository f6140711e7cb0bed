package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** Steps that bring several elements of a sample together. */
final class Reductions {
  private Reductions() {}

  static Kernel reduce(Step.Reduce step) {
    if (step.axes().equals(List.of(0))) {
      return channels(step);
    }
    Shape in = step.input().shape();
    Strides strides = new Strides(in);
    int[] target = new int[in.elements()];
    int[] at = new int[in.rank()];
    for (int e = 0; e < target.length; e++) {
      strides.coordinates(e, at);
      int to = 0;
      for (int axis = 0; axis < at.length; axis++) {
        to = step.axes().contains(axis) ? to : to * in.size(axis) + at[axis];
      }
      target[e] = to;
    }
    int elements = step.output().shape().elements();
    int share = in.elements() / elements;
    return (planes, threads) -> {
      float[][] from = planes.of(step.input());
      float[][] out = planes.of(step.output());
      double[] sums = new double[elements];
      return (part, parts) -> {
        if (part > 0) {
          return;
        }
        Arrays.fill(sums, start(step.kind()));
        for (int e = 0; e < target.length; e++) {
          float x = from[e / in.area()][e % in.area()];
          sums[target[e]] =
              switch (step.kind()) {
                case MEAN, SUM -> sums[target[e]] + x;
                case MAX -> Math.max(sums[target[e]], x);
                case MIN -> Math.min(sums[target[e]], x);
              };
        }
        for (int e = 0; e < elements; e++) {
          double result = step.kind() == Op.Reduce.Kind.MEAN ? sums[e] / share : sums[e];
          out[e / step.output().area()][e % step.output().area()] = (float) result;
        }
      };
    };
  }

  /** All channels brought together at each position. */
  private static Kernel channels(Step.Reduce step) {
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] target = planes.of(step.output());
      int area = step.input().area();
      float[] sums = new float[area];
      return (part, parts) -> {
        if (part > 0) {
          return;
        }
        Arrays.fill(sums, (float) start(step.kind()));
        for (float[] x : in) {
          switch (step.kind()) {
            case MEAN, SUM -> sum(sums, x);
            case MAX -> max(sums, x);
            case MIN -> min(sums, x);
          }
        }
        for (int p = 0; p < area; p++) {
          float result = step.kind() == Op.Reduce.Kind.MEAN ? sums[p] / in.length : sums[p];
          target[p / step.output().area()][p % step.output().area()] = result;
        }
      };
    };
  }

  private static double start(Op.Reduce.Kind kind) {
    return switch (kind) {
      case MEAN, SUM -> 0;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static void sum(float[] sums, float[] x) {
    for (int p = 0; p < sums.length; p++) {
      sums[p] += x[p];
    }
  }

  private static void max(float[] sums, float[] x) {
    for (int p = 0; p < sums.length; p++) {
      sums[p] = Math.max(sums[p], x[p]);
    }
  }

  private static void min(float[] sums, float[] x) {
    for (int p = 0; p < sums.length; p++) {
      sums[p] = Math.min(sums[p], x[p]);
    }
  }

  static Kernel softmax(Step.Softmax step) {
    Shape shape = step.input().shape();
    int size = shape.size(step.axis());
    int stride = new Strides(shape).stride(step.axis());
    int lines = shape.elements() / size;
    int area = shape.area();
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      double[][] line = new double[threads][size];
      return (part, parts) -> {
        double[] powers = line[part];
        int end = Kernel.first(lines, part + 1, parts);
        for (int l = Kernel.first(lines, part, parts); l < end; l++) {
          int first = l / stride * stride * size + l % stride;
          double max = Double.NEGATIVE_INFINITY;
          for (int i = 0; i < size; i++) {
            int e = first + i * stride;
            max = Math.max(max, in[e / area][e % area]);
          }
          double sum = 0;
          for (int i = 0; i < size; i++) {
            int e = first + i * stride;
            powers[i] = Math.exp(in[e / area][e % area] - max);
            sum += powers[i];
          }
          for (int i = 0; i < size; i++) {
            int e = first + i * stride;
            out[e / area][e % area] = (float) (powers[i] / sum);
          }
        }
      };
    };
  }

  static Kernel normalise(Step.Normalise step) {
    Op.LocalResponseNorm norm = step.norm();
    int behind = (norm.size() - 1) / 2;
    int ahead = norm.size() - 1 - behind;
    return (planes, threads) -> {
      float[][] in = planes.of(step.input());
      float[][] out = planes.of(step.output());
      int area = step.output().area();
      return (part, parts) -> {
        int end = Kernel.first(out.length, part + 1, parts);
        for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
          int from = Math.max(0, c - behind);
          int to = Math.min(in.length - 1, c + ahead);
          for (int p = 0; p < area; p++) {
            double squares = 0;
            for (int n = from; n <= to; n++) {
              squares += (double) in[n][p] * in[n][p];
            }
            out[c][p] =
                (float)
                    (in[c][p]
                        / Math.pow(
                            norm.bias() + norm.alpha() / norm.size() * squares, norm.beta()));
          }
        }
      };
    };
  }
}
