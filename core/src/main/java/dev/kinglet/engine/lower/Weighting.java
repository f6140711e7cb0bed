package dev.kinglet.engine.lower;

import dev.kinglet.graph.Tensor;
import java.util.Arrays;

/**
 * The numbers of a convolution or a linear layer: {@code scale[o] * (weights of output o) * x +
 * bias[o]}.
 *
 * <p>Folded normalisations change scale and bias only; a back end multiplies the weights by the
 * scale while it packs them, so that stored weights are read once.
 *
 * @param weight as the checkpoint stores it, of any type
 * @param scale a factor an output channel
 * @param bias what is added to an output channel
 */
public record Weighting(Tensor weight, float[] scale, float[] bias) {
  /** Stored weights as they are, with this bias. */
  static Weighting of(Tensor weight, float[] bias) {
    float[] ones = new float[bias.length];
    Arrays.fill(ones, 1);
    return new Weighting(weight, ones, bias);
  }

  /** The number of output channels. */
  public int outputs() {
    return bias.length;
  }

  /** Followed by {@code factor * result + shift} a channel. */
  Weighting then(float[] factor, float[] shift) {
    float[] scaled = new float[scale.length];
    float[] moved = new float[bias.length];
    // Local names: a new process interprets this, and would fetch a component at every use.
    float[] scales = scale;
    float[] biases = bias;
    for (int o = 0; o < moved.length; o++) {
      scaled[o] = scales[o] * factor[o];
      moved[o] = (float) ((double) biases[o] * factor[o] + shift[o]);
    }
    return new Weighting(weight, scaled, moved);
  }

  /**
   * The weights times the scale, in the order in which they are stored; for weights whose outermost
   * axis is the output channel.
   */
  public float[] folded() {
    float[] values = weight.toFloats();
    int each = values.length / outputs();
    for (int o = 0; o < outputs(); o++) {
      if (scale[o] != 1) {
        for (int i = o * each; i < (o + 1) * each; i++) {
          values[i] *= scale[o];
        }
      }
    }
    return values;
  }
}
