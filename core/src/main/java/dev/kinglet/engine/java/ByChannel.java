package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;

/**
 * A convolution over a small map: rows of output channels, summed for four positions a pass,
 * because a loop over a few positions is too short to run fast.
 */
final class ByChannel implements Kernel {
  private static final int WIDTH = 256;
  private static final int POSITIONS = 56;

  private final Step.Convolution step;
  private final Geometry geometry;
  private final int outputs;
  private final int inputs;
  private final int depth;
  private final int blocks;
  private final float[][] weight;
  private final float[][] bias;

  ByChannel(Step.Convolution step, Geometry geometry) {
    this.step = step;
    this.geometry = geometry;
    this.outputs = step.output().channels() / step.groups();
    this.inputs = step.input().channels() / step.groups();
    this.depth = inputs * geometry.taps();
    this.blocks = Math.ceilDiv(outputs, WIDTH);
    float[] folded = step.weighting().folded();
    weight = new float[step.groups() * blocks * depth][];
    bias = new float[step.groups() * blocks][];
    for (int b = 0; b < bias.length; b++) {
      int first = first(b);
      int width = width(b);
      bias[b] = new float[width];
      System.arraycopy(step.weighting().bias(), first, bias[b], 0, width);
      for (int k = 0; k < depth; k++) {
        float[] row = new float[width];
        for (int o = 0; o < width; o++) {
          row[o] = folded[(first + o) * depth + k];
        }
        weight[b * depth + k] = row;
      }
    }
  }

  private int first(int block) {
    return block / blocks * outputs + block % blocks * WIDTH;
  }

  private int width(int block) {
    return Math.min(WIDTH, outputs - block % blocks * WIDTH);
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    Ending ending = new Ending(step.tail(), planes);
    int area = geometry.outArea();
    int strips = Math.ceilDiv(area, POSITIONS);
    int strip = Math.ceilDiv(area, strips);
    float[][][] sums = new float[threads][strip][WIDTH];
    float[][][] turned = new float[threads][strip][depth];
    float[][][] rows = geometry.pointwise() ? null : new float[threads][depth][strip];
    int tiles = strips * bias.length;
    return (part, parts) -> {
      int end = Kernel.first(tiles, part + 1, parts);
      int filled = -1;
      for (int tile = Kernel.first(tiles, part, parts); tile < end; tile++) {
        int block = tile % bias.length;
        int lo = tile / bias.length * strip;
        int hi = Math.min(area, lo + strip);
        int group = block / blocks;
        if (filled != tile / blocks) {
          filled = tile / blocks;
          turn(in, group, rows == null ? null : rows[part], turned[part], lo, hi);
        }
        multiply(turned[part], block, sums[part], hi - lo);
        int first = first(block);
        for (int o = 0; o < bias[block].length; o++) {
          float[] plane = out[first + o];
          for (int p = lo; p < hi; p++) {
            plane[p] = sums[part][p - lo][o];
          }
          ending.apply(plane, first + o, lo, hi);
        }
      }
    };
  }

  /** Lays out what each position reads as one row. */
  private void turn(float[][] in, int group, float[][] rows, float[][] turned, int lo, int hi) {
    int shift = lo;
    float[][] from = in;
    int firstRow = group * inputs;
    if (rows != null) {
      Patches.fill(geometry, in, group * inputs, inputs, rows, lo, hi);
      from = rows;
      firstRow = 0;
      shift = 0;
    }
    for (int k = 0; k < depth; k++) {
      float[] row = from[firstRow + k];
      for (int p = 0; p < hi - lo; p++) {
        turned[p][k] = row[p + shift];
      }
    }
  }

  private void multiply(float[][] x, int block, float[][] sums, int positions) {
    int width = bias[block].length;
    for (int p = 0; p < positions; p++) {
      System.arraycopy(bias[block], 0, sums[p], 0, width);
    }
    Rows.add(sums, 0, positions, weight, block * depth, depth, x, width);
  }
}
