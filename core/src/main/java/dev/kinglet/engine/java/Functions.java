package dev.kinglet.engine.java;

import dev.kinglet.graph.Op;

/** The functions of one number, over parts of arrays. */
final class Functions {
  private Functions() {}

  /** Applies a function in place to the first {@code count} numbers. */
  static void apply(Op.Activation activation, float[] x, int count) {
    float a = activation.alpha();
    float b = activation.beta();
    switch (activation.function()) {
      case RELU -> {
        for (int p = 0; p < count; p++) {
          x[p] = Math.max(x[p], 0);
        }
      }
      case RELU6 -> clip(x, count, 0, 6);
      case CLIP -> clip(x, count, a, b);
      case HARD_SIGMOID -> {
        for (int p = 0; p < count; p++) {
          x[p] = Math.min(Math.max(a * x[p] + b, 0), 1);
        }
      }
      case HARD_SWISH -> {
        for (int p = 0; p < count; p++) {
          x[p] = x[p] * Math.min(Math.max(x[p] + 3, 0), 6) * (1 / 6f);
        }
      }
      case ABS -> {
        for (int p = 0; p < count; p++) {
          x[p] = Math.abs(x[p]);
        }
      }
      case NEGATE -> {
        for (int p = 0; p < count; p++) {
          x[p] = -x[p];
        }
      }
      case SQRT -> {
        for (int p = 0; p < count; p++) {
          x[p] = (float) Math.sqrt(x[p]);
        }
      }
      case SIGMOID,
          SILU,
          TANH,
          GELU,
          GELU_TANH,
          LEAKY_RELU,
          ELU,
          ERF,
          EXP,
          LOG,
          RECIPROCAL,
          SOFTPLUS,
          SOFTSIGN,
          SELU,
          CELU,
          MISH,
          FLOOR,
          CEIL -> {
        for (int p = 0; p < count; p++) {
          x[p] = (float) value(activation.function(), a, b, x[p]);
        }
      }
    }
  }

  private static void clip(float[] x, int count, float low, float high) {
    for (int p = 0; p < count; p++) {
      x[p] = Math.min(Math.max(x[p], low), high);
    }
  }

  private static double value(Op.Function function, double a, double b, double x) {
    return switch (function) {
      case RELU -> Math.max(x, 0);
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case CLIP -> Math.min(Math.max(x, a), b);
      case HARD_SIGMOID -> Math.min(Math.max(a * x + b, 0), 1);
      case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SILU -> x / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case LEAKY_RELU -> x >= 0 ? x : a * x;
      case ELU -> x >= 0 ? x : a * Math.expm1(x);
      case ERF -> erf(x);
      case SQRT -> Math.sqrt(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case ABS -> Math.abs(x);
      case NEGATE -> -x;
      case RECIPROCAL -> 1 / x;
      case SOFTPLUS -> softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SELU -> b * (x > 0 ? x : a * Math.expm1(x));
      case CELU -> Math.max(0, x) + Math.min(0, a * Math.expm1(x / a));
      case MISH -> x * Math.tanh(softplus(x));
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
    };
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /**
   * The error function by the series {@code 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!}
   * (Abramowitz, Stegun 1964, 7.1.6), whose terms all have one sign; beyond 6 it is 1 in double
   * precision.
   */
  private static double erf(double x) {
    if (!(Math.abs(x) < 6)) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
