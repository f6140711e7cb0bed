package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;

/** One form for functions that can be said in several. */
final class Activations {
  private Activations() {}

  /** The form that the reader gives a function: constants that do nothing have their defaults. */
  static Op.Activation canonical(Function function, float alpha, float beta) {
    return switch (function) {
      case CLIP -> clip(alpha, beta);
      case HARD_SIGMOID, SELU -> new Op.Activation(function, alpha, beta);
      case LEAKY_RELU, ELU, CELU -> new Op.Activation(function, alpha, 0);
      case RELU,
          RELU6,
          HARD_SWISH,
          SIGMOID,
          SILU,
          TANH,
          GELU,
          GELU_TANH,
          ERF,
          SQRT,
          EXP,
          LOG,
          ABS,
          NEGATE,
          RECIPROCAL,
          SOFTPLUS,
          SOFTSIGN,
          MISH,
          FLOOR,
          CEIL ->
          new Op.Activation(function);
    };
  }

  /** A function between two bounds, by its own name where it has one. */
  static Op.Activation clip(float low, float high) {
    if (low == 0 && high == 6) {
      return new Op.Activation(Function.RELU6);
    }
    if (low == 0 && high == Float.POSITIVE_INFINITY) {
      return new Op.Activation(Function.RELU);
    }
    return new Op.Activation(Function.CLIP, low, high);
  }

  /** The form that a hint names, if it says the same as what the structure says. */
  static Op.Activation hinted(Op.Activation found, String doc) {
    String name = Hint.find(doc, "function");
    if (name == null) {
      return found;
    }
    try {
      Function function = Function.valueOf(name);
      float alpha = Hint.number(doc, "alpha", 0);
      float beta = Hint.number(doc, "beta", 0);
      return canonical(function, alpha, beta).equals(found)
          ? new Op.Activation(function, alpha, beta)
          : found;
    } catch (IllegalArgumentException e) {
      return found;
    }
  }
}
