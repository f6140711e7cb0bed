package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import java.util.Arrays;

/** A transposed convolution: every input element adds the scaled kernel to the output around it. */
final class TransposedConvolution implements Kernel {
  private final Step.Transposed step;
  private final Geometry back;
  private final float[] weight;
  private final int outputs;
  private final int inputs;

  TransposedConvolution(Step.Transposed step) {
    this.step = step;
    this.back = Geometry.of(step.output().shape(), step.input().shape(), step.window());
    this.weight = step.weighting().weight().toFloats();
    this.outputs = step.output().channels() / step.groups();
    this.inputs = step.input().channels() / step.groups();
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    int area = step.output().area();
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int o = Kernel.first(out.length, part, parts); o < end; o++) {
        int group = o / outputs;
        Arrays.fill(out[o], 0, area, step.weighting().bias()[o]);
        for (int i = group * inputs; i < (group + 1) * inputs; i++) {
          spread(
              in[i],
              out[o],
              (i * outputs + o % outputs) * back.taps(),
              step.weighting().scale()[o]);
        }
      }
    };
  }

  /** In {@code back}, "out" is what this step reads and "in" what it writes. */
  private void spread(float[] in, float[] out, int tap, float scale) {
    Geometry g = back;
    for (int z = 0; z < g.outD(); z++) {
      for (int y = 0; y < g.outH(); y++) {
        int source = (z * g.outH() + y) * g.outW();
        for (int i = 0; i < g.kd(); i++) {
          int outZ = z * g.sz() - g.pz() + i * g.dz();
          for (int j = 0; j < g.kh(); j++) {
            int outY = y * g.sy() - g.py() + j * g.dy();
            if (outZ < 0 || outZ >= g.inD() || outY < 0 || outY >= g.inH()) {
              continue;
            }
            int line = (outZ * g.inH() + outY) * g.inW() - g.px();
            for (int k = 0; k < g.kw(); k++) {
              float w = weight[tap + (i * g.kh() + j) * g.kw() + k] * scale;
              int target = line + k * g.dx();
              for (int x = g.firstX(k); x < g.endX(k); x++) {
                out[target + x * g.sx()] = Math.fma(w, in[source + x], out[target + x * g.sx()]);
              }
            }
          }
        }
      }
    }
  }
}
