package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;

/**
 * A 3x3 convolution of each channel with a kernel of its own, in two dimensions: the nine weights
 * stay in registers, the channel is read from a copy with its border around it.
 */
final class DepthwiseNine implements Kernel {
  private final Step.Convolution step;
  private final Geometry geometry;
  private final float[] weight;
  private final int pitch;
  private final int lines;

  DepthwiseNine(Step.Convolution step, Geometry geometry) {
    this.step = step;
    this.geometry = geometry;
    this.weight = step.weighting().folded();
    this.pitch = (geometry.outW() - 1) * geometry.sx() + 3;
    this.lines = (geometry.outH() - 1) * geometry.sy() + 3;
  }

  /**
   * Whether this is faster than {@link Patched}: where taps lie apart or a map is small, laying out
   * patches costs more than vector code gains.
   */
  static boolean fits(Step.Convolution step, Geometry g) {
    return (g.sx() == 2 || g.outArea() < Kernels.SMALL)
        && step.depthwise()
        && g.kd() == 1
        && g.kh() == 3
        && g.kw() == 3
        && g.dy() == 1
        && g.dx() == 1
        && g.outD() == 1
        && g.inD() == 1
        && g.pz() == 0
        && g.sx() <= 2;
  }

  @Override
  public Task bind(Planes planes, int threads) {
    float[][] in = planes.of(step.input());
    float[][] out = planes.of(step.output());
    float[][] framed = new float[threads][pitch * lines];
    Ending ending = new Ending(step.tail(), planes);
    float[] bias = step.weighting().bias();
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
        frame(in[c], framed[part]);
        for (int y = 0; y < geometry.outH(); y++) {
          int from = y * geometry.sy() * pitch;
          int to = y * geometry.outW();
          if (geometry.sx() == 1) {
            line(framed[part], from, pitch, weight, c * 9, bias[c], out[c], to, geometry.outW());
          } else {
            sparse(framed[part], from, pitch, weight, c * 9, bias[c], out[c], to, geometry.outW());
          }
        }
        ending.apply(out[c], c, geometry.outArea());
      }
    };
  }

  /** Copies what is read of a channel; the border of the copy stays zero. */
  private void frame(float[] in, float[] framed) {
    int count = Math.min(geometry.inW(), pitch - geometry.px());
    int end = Math.min(geometry.inH(), lines - geometry.py());
    for (int y = 0; y < end; y++) {
      System.arraycopy(
          in, y * geometry.inW(), framed, (y + geometry.py()) * pitch + geometry.px(), count);
    }
  }

  /**
   * Neighbours side by side; {@link #sparse} is the same two apart, as a variable step is slower.
   */
  private static void line(
      float[] x,
      int first,
      int pitch,
      float[] w,
      int at,
      float bias,
      float[] out,
      int to,
      int width) {
    float a0 = w[at];
    float a1 = w[at + 1];
    float a2 = w[at + 2];
    float b0 = w[at + 3];
    float b1 = w[at + 4];
    float b2 = w[at + 5];
    float c0 = w[at + 6];
    float c1 = w[at + 7];
    float c2 = w[at + 8];
    int second = first + pitch;
    int third = second + pitch;
    for (int p = 0; p < width; p++) {
      float a = Math.fma(a2, x[first + p + 2], Math.fma(a1, x[first + p + 1], a0 * x[first + p]));
      float b =
          Math.fma(b2, x[second + p + 2], Math.fma(b1, x[second + p + 1], b0 * x[second + p]));
      float c = Math.fma(c2, x[third + p + 2], Math.fma(c1, x[third + p + 1], c0 * x[third + p]));
      out[to + p] = a + b + (c + bias);
    }
  }

  private static void sparse(
      float[] x,
      int first,
      int pitch,
      float[] w,
      int at,
      float bias,
      float[] out,
      int to,
      int width) {
    float a0 = w[at];
    float a1 = w[at + 1];
    float a2 = w[at + 2];
    float b0 = w[at + 3];
    float b1 = w[at + 4];
    float b2 = w[at + 5];
    float c0 = w[at + 6];
    float c1 = w[at + 7];
    float c2 = w[at + 8];
    int second = first + pitch;
    int third = second + pitch;
    for (int p = 0; p < width; p++) {
      int f = first + 2 * p;
      int s = second + 2 * p;
      int t = third + 2 * p;
      float a = Math.fma(a2, x[f + 2], Math.fma(a1, x[f + 1], a0 * x[f]));
      float b = Math.fma(b2, x[s + 2], Math.fma(b1, x[s + 1], b0 * x[s]));
      float c = Math.fma(c2, x[t + 2], Math.fma(c1, x[t + 1], c0 * x[t]));
      out[to + p] = a + b + (c + bias);
    }
  }
}
