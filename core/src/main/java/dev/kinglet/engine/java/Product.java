package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Weighting;

/** A matrix times a vector: rows of outputs, summed from eight inputs a pass. */
final class Product {
  private final float[][] weight;
  private final float[] bias;

  Product(Weighting weighting) {
    float[] folded = weighting.folded();
    bias = weighting.bias();
    int inputs = folded.length / bias.length;
    weight = new float[inputs][bias.length];
    for (int o = 0; o < bias.length; o++) {
      for (int k = 0; k < inputs; k++) {
        weight[k][o] = folded[o * inputs + k];
      }
    }
  }

  int inputs() {
    return weight.length;
  }

  int outputs() {
    return bias.length;
  }

  /** {@code out[o] = bias[o] + sum over k of weight[k][o] * x[k]} for outputs lo to hi. */
  void apply(float[] x, float[] out, int lo, int hi) {
    System.arraycopy(bias, lo, out, lo, hi - lo);
    int k = 0;
    for (; k + 8 <= weight.length; k += 8) {
      eight(
          out,
          weight[k],
          weight[k + 1],
          weight[k + 2],
          weight[k + 3],
          weight[k + 4],
          weight[k + 5],
          weight[k + 6],
          weight[k + 7],
          x,
          k,
          lo,
          hi);
    }
    for (; k < weight.length; k++) {
      one(out, weight[k], x[k], lo, hi);
    }
  }

  private static void eight(
      float[] out,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      float[] w4,
      float[] w5,
      float[] w6,
      float[] w7,
      float[] x,
      int k,
      int lo,
      int hi) {
    float x0 = x[k];
    float x1 = x[k + 1];
    float x2 = x[k + 2];
    float x3 = x[k + 3];
    float x4 = x[k + 4];
    float x5 = x[k + 5];
    float x6 = x[k + 6];
    float x7 = x[k + 7];
    for (int o = lo; o < hi; o++) {
      float low = Math.fma(x3, w3[o], Math.fma(x2, w2[o], Math.fma(x1, w1[o], x0 * w0[o])));
      float high = Math.fma(x7, w7[o], Math.fma(x6, w6[o], Math.fma(x5, w5[o], x4 * w4[o])));
      out[o] += low + high;
    }
  }

  private static void one(float[] out, float[] w, float x, int lo, int hi) {
    for (int o = lo; o < hi; o++) {
      out[o] = Math.fma(x, w[o], out[o]);
    }
  }
}
