package dev.kinglet.engine.java;

import java.util.Arrays;

/** Lays out what the taps of a window read as rows, one a tap and channel, for a matrix product. */
final class Patches {
  private Patches() {}

  /**
   * Fills {@code rows[channel * taps + tap][0 .. hi - lo]} with what output positions lo to hi read
   * of channels {@code first} to {@code first + count}; 0 outside the map.
   */
  static void fill(Geometry g, float[][] in, int first, int count, float[][] rows, int lo, int hi) {
    int row = 0;
    for (int c = first; c < first + count; c++) {
      for (int i = 0; i < g.kd(); i++) {
        for (int j = 0; j < g.kh(); j++) {
          for (int k = 0; k < g.kw(); k++) {
            tap(g, in[c], rows[row++], i, j, k, lo, hi);
          }
        }
      }
    }
  }

  private static void tap(
      Geometry g, float[] in, float[] row, int i, int j, int k, int lo, int hi) {
    int firstX = g.firstX(k);
    int endX = Math.max(firstX, g.endX(k));
    int at = lo;
    while (at < hi) {
      int line = at / g.outW();
      int from = at - line * g.outW();
      int to = Math.min(g.outW(), from + hi - at);
      int z = line / g.outH() * g.sz() - g.pz() + i * g.dz();
      int y = line % g.outH() * g.sy() - g.py() + j * g.dy();
      int target = at - lo - from;
      if (z < 0 || z >= g.inD() || y < 0 || y >= g.inH()) {
        Arrays.fill(row, target + from, target + to, 0);
      } else {
        int source = (z * g.inH() + y) * g.inW() - g.px() + k * g.dx();
        int inside = Math.clamp(firstX, from, to);
        int end = Math.clamp(endX, inside, to);
        Arrays.fill(row, target + from, target + inside, 0);
        if (g.sx() == 1 && inside < end) {
          System.arraycopy(in, source + inside, row, target + inside, end - inside);
        } else {
          for (int x = inside; x < end; x++) {
            row[target + x] = in[source + x * g.sx()];
          }
        }
        Arrays.fill(row, target + end, target + to, 0);
      }
      at += to - from;
    }
  }
}
