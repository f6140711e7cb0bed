package dev.kinglet.engine;

/**
 * What one core of this computer can do at most, measured by emitted code.
 *
 * @param isa the instruction set measured
 * @param macs multiply-adds a nanosecond, everything in registers
 * @param pairs the same of sums of which {@code x64} takes two thirds of the terms by pairs, two
 *     with one multiplication; 0 where it takes none
 * @param near bytes read a nanosecond out of 512 KB, the second cache on most processors
 * @param far bytes read a nanosecond out of 8 MB
 */
public record Ceiling(Isa isa, double macs, double pairs, double near, double far) {
  /**
   * The least time of a step: its multiply-adds at their peak, or its values read and written near
   * and its weights, which the rest of a network has pushed out, read far. A 3x3 convolution in
   * tiles and sums by pairs multiply less than their multiply-adds say, and may be done sooner.
   */
  public double nanoseconds(StepTime step) {
    return Math.max(step.macs() / macs, step.values() / near + step.weights() / far);
  }
}
