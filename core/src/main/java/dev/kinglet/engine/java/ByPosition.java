package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import java.util.Arrays;

/**
 * A convolution over a large map: rows of positions, summed for four output channels a pass.
 *
 * <p>A pointwise convolution reads the channels as they lie; any other first lays out its patches,
 * a strip of positions at a time, so that they stay in the cache.
 */
final class ByPosition implements Kernel {
  /** What the rows of one strip may take of the second cache, in floats. */
  private static final int CACHED = 64 * 1024;

  private static final int SHORTEST = 64;
  private static final int OUTPUTS = 16;

  private final Step.Convolution step;
  private final Geometry geometry;
  private final float[] weight;
  private final int outputs;
  private final int inputs;
  private final int depth;

  ByPosition(Step.Convolution step, Geometry geometry) {
    this.step = step;
    this.geometry = geometry;
    this.weight = step.weighting().folded();
    this.outputs = step.output().channels() / step.groups();
    this.inputs = step.input().channels() / step.groups();
    this.depth = inputs * geometry.taps();
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    Ending ending = new Ending(step.tail(), planes);
    int area = geometry.outArea();
    int strip = Math.min(area, Math.max(SHORTEST, CACHED / depth / 16 * 16));
    if (threads > 1) {
      strip = Math.min(strip, Math.max(SHORTEST, Math.ceilDiv(area, threads)));
    }
    return geometry.pointwise()
        ? direct(in, out, ending, strip)
        : patched(in, out, ending, strip, threads);
  }

  private Task direct(float[][] in, float[][] out, Ending ending, int strip) {
    int area = geometry.outArea();
    int strips = Math.ceilDiv(area, strip);
    int blocks = Math.ceilDiv(outputs, OUTPUTS);
    int tiles = strips * step.groups() * blocks;
    return (part, parts) -> {
      int end = Kernel.first(tiles, part + 1, parts);
      for (int tile = Kernel.first(tiles, part, parts); tile < end; tile++) {
        int block = tile % blocks;
        int group = tile / blocks % step.groups();
        int lo = tile / blocks / step.groups() * strip;
        int hi = Math.min(area, lo + strip);
        int from = group * outputs + block * OUTPUTS;
        int to = Math.min(from + OUTPUTS, (group + 1) * outputs);
        for (int o = from; o < to; o++) {
          Arrays.fill(out[o], lo, hi, step.weighting().bias()[o]);
        }
        Rows.add(out, from, to, in, group * inputs, depth, weight, from * depth, depth, lo, hi);
        for (int o = from; o < to; o++) {
          ending.apply(out[o], o, lo, hi);
        }
      }
    };
  }

  private Task patched(float[][] in, float[][] out, Ending ending, int strip, int threads) {
    int area = geometry.outArea();
    int strips = Math.ceilDiv(area, strip);
    float[][][] rows = new float[threads][depth][strip];
    float[][][] sums = new float[threads][outputs][strip];
    return (part, parts) -> {
      int end = Kernel.first(strips * step.groups(), part + 1, parts);
      for (int tile = Kernel.first(strips * step.groups(), part, parts); tile < end; tile++) {
        int group = tile % step.groups();
        int lo = tile / step.groups() * strip;
        int hi = Math.min(area, lo + strip);
        int first = group * outputs;
        Patches.fill(geometry, in, group * inputs, inputs, rows[part], lo, hi);
        for (int o = 0; o < outputs; o++) {
          Arrays.fill(sums[part][o], 0, hi - lo, step.weighting().bias()[first + o]);
        }
        Rows.add(
            sums[part], 0, outputs, rows[part], 0, depth, weight, first * depth, depth, 0, hi - lo);
        for (int o = 0; o < outputs; o++) {
          System.arraycopy(sums[part][o], 0, out[first + o], lo, hi - lo);
          ending.apply(out[first + o], first + o, lo, hi);
        }
      }
    };
  }
}
