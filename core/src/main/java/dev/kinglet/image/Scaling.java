package dev.kinglet.image;

import java.util.List;

/**
 * How samples become values: {@code (v / divisor - mean) / std}, and in which order of channels.
 *
 * @param bgr blue comes first
 * @param divisor what 8-bit samples are divided by first, 255 or 1 or 127.5
 * @param mean for each channel of the output
 * @param std for each channel of the output
 */
record Scaling(boolean bgr, float divisor, List<Float> mean, List<Float> std) {

  Scaling {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  static Scaling of(double divisor, double mean, double std) {
    float m = (float) mean;
    float s = (float) std;
    return new Scaling(false, (float) divisor, List.of(m, m, m), List.of(s, s, s));
  }

  /** The mean and deviation of ImageNet's colours that PyTorch's checkpoints use. */
  static Scaling imagenet() {
    return new Scaling(
        false, 255, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
  }

  float apply(float sample, int channel) {
    return (sample / divisor - mean.get(channel)) / std.get(channel);
  }

  float[] table() {
    float[] table = new float[3 * 256];
    for (int c = 0; c < 3; c++) {
      for (int v = 0; v < 256; v++) {
        table[c << 8 | v] = apply(v, c);
      }
    }
    return table;
  }

  float[] constants() {
    return new float[] {
      divisor, mean.get(0), mean.get(1), mean.get(2), std.get(0), std.get(1), std.get(2)
    };
  }

  String describe() {
    return (bgr ? "BGR" : "RGB") + " / " + divisor + ", mean " + mean + ", std " + std;
  }
}
