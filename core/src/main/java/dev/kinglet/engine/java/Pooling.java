package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Window;
import java.util.Arrays;

/** The maximum or the mean of each window. */
final class Pooling implements Kernel {
  private final Step.Pool step;
  private final Geometry geometry;
  private final float[] share;

  Pooling(Step.Pool step) {
    this.step = step;
    this.geometry = Geometry.of(step.input().shape(), step.output().shape(), step.window());
    this.share = step.kind() == Op.PoolKind.AVERAGE ? shares() : null;
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    int area = geometry.outArea();
    boolean max = step.kind() == Op.PoolKind.MAX;
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
        Arrays.fill(out[c], 0, area, max ? Float.NEGATIVE_INFINITY : 0);
        gather(in[c], out[c], max);
        if (!max) {
          divide(out[c], share, area);
        }
      }
    };
  }

  private static void divide(float[] sums, float[] counts, int area) {
    for (int p = 0; p < area; p++) {
      sums[p] /= counts[p];
    }
  }

  private void gather(float[] in, float[] out, boolean max) {
    Geometry g = geometry;
    for (int z = 0; z < g.outD(); z++) {
      for (int y = 0; y < g.outH(); y++) {
        int target = (z * g.outH() + y) * g.outW();
        for (int i = 0; i < g.kd(); i++) {
          int inZ = z * g.sz() - g.pz() + i * g.dz();
          for (int j = 0; j < g.kh(); j++) {
            int inY = y * g.sy() - g.py() + j * g.dy();
            if (inZ >= 0 && inZ < g.inD() && inY >= 0 && inY < g.inH()) {
              line(in, (inZ * g.inH() + inY) * g.inW() - g.px(), out, target, max);
            }
          }
        }
      }
    }
  }

  private void line(float[] in, int source, float[] out, int target, boolean max) {
    Geometry g = geometry;
    for (int k = 0; k < g.kw(); k++) {
      int end = g.endX(k);
      int from = source + k * g.dx();
      if (max) {
        for (int x = g.firstX(k); x < end; x++) {
          out[target + x] = Math.max(out[target + x], in[from + x * g.sx()]);
        }
      } else {
        for (int x = g.firstX(k); x < end; x++) {
          out[target + x] += in[from + x * g.sx()];
        }
      }
    }
  }

  /** By what the sum of each output is divided. */
  private float[] shares() {
    Geometry g = geometry;
    Window window = step.window();
    int rank = window.rank();
    float[] shares = new float[g.outArea()];
    for (int z = 0; z < g.outD(); z++) {
      int deep =
          rank < 3 ? 1 : counted(z, g.sz(), g.pz(), g.dz(), g.kd(), g.inD(), after(rank - 3));
      for (int y = 0; y < g.outH(); y++) {
        int high =
            rank < 2 ? 1 : counted(y, g.sy(), g.py(), g.dy(), g.kh(), g.inH(), after(rank - 2));
        for (int x = 0; x < g.outW(); x++) {
          int wide = counted(x, g.sx(), g.px(), g.dx(), g.kw(), g.inW(), after(rank - 1));
          shares[(z * g.outH() + y) * g.outW() + x] = deep * high * wide;
        }
      }
    }
    return shares;
  }

  private int after(int axis) {
    return step.window().after().get(axis);
  }

  private int counted(
      int out, int stride, int before, int dilation, int kernel, int in, int after) {
    int count = 0;
    for (int k = 0; k < kernel; k++) {
      int at = out * stride - before + k * dilation;
      boolean counts = step.countPadding() ? at >= -before && at < in + after : at >= 0 && at < in;
      count += counts ? 1 : 0;
    }
    return count;
  }
}
