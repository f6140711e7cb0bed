package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;

/** How an optimiser turns a gradient into a step; the learning rate comes from a schedule. */
public sealed interface Rule {
  /**
   * Stochastic gradient descent as PyTorch computes it.
   *
   * @param momentum the share of the last step that goes on
   * @param nesterov whether the gradient is looked ahead (Sutskever et al. 2013)
   */
  record Sgd(double momentum, boolean nesterov) implements Rule {}

  /**
   * Steps divided by the root of a running mean of squared gradients.
   *
   * @param decay of the running mean
   * @param momentum the share of the last step that goes on
   * @param epsilon keeps the divisor above 0
   * @param tensorflow epsilon inside the root, the mean beginning at 1 and the rate inside the
   *     momentum, as TensorFlow and timm's RMSpropTF do; else PyTorch's
   */
  record RmsProp(double decay, double momentum, double epsilon, boolean tensorflow)
      implements Rule {}

  /** Adam (Kingma, Ba 2015) with weight decay, if any, added to the gradient. */
  record Adam(double beta1, double beta2, double epsilon) implements Rule {}

  /** Adam with weight decay beside the gradient (Loshchilov, Hutter 2019). */
  record AdamW(double beta1, double beta2, double epsilon) implements Rule {}

  /**
   * The rule that a word stands for, with its usual constants.
   *
   * @throws InvalidInputException listing the words
   */
  static Rule named(String word) {
    return switch (word) {
      case "sgd" -> new Sgd(0.9, false);
      case "nesterov" -> new Sgd(0.9, true);
      case "rmsprop" -> new RmsProp(0.9, 0.9, 1e-8, false);
      case "rmsprop_tf" -> new RmsProp(0.9, 0.9, 1e-3, true);
      case "adam" -> new Adam(0.9, 0.999, 1e-8);
      case "adamw" -> new AdamW(0.9, 0.999, 1e-8);
      default ->
          throw new InvalidInputException(
              "There is no optimiser '"
                  + word
                  + "'; there are sgd, nesterov, rmsprop, rmsprop_tf, adam and adamw.");
    };
  }
}
