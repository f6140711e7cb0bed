package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
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

  private int in;
  private int out;
  private Filter filter;
  private int first;

  /** How many outputs are kept. */
  int count;

  /** The first input sample of each kept output. */
  int[] start = new int[0];

  /** How many input samples each kept output has. */
  int[] length = new int[0];

  /** The weights of kept output i, from {@code i * stride} on. */
  final Ints weights = new Ints();

  int stride;

  /** The first of the four input samples that each output is made from; see {@link #fours}. */
  final Ints window = new Ints();

  /** The four weights of each output, 0 where it has no tap. */
  final Ints windowWeights = new Ints();

  /** For each output and four taps, the weights as machine code takes them; see {@link #split}. */
  final Ints words = new Ints();

  /** The byte of an RGB row where each output's input starts. */
  final Ints byteStart = new Ints();

  private boolean hasWindow;
  private boolean hasWords;
  private double[] exact = new double[0];

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

  /**
   * Holds the taps of outputs {@code first} to {@code first + count} of a resize from in to out.
   */
  void set(Filter filter, int in, int out, int first, int count) {
    if (this.filter == filter
        && this.in == in
        && this.out == out
        && this.first == first
        && this.count == count) {
      return;
    }
    this.filter = filter;
    this.in = in;
    this.out = out;
    this.first = first;
    this.count = count;
    hasWindow = false;
    hasWords = false;
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1);
    double support = filter.support * stretch;
    stride = (int) Math.ceil(support) * 2 + 1;
    if (start.length < count) {
      start = new int[count];
      length = new int[count];
    }
    if (exact.length < stride) {
      exact = new double[stride];
    }
    int[] weights = this.weights.room(count * stride);
    double shrink = 1 / stretch;
    for (int i = 0; i < count; i++) {
      double centre = (first + i + 0.5) * scale;
      int from = from(centre, support);
      int n = to(centre, support, in) - from;
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

  private static int from(double centre, double support) {
    return Math.max(0, (int) (centre - support + 0.5));
  }

  private static int to(double centre, double support, int in) {
    return Math.min(in, (int) (centre + support + 0.5));
  }

  /** The first input sample of an output of a resize from in to out. */
  static int from(Filter filter, int in, int out, int output) {
    double scale = (double) in / out;
    return from((output + 0.5) * scale, filter.support * Math.max(scale, 1));
  }

  /** The input sample after the last of an output of a resize from in to out. */
  static int to(Filter filter, int in, int out, int output) {
    double scale = (double) in / out;
    return to((output + 0.5) * scale, filter.support * Math.max(scale, 1), in);
  }

  /** Groups of so many taps that are enough for every output. */
  int most(int group) {
    int most = 1;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, length[i]);
    }
    return (most + group - 1) / group;
  }

  /**
   * Whether every output can be made from four taps inside the row; then {@link #window} and {@link
   * #windowWeights} are set.
   */
  boolean fours() {
    if (in < 4 || most(4) > 1) {
      return false;
    }
    if (!hasWindow) {
      hasWindow = true;
      int[] window = this.window.room(count);
      int[] four = windowWeights.room(4 * count);
      Arrays.fill(four, 0, 4 * count, 0);
      for (int i = 0; i < count; i++) {
        window[i] = Math.min(start[i], in - 4);
        int lead = start[i] - window[i];
        System.arraycopy(weights.array, i * stride, four, 4 * i + lead, length[i]);
      }
    }
    return true;
  }

  /**
   * Sets {@link #words} and {@link #byteStart}, as machine code takes the taps: of every pair of
   * weights four times the lower bits as two words, and behind two such pairs the upper bits alike.
   */
  void split() {
    if (hasWords) {
      return;
    }
    hasWords = true;
    int each = 16 * most(4);
    int[] words = this.words.room(each * count);
    int[] bytes = byteStart.room(count);
    Arrays.fill(words, 0, each * count, 0);
    int lower = (1 << PixelCode.LOWER) - 1;
    for (int i = 0; i < count; i++) {
      bytes[i] = 3 * start[i];
      for (int k = 0; k < length[i]; k++) {
        int weight = weights.array[i * stride + k];
        int at = each * i + 16 * (k / 4) + 4 * (k / 2 % 2);
        int shift = 16 * (k % 2);
        for (int j = 0; j < 4; j++) {
          words[at + j] |= (weight & lower) << shift;
          words[at + 8 + j] |= (weight >> PixelCode.LOWER & 0xFFFF) << shift;
        }
      }
    }
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
