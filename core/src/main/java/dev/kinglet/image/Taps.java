package dev.kinglet.image;

import java.util.Arrays;

/**
 * Which input samples, with which fixed-point weights, make each output sample along one axis.
 *
 * <p>This is Pillow's antialiased resize for 8-bit pictures: the filter is stretched by the shrink
 * factor, its weights are normalised in double precision and rounded to 22 fractional bits. Only
 * the outputs that a crop keeps are computed.
 */
final class Taps {
  /** Of 32 bits, 8 are the sample's and 2 are kept for the overshoot of negative weights. */
  static final int PRECISION = 32 - 8 - 2;

  final int in;
  final int out;
  final Filter filter;
  final int first;
  final int count;

  /** The first input sample of each kept output. */
  final int[] start;

  /** How many input samples each kept output has. */
  final int[] length;

  /** The weights of kept output i, from {@code i * stride} on. */
  final int[] weights;

  final int stride;

  /** The first of the four input samples that each output is made from. */
  int[] window;

  /** The four weights of each output, 0 where it has no tap. */
  int[] windowWeights;

  private int[] paired;
  private int[] byteStart;

  /** The filters of Pillow that recipes use. */
  enum Filter {
    /** A triangle, reaching 1 output sample to each side. */
    BILINEAR(1),
    /** Keys' cubic with a = -0.5, reaching 2. */
    BICUBIC(2);

    final double support;

    Filter(double support) {
      this.support = support;
    }

    double at(double x) {
      double t = Math.abs(x);
      if (this == BILINEAR) {
        return t < 1 ? 1 - t : 0;
      }
      double a = -0.5;
      if (t < 1) {
        return ((a + 2) * t - (a + 3)) * t * t + 1;
      }
      return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
    }
  }

  /** The taps of outputs {@code first} to {@code first + count} of a resize from in to out. */
  Taps(Filter filter, int in, int out, int first, int count) {
    this.filter = filter;
    this.in = in;
    this.out = out;
    this.first = first;
    this.count = count;
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1);
    double support = filter.support * stretch;
    stride = (int) Math.ceil(support) * 2 + 1;
    start = new int[count];
    length = new int[count];
    weights = new int[count * stride];
    double[] exact = new double[stride];
    double shrink = 1 / stretch;
    for (int i = 0; i < count; i++) {
      double centre = (first + i + 0.5) * scale;
      int from = Math.max(0, (int) (centre - support + 0.5));
      int n = Math.min(in, (int) (centre + support + 0.5)) - from;
      double sum = 0;
      for (int k = 0; k < n; k++) {
        exact[k] = filter.at((k + from - centre + 0.5) * shrink);
        sum += exact[k];
      }
      for (int k = 0; k < n; k++) {
        double weight = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << PRECISION);
        weights[i * stride + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
      start[i] = from;
      length[i] = n;
    }
  }

  /** Pairs of taps that machine code takes for every output; what is not needed has weight 0. */
  int pairs() {
    int most = 1;
    for (int n : length) {
      most = Math.max(most, n);
    }
    return (most + 1) / 2;
  }

  /**
   * Whether every output can be made from four taps inside the row; then {@link #window} and {@link
   * #windowWeights} are set.
   */
  boolean fours() {
    if (in < 4 || pairs() > 2) {
      return false;
    }
    if (window == null) {
      window = new int[count];
      windowWeights = new int[4 * count];
      for (int i = 0; i < count; i++) {
        window[i] = Math.min(start[i], in - 4);
        int lead = start[i] - window[i];
        System.arraycopy(weights, i * stride, windowWeights, 4 * i + lead, length[i]);
      }
    }
    return true;
  }

  /** For each output and pair of taps, four times the first and four times the second weight. */
  int[] pairedWeights() {
    if (paired == null) {
      int pairs = pairs();
      paired = new int[8 * pairs * count];
      byteStart = new int[count];
      for (int i = 0; i < count; i++) {
        byteStart[i] = 3 * start[i];
        for (int k = 0; k < length[i]; k++) {
          Arrays.fill(
              paired, 8 * pairs * i + 4 * k, 8 * pairs * i + 4 * k + 4, weights[i * stride + k]);
        }
      }
    }
    return paired;
  }

  /** The byte of an RGB row where each output's input starts; after {@link #pairedWeights}. */
  int[] byteStart() {
    return byteStart;
  }

  boolean fits(Filter filter, int in, int out, int first, int count) {
    return this.filter == filter
        && this.in == in
        && this.out == out
        && this.first == first
        && this.count == count;
  }

  /** The first input sample that any kept output needs. */
  int from() {
    return start[0];
  }

  /** The input sample after the last that any kept output needs. */
  int to() {
    return start[count - 1] + length[count - 1];
  }
}
