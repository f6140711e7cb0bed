package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;

/**
 * A convolution over a small map: rows of output channels, summed for four positions a pass,
 * because a loop over a few positions is too short to run fast.
 */
final class ByChannel implements Kernel {
  private final Step.Convolution step;
  private final Geometry geometry;
  private final Patches patches;
  private final int inputs;
  private final int depth;
  private final int blocks;
  private final Columns[] columns;

  ByChannel(Step.Convolution step, Geometry geometry) {
    this.step = step;
    this.geometry = geometry;
    this.patches = new Patches(geometry);
    this.inputs = step.input().channels() / step.groups();
    this.depth = inputs * geometry.taps();
    int outputs = step.output().channels() / step.groups();
    float[] folded = step.weighting().folded();
    this.blocks = Columns.blocks(outputs);
    this.columns = new Columns[step.groups() * blocks];
    for (int b = 0; b < columns.length; b++) {
      columns[b] =
          Columns.of(
              folded,
              step.weighting().bias(),
              depth,
              b / blocks * outputs,
              outputs,
              b % blocks,
              blocks);
    }
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    Ending ending = new Ending(step.tail(), planes);
    int area = geometry.outArea();
    int lines = geometry.outD() * geometry.outH();
    float[][][] sums = new float[threads][area][Columns.WIDEST];
    float[][] turned = new float[threads][area * depth];
    float[][][] rows = geometry.pointwise() ? null : new float[threads][depth][area];
    return (part, parts) -> {
      int end = Kernel.first(columns.length, part + 1, parts);
      int filled = -1;
      for (int b = Kernel.first(columns.length, part, parts); b < end; b++) {
        int group = b / blocks;
        if (filled != group) {
          filled = group;
          if (rows == null) {
            turn(in, group * inputs, turned[part]);
          } else {
            patches.fill(in, group * inputs, inputs, rows[part], 0, lines);
            turn(rows[part], 0, turned[part]);
          }
        }
        Columns block = columns[b];
        for (int p = 0; p < area; p++) {
          System.arraycopy(block.bias(), 0, sums[part][p], 0, block.width());
        }
        Rows.addAll(sums[part], area, block.rows(), 0, depth, turned[part], depth, block.width());
        for (int o = 0; o < block.width(); o++) {
          float[] plane = out[block.first() + o];
          for (int p = 0; p < area; p++) {
            plane[p] = sums[part][p][o];
          }
          ending.apply(plane, block.first() + o, area);
        }
      }
    };
  }

  /** Lays out what each position reads behind each other. */
  private void turn(float[][] rows, int first, float[] turned) {
    int area = geometry.outArea();
    for (int k = 0; k < depth; k++) {
      float[] row = rows[first + k];
      for (int p = 0; p < area; p++) {
        turned[p * depth + k] = row[p];
      }
    }
  }
}
