package dev.kinglet.engine.java;

import static java.lang.Math.fma;

/**
 * Sums of scaled rows: the inner loops of every product.
 *
 * <p>The just-in-time compiler makes vector code of a loop over several arrays only if all of them
 * are read and written at the loop's own index and the loop begins at 0; an offset, even one that
 * does not change, makes it fall back to one number at a time (JDK 25; a factor of six). So every
 * row is an array of its own. Four rows are written from four others a pass: sixteen multiply-adds
 * for eight loads and four stores.
 */
final class Rows {
  private Rows() {}

  /**
   * {@code out[from + o][p] += sum over k of weight[base + o * stride + k] * in[inFrom + k][p]} for
   * {@code from + o < to}, {@code k < count}, {@code p < width}.
   */
  static void add(
      float[][] out,
      int from,
      int to,
      float[][] in,
      int inFrom,
      int count,
      float[] weight,
      int base,
      int stride,
      int width) {
    int o = from;
    int w = base;
    for (; o + 4 <= to; o += 4, w += 4 * stride) {
      int k = 0;
      for (; k + 4 <= count; k += 4) {
        fourFromFour(
            out[o],
            out[o + 1],
            out[o + 2],
            out[o + 3],
            in[inFrom + k],
            in[inFrom + k + 1],
            in[inFrom + k + 2],
            in[inFrom + k + 3],
            weight,
            w + k,
            stride,
            width);
      }
      for (; k < count; k++) {
        fourFromOne(
            out[o],
            out[o + 1],
            out[o + 2],
            out[o + 3],
            in[inFrom + k],
            weight[w + k],
            weight[w + stride + k],
            weight[w + 2 * stride + k],
            weight[w + 3 * stride + k],
            width);
      }
    }
    for (; o < to; o++, w += stride) {
      one(out[o], in, inFrom, count, weight, w, width);
    }
  }

  /** {@code out[p] += sum over k of weight[w + k] * in[inFrom + k][p]}. */
  static void one(
      float[] out, float[][] in, int inFrom, int count, float[] weight, int w, int width) {
    int k = 0;
    for (; k + 8 <= count; k += 8) {
      oneFromEight(
          out,
          in[inFrom + k],
          in[inFrom + k + 1],
          in[inFrom + k + 2],
          in[inFrom + k + 3],
          in[inFrom + k + 4],
          in[inFrom + k + 5],
          in[inFrom + k + 6],
          in[inFrom + k + 7],
          weight,
          w + k,
          width);
    }
    for (; k + 4 <= count; k += 4) {
      oneFromFour(
          out,
          in[inFrom + k],
          in[inFrom + k + 1],
          in[inFrom + k + 2],
          in[inFrom + k + 3],
          weight,
          w + k,
          width);
    }
    for (; k < count; k++) {
      oneFromOne(out, in[inFrom + k], weight[w + k], width);
    }
  }

