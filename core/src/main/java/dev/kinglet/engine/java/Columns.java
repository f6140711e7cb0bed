package dev.kinglet.engine.java;

import java.util.Arrays;

/**
 * Weights turned round for some neighbouring outputs: one row an input, outputs side by side.
 *
 * @param first output
 * @param bias of each output
 * @param rows the weights of each input
 */
record Columns(int first, float[] bias, float[][] rows) {
  /** The most outputs side by side. */
  static final int WIDEST = 256;

  /** How many blocks this many outputs are cut into. */
  static int blocks(int outputs) {
    return Math.ceilDiv(outputs, WIDEST);
  }

  /**
   * One of {@code blocks} equal blocks of {@code outputs} outputs, the first of which is {@code
   * from}.
   */
  static Columns of(
      float[] weight, float[] bias, int depth, int from, int outputs, int block, int blocks) {
    int first = from + Kernel.first(outputs, block, blocks);
    int end = from + Kernel.first(outputs, block + 1, blocks);
    float[][] rows = new float[depth][end - first];
    for (int o = first; o < end; o++) {
      for (int k = 0; k < depth; k++) {
        rows[k][o - first] = weight[o * depth + k];
      }
    }
    return new Columns(first, Arrays.copyOfRange(bias, first, end), rows);
  }

  int width() {
    return bias.length;
  }

  /** {@code out[o] = bias[o] + sum over k of weight[k][o] * x[k]}. */
  void apply(float[] x, float[] out) {
    System.arraycopy(bias, 0, out, 0, bias.length);
    Rows.one(out, rows, 0, rows.length, x, 0, bias.length);
  }
}
