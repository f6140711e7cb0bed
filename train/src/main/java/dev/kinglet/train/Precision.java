package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The numbers in which a training step computes convolutions and linear layers; weights, their sums
 * and evaluation are always in single precision.
 */
enum Precision {
  /** Single precision. */
  FLOAT32,

  /**
   * LibTorch's autocast to bfloat16: nearly twice as fast where a processor multiplies such numbers
   * and the convolutions are dense; depthwise networks gain nothing.
   */
  BFLOAT16;

  /**
   * The precision that a word stands for.
   *
   * @throws InvalidInputException listing the words
   */
  static Precision named(String word) {
    return switch (word) {
      case "float32" -> FLOAT32;
      case "bfloat16" -> BFLOAT16;
      default ->
          throw new InvalidInputException(
              "There is no precision '" + word + "'; there are float32 and bfloat16.");
    };
  }

  /** The answers of a network in training, in single precision; the way back is the tape's. */
  Tensor forward(TorchNetwork network, Tensor input, Tape tape) {
    return switch (this) {
      case FLOAT32 -> network.forward(input, tape);
      case BFLOAT16 -> {
        torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
        torch.set_autocast_enabled(DeviceType.CPU, true);
        torch.increment_nesting();
        try {
          yield network.forward(input, tape).to(ScalarType.Float);
        } finally {
          if (torch.decrement_nesting() == 0) {
            torch.clear_cache();
          }
          torch.set_autocast_enabled(DeviceType.CPU, false);
        }
      }
    };
  }
}
