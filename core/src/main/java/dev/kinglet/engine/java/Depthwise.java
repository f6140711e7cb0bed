package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import java.util.Arrays;

/** A convolution of each channel with a kernel of its own. */
final class Depthwise implements Kernel {
  private final Step.Convolution step;
  private final Geometry geometry;
  private final float[] weight;

  Depthwise(Step.Convolution step, Geometry geometry) {
    this.step = step;
    this.geometry = geometry;
    this.weight = step.weighting().folded();
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    Ending ending = new Ending(step.tail(), planes);
    int area = geometry.outArea();
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
        Arrays.fill(out[c], 0, area, step.weighting().bias()[c]);
        channel(in[c], out[c], c * geometry.taps());
        ending.apply(out[c], c, 0, area);
      }
    };
  }

  private void channel(float[] in, float[] out, int first) {
    Geometry g = geometry;
    for (int z = 0; z < g.outD(); z++) {
      for (int y = 0; y < g.outH(); y++) {
        int target = (z * g.outH() + y) * g.outW();
        int tap = first;
        for (int i = 0; i < g.kd(); i++) {
          int inZ = z * g.sz() - g.pz() + i * g.dz();
          for (int j = 0; j < g.kh(); j++) {
            int inY = y * g.sy() - g.py() + j * g.dy();
            if (inZ >= 0 && inZ < g.inD() && inY >= 0 && inY < g.inH()) {
              line(in, (inZ * g.inH() + inY) * g.inW() - g.px(), out, target, tap);
            }
            tap += g.kw();
          }
        }
      }
    }
  }

  private void line(float[] in, int source, float[] out, int target, int tap) {
    Geometry g = geometry;
    for (int k = 0; k < g.kw(); k++) {
      float w = weight[tap + k];
      int end = g.endX(k);
      int from = source + k * g.dx();
      for (int x = g.firstX(k); x < end; x++) {
        out[target + x] = Math.fma(w, in[from + x * g.sx()], out[target + x]);
      }
    }
  }
}
