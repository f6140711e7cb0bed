package dev.kinglet.zoo;

/** Rounding of scaled channel counts. */
final class Channels {
  private Channels() {}

  /**
   * The nearest multiple of {@code divisor}, at least one of them, and never below nine tenths of
   * the value: the rule of MobileNetV2's reference code, which V3, GhostNet and EfficientNet share.
   */
  static int divisible(double value, int divisor) {
    return divisible(value, divisor, 0.9);
  }

  /** As {@link #divisible(double, int)} with another share below which it rounds up; 0 for none. */
  static int divisible(double value, int divisor, double limit) {
    int rounded = Math.max(divisor, (int) (value + divisor / 2.0) / divisor * divisor);
    return rounded < limit * value ? rounded + divisor : rounded;
  }
}
