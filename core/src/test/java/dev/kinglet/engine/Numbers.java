package dev.kinglet.engine;

import dev.kinglet.graph.Op;

/** What every function of one or two numbers means, in double precision. */
final class Numbers {
  private Numbers() {}

  static double combined(Op.Arithmetic.Kind kind, double a, double b) {
    return switch (kind) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case POWER -> Math.pow(a, b);
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
    };
  }

  static double function(Op.Activation activation, double x) {
    double a = activation.alpha();
    double b = activation.beta();
    return switch (activation.function()) {
      case RELU -> Math.max(x, 0);
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case CLIP -> x < a ? Math.min(a, b) : x > b ? b : x;
      case HARD_SIGMOID -> Math.clamp(a * x + b, 0, 1);
      case HARD_SWISH -> x * Math.clamp(x + 3, 0, 6) / 6;
      case SIGMOID -> sigmoid(x);
      case SILU -> x * sigmoid(x);
      case TANH -> 2 * sigmoid(2 * x) - 1;
      case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
      case GELU_TANH -> x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3)));
      case LEAKY_RELU -> x < 0 ? a * x : x;
      case ELU -> x < 0 ? a * (Math.exp(x) - 1) : x;
      case ERF -> erf(x);
      case SQRT -> Math.sqrt(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case ABS -> x < 0 ? -x : x;
      case NEGATE -> -x;
      case RECIPROCAL -> 1 / x;
      case SOFTPLUS -> Math.log(1 + Math.exp(x));
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SELU -> b * (x > 0 ? x : a * (Math.exp(x) - 1));
      case CELU -> (x > 0 ? x : 0) + Math.min(0, a * (Math.exp(x / a) - 1));
      case MISH -> x * Math.tanh(Math.log(1 + Math.exp(x)));
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** The integral of {@code 2 / sqrt(pi) e^(-t^2)} from 0 to x, by Simpson's rule. */
  private static double erf(double x) {
    int steps = 400;
    double width = x / steps;
    double sum = 1 + Math.exp(-x * x);
    for (int i = 1; i < steps; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-Math.pow(i * width, 2));
    }
    return 2 / Math.sqrt(Math.PI) * sum * width / 3;
  }
}