  /**
   * {@code out[o][p] += sum over k of factor[o * stride + k] * in[inFrom + k][p]}, four rows of
   * {@code in} at a time for all of {@code out}, so that each is read once.
   */
  static void addAll(
      float[][] out,
      int outs,
      float[][] in,
      int inFrom,
      int count,
      float[] factor,
      int stride,
      int width) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      float[] i0 = in[inFrom + k];
      float[] i1 = in[inFrom + k + 1];
      float[] i2 = in[inFrom + k + 2];
      float[] i3 = in[inFrom + k + 3];
      int o = 0;
      for (; o + 4 <= outs; o += 4) {
        fourFromFour(
            out[o],
            out[o + 1],
            out[o + 2],
            out[o + 3],
            i0,
            i1,
            i2,
            i3,
            factor,
            o * stride + k,
            stride,
            width);
      }
      for (; o < outs; o++) {
        oneFromFour(out[o], i0, i1, i2, i3, factor, o * stride + k, width);
      }
    }
    for (; k < count; k++) {
      for (int o = 0; o < outs; o++) {
        oneFromOne(out[o], in[inFrom + k], factor[o * stride + k], width);
      }
    }
  }

  private static void fourFromFour(
      float[] o0,
      float[] o1,
      float[] o2,
      float[] o3,
      float[] i0,
      float[] i1,
      float[] i2,
      float[] i3,
      float[] w,
      int at,
      int stride,
      int width) {
    float a0 = w[at];
    float a1 = w[at + 1];
    float a2 = w[at + 2];
    float a3 = w[at + 3];
    float b0 = w[at + stride];
    float b1 = w[at + stride + 1];
    float b2 = w[at + stride + 2];
    float b3 = w[at + stride + 3];
    float c0 = w[at + 2 * stride];
    float c1 = w[at + 2 * stride + 1];
    float c2 = w[at + 2 * stride + 2];
    float c3 = w[at + 2 * stride + 3];
    float d0 = w[at + 3 * stride];
    float d1 = w[at + 3 * stride + 1];
    float d2 = w[at + 3 * stride + 2];
    float d3 = w[at + 3 * stride + 3];
    for (int p = 0; p < width; p++) {
      float x0 = i0[p];
      float x1 = i1[p];
      float x2 = i2[p];
      float x3 = i3[p];
      o0[p] = fma(a3, x3, fma(a2, x2, fma(a1, x1, fma(a0, x0, o0[p]))));
      o1[p] = fma(b3, x3, fma(b2, x2, fma(b1, x1, fma(b0, x0, o1[p]))));
      o2[p] = fma(c3, x3, fma(c2, x2, fma(c1, x1, fma(c0, x0, o2[p]))));
      o3[p] = fma(d3, x3, fma(d2, x2, fma(d1, x1, fma(d0, x0, o3[p]))));
    }
  }

  private static void fourFromOne(
      float[] o0,
      float[] o1,
      float[] o2,
      float[] o3,
      float[] in,
      float a,
      float b,
      float c,
      float d,
      int width) {
    for (int p = 0; p < width; p++) {
      float x = in[p];
      o0[p] = fma(a, x, o0[p]);
      o1[p] = fma(b, x, o1[p]);
      o2[p] = fma(c, x, o2[p]);
      o3[p] = fma(d, x, o3[p]);
    }
  }

  private static void oneFromEight(
      float[] out,
      float[] i0,
      float[] i1,
      float[] i2,
      float[] i3,
      float[] i4,
      float[] i5,
      float[] i6,
      float[] i7,
      float[] weight,
      int at,
      int width) {
    float w0 = weight[at];
    float w1 = weight[at + 1];
    float w2 = weight[at + 2];
    float w3 = weight[at + 3];
    float w4 = weight[at + 4];
    float w5 = weight[at + 5];
    float w6 = weight[at + 6];
    float w7 = weight[at + 7];
    for (int p = 0; p < width; p++) {
      float low = fma(w3, i3[p], fma(w2, i2[p], fma(w1, i1[p], w0 * i0[p])));
      float high = fma(w7, i7[p], fma(w6, i6[p], fma(w5, i5[p], w4 * i4[p])));
      out[p] += low + high;
    }
  }

  private static void oneFromFour(
      float[] out,
      float[] i0,
      float[] i1,
      float[] i2,
      float[] i3,
      float[] weight,
      int at,
      int width) {
    float w0 = weight[at];
    float w1 = weight[at + 1];
    float w2 = weight[at + 2];
    float w3 = weight[at + 3];
    for (int p = 0; p < width; p++) {
      out[p] = fma(w3, i3[p], fma(w2, i2[p], fma(w1, i1[p], fma(w0, i0[p], out[p]))));
    }
  }

  private static void oneFromOne(float[] out, float[] in, float w, int width) {
    for (int p = 0; p < width; p++) {
      out[p] = fma(w, in[p], out[p]);
    }
  }
}
