package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import java.util.Arrays;

/** A 1x1 convolution over a large map: whole channels, read as they lie. */
final class Pointwise implements Kernel {
  private static final int OUTPUTS = 8;

  private final Step.Convolution step;
  private final float[] weight;
  private final int outputs;
  private final int inputs;

  Pointwise(Step.Convolution step) {
    this.step = step;
    this.weight = step.weighting().folded();
    this.outputs = step.output().channels() / step.groups();
    this.inputs = step.input().channels() / step.groups();
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    Ending ending = new Ending(step.tail(), planes);
    int area = step.output().area();
    int blocks = Math.ceilDiv(outputs, OUTPUTS);
    int tiles = step.groups() * blocks;
    return (part, parts) -> {
      int end = Kernel.first(tiles, part + 1, parts);
      for (int tile = Kernel.first(tiles, part, parts); tile < end; tile++) {
        int group = tile / blocks;
        int from = group * outputs + tile % blocks * OUTPUTS;
        int to = Math.min(from + OUTPUTS, (group + 1) * outputs);
        for (int o = from; o < to; o++) {
          Arrays.fill(out[o], 0, area, step.weighting().bias()[o]);
        }
        Rows.add(out, from, to, in, group * inputs, inputs, weight, from * inputs, inputs, area);
        for (int o = from; o < to; o++) {
          ending.apply(out[o], o, area);
        }
      }
    };
  }
}
