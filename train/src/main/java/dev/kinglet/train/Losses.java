package dev.kinglet.train;

import static dev.kinglet.train.TorchTensors.scalar;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What training makes small. */
final class Losses {
  private static final long MEAN = 1;
  private static final long IGNORE_NONE = -100;

  private Losses() {}

  /**
   * The mean cross entropy over a batch.
   *
   * @param smoothing the share of each target that is spread over all classes (Szegedy et al. 2016)
   */
  static Tensor crossEntropy(Tensor logits, long[] labels, double smoothing) {
    return torch.cross_entropy_loss(
        logits, TorchTensors.of(labels), TorchTensors.none(), MEAN, IGNORE_NONE, smoothing);
  }

  /**
   * The loss of samples blended of two: {@code share} of the first label, the rest of the other.
   */
  static Tensor blended(
      Tensor logits, long[] labels, long[] others, double share, double smoothing) {
    Tensor first = crossEntropy(logits, labels, smoothing);
    if (share == 1) {
      return first;
    }
    return first.mul(scalar(share)).add(crossEntropy(logits, others, smoothing), scalar(1 - share));
  }
}
