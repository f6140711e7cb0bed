package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import java.util.Arrays;

/**
 * Any convolution over a large map: lays out its patches, a strip of lines at a time, so that they
 * stay in the cache, and multiplies them. A depthwise convolution is one with as many groups as
 * channels.
 */
final class Patched implements Kernel {
  /** What the rows of one strip may take of the second cache, in floats. */
  private static final int CACHED = 64 * 1024;

  /** What they may take of the first cache, where each row is read only once. */
  private static final int NEAR = 6 * 1024;

  private final Step.Convolution step;
  private final Geometry geometry;
  private final Patches patches;
  private final float[] weight;
  private final int outputs;
  private final int inputs;
  private final int depth;

  Patched(Step.Convolution step, Geometry geometry) {
    this.step = step;
    this.geometry = geometry;
    this.patches = new Patches(geometry);
    this.weight = step.weighting().folded();
    this.outputs = step.output().channels() / step.groups();
    this.inputs = step.input().channels() / step.groups();
    this.depth = inputs * geometry.taps();
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    int width = geometry.outW();
    int lines = geometry.outD() * geometry.outH();
    int fitting = (outputs == 1 ? NEAR : CACHED) / depth / width;
    int shared = Math.ceilDiv(lines, Math.ceilDiv(threads, step.groups()));
    int strip = Math.clamp(Math.min(fitting, shared), 1, lines);
    int strips = Math.ceilDiv(lines, strip);
    Ending ending = new Ending(step.tail(), planes, threads, strip * width);
    float[][][] rows = new float[threads][depth][strip * width];
    float[][][] sums = new float[threads][outputs][strip * width];
    int tiles = strips * step.groups();
    return (part, parts) -> {
      int end = Kernel.first(tiles, part + 1, parts);
      for (int tile = Kernel.first(tiles, part, parts); tile < end; tile++) {
        int group = tile / strips;
        int from = tile % strips * strip;
        int to = Math.min(lines, from + strip);
        int count = (to - from) * width;
        int first = group * outputs;
        patches.fill(in, group * inputs, inputs, rows[part], from, to);
        for (int o = 0; o < outputs; o++) {
          Arrays.fill(sums[part][o], 0, count, step.weighting().bias()[first + o]);
        }
        Rows.add(sums[part], 0, outputs, rows[part], 0, depth, weight, first * depth, depth, count);
        for (int o = 0; o < outputs; o++) {
          ending.apply(part, sums[part][o], first + o, from * width, count);
          System.arraycopy(sums[part][o], 0, out[first + o], from * width, count);
        }
      }
    };
  }
}
