package dev.kinglet.analysis;

/**
 * A 1 x 1 convolution's cost in the terms of ShuffleNetV2's first two guidelines (Ma et al. 2018,
 * §2), counted in elements, not bytes.
 *
 * @param name the layer's
 * @param in channels read
 * @param out channels written
 * @param groups of channels that do not mix
 * @param positions height times width
 */
public record Pointwise(String name, int in, int out, int groups, long positions) {

  /** Multiply-accumulates: {@code hw c1 c2 / g}. */
  public long macs() {
    return positions * in * (out / groups);
  }

  /** Elements read and written: {@code hw (c1 + c2) + c1 c2 / g}. */
  public long access() {
    return positions * (in + out) + (long) in * (out / groups);
  }

  /**
   * The least access that this many multiply-accumulates can have without groups: {@code 2 sqrt(hw
   * B) + B / hw}, reached where as many channels are written as are read (the paper's equation 1).
   */
  public double leastAccess() {
    return 2 * Math.sqrt((double) positions * macs()) + (double) macs() / positions;
  }

  /**
   * How many times the least access it has: 1 for equal channels without groups, more where they
   * differ (the first guideline) or are grouped (the second).
   */
  public double excess() {
    return access() / leastAccess();
  }
}
