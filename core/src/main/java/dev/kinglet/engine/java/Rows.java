package dev.kinglet.engine.java;

import static java.lang.Math.fma;

/**
 * Sums of scaled rows: the inner loops of every matrix product.
 *
 * <p>All rows use one index, so that the just-in-time compiler makes vector code. Up to four rows
 * are written from four others a pass: sixteen multiply-adds for eight loads and four stores.
 */
final class Rows {
  private Rows() {}

  /**
   * {@code out[o][p] += sum over k of weight[(first + o) * stride + k] * in[k][p]} for positions lo
   * to hi.
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
      int lo,
      int hi) {
    int o = from;
    for (; o + 4 <= to; o += 4) {
      float[] o0 = out[o];
      float[] o1 = out[o + 1];
      float[] o2 = out[o + 2];
      float[] o3 = out[o + 3];
      int w0 = base + (o - from) * stride;
      int w1 = w0 + stride;
      int w2 = w1 + stride;
      int w3 = w2 + stride;
      int k = 0;
      for (; k + 4 <= count; k += 4) {
        fourFromFour(
            o0,
            o1,
            o2,
            o3,
            in[inFrom + k],
            in[inFrom + k + 1],
            in[inFrom + k + 2],
            in[inFrom + k + 3],
            weight,
            weight,
            weight,
            weight,
            w0 + k,
            w1 + k,
            w2 + k,
            w3 + k,
            lo,
            hi);
      }
      for (; k < count; k++) {
        fourFromOne(
            o0,
            o1,
            o2,
            o3,
            in[inFrom + k],
            weight[w0 + k],
            weight[w1 + k],
            weight[w2 + k],
            weight[w3 + k],
            lo,
            hi);
      }
    }
    for (; o < to; o++) {
      int w = base + (o - from) * stride;
      int k = 0;
      for (; k + 4 <= count; k += 4) {
        oneFromFour(
            out[o],
            in[inFrom + k],
            in[inFrom + k + 1],
            in[inFrom + k + 2],
            in[inFrom + k + 3],
            weight[w + k],
            weight[w + k + 1],
            weight[w + k + 2],
            weight[w + k + 3],
            lo,
            hi);
      }
      for (; k < count; k++) {
        oneFromOne(out[o], in[inFrom + k], weight[w + k], lo, hi);
      }
    }
  }

  /**
   * {@code out[o][p] += sum over k of factor[o][k] * in[inFrom + k][p]} for positions 0 to width;
   * rows of {@code in} are taken four at a time for all of {@code out}, so that each is read once.
   */
  static void add(
      float[][] out,
      int from,
      int to,
      float[][] in,
      int inFrom,
      int count,
      float[][] factor,
      int width) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      float[] i0 = in[inFrom + k];
      float[] i1 = in[inFrom + k + 1];
      float[] i2 = in[inFrom + k + 2];
      float[] i3 = in[inFrom + k + 3];
      int o = from;
      for (; o + 4 <= to; o += 4) {
        fourFromFour(
            out[o],
            out[o + 1],
            out[o + 2],
            out[o + 3],
            i0,
            i1,
            i2,
            i3,
            factor[o],
            factor[o + 1],
            factor[o + 2],
            factor[o + 3],
            k,
            k,
            k,
            k,
            0,
            width);
      }
      for (; o < to; o++) {
        float[] f = factor[o];
        oneFromFour(out[o], i0, i1, i2, i3, f[k], f[k + 1], f[k + 2], f[k + 3], 0, width);
      }
    }
    for (; k < count; k++) {
      for (int o = from; o < to; o++) {
        oneFromOne(out[o], in[inFrom + k], factor[o][k], 0, width);
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
      float[] wa,
      float[] wb,
      float[] wc,
      float[] wd,
      int w0,
      int w1,
      int w2,
      int w3,
      int lo,
      int hi) {
    float a0 = wa[w0];
    float a1 = wa[w0 + 1];
    float a2 = wa[w0 + 2];
    float a3 = wa[w0 + 3];
    float b0 = wb[w1];
    float b1 = wb[w1 + 1];
    float b2 = wb[w1 + 2];
    float b3 = wb[w1 + 3];
    float c0 = wc[w2];
    float c1 = wc[w2 + 1];
    float c2 = wc[w2 + 2];
    float c3 = wc[w2 + 3];
    float d0 = wd[w3];
    float d1 = wd[w3 + 1];
    float d2 = wd[w3 + 2];
    float d3 = wd[w3 + 3];
    for (int p = lo; p < hi; p++) {
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
      int lo,
      int hi) {
    for (int p = lo; p < hi; p++) {
      float x = in[p];
      o0[p] = fma(a, x, o0[p]);
      o1[p] = fma(b, x, o1[p]);
      o2[p] = fma(c, x, o2[p]);
      o3[p] = fma(d, x, o3[p]);
    }
  }

  private static void oneFromFour(
      float[] out,
      float[] i0,
      float[] i1,
      float[] i2,
      float[] i3,
      float a,
      float b,
      float c,
      float d,
      int lo,
      int hi) {
    for (int p = lo; p < hi; p++) {
      out[p] = fma(d, i3[p], fma(c, i2[p], fma(b, i1[p], fma(a, i0[p], out[p]))));
    }
  }

  private static void oneFromOne(float[] out, float[] in, float a, int lo, int hi) {
    for (int p = lo; p < hi; p++) {
      out[p] = fma(a, in[p], out[p]);
    }
  }
}
