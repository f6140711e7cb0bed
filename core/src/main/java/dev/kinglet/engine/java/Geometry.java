package dev.kinglet.engine.java;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;

/**
 * A window over a map, always with three spatial axes: missing outer ones have size 1.
 *
 * <p>Output position {@code (z, y, x)} and tap {@code (i, j, k)} read input position {@code (z * sz
 * - pz + i * dz, ...)}.
 */
record Geometry(
    int inD,
    int inH,
    int inW,
    int outD,
    int outH,
    int outW,
    int kd,
    int kh,
    int kw,
    int sz,
    int sy,
    int sx,
    int pz,
    int py,
    int px,
    int dz,
    int dy,
    int dx) {

  static Geometry of(Shape in, Shape out, Window window) {
    return new Geometry(
        size(in, 3),
        size(in, 2),
        size(in, 1),
        size(out, 3),
        size(out, 2),
        size(out, 1),
        entry(window.kernel(), 3, 1),
        entry(window.kernel(), 2, 1),
        entry(window.kernel(), 1, 1),
        entry(window.stride(), 3, 1),
        entry(window.stride(), 2, 1),
        entry(window.stride(), 1, 1),
        entry(window.before(), 3, 0),
        entry(window.before(), 2, 0),
        entry(window.before(), 1, 0),
        entry(window.dilation(), 3, 1),
        entry(window.dilation(), 2, 1),
        entry(window.dilation(), 1, 1));
  }

  private static int size(Shape shape, int fromLast) {
    return shape.rank() > fromLast ? shape.size(shape.rank() - fromLast) : 1;
  }

  private static int entry(List<Integer> entries, int fromLast, int missing) {
    return entries.size() >= fromLast ? entries.get(entries.size() - fromLast) : missing;
  }

  int taps() {
    return kd * kh * kw;
  }

  int outArea() {
    return outD * outH * outW;
  }

  /** Whether each output position reads the input position of the same number and nothing else. */
  boolean pointwise() {
    return taps() == 1
        && outArea() == inD * inH * inW
        && sz == 1
        && sy == 1
        && sx == 1
        && pz == 0
        && py == 0
        && px == 0;
  }

  /** Whether it moves by one and its lines are as long as the input's. */
  boolean keepsLines() {
    return sz == 1 && sy == 1 && sx == 1 && outW == inW;
  }

  /** The first output along x whose tap k falls inside the input. */
  int firstX(int k) {
    return Math.clamp(Math.ceilDiv(px - k * dx, sx), 0, outW);
  }

  /** One more than the last output along x whose tap k falls inside the input. */
  int endX(int k) {
    return Math.clamp(Math.floorDiv(inW - 1 + px - k * dx, sx) + 1, 0, outW);
  }
}
