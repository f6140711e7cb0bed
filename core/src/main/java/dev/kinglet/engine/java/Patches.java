package dev.kinglet.engine.java;

import java.util.Arrays;

/** Lays out what the taps of a window read as rows, one a tap and channel, for a product. */
final class Patches {
  private final Geometry g;

  Patches(Geometry geometry) {
    this.g = geometry;
  }

  /**
   * Fills {@code rows[channel * taps + tap]} with what output lines {@code from} to {@code to} read
   * of channels {@code first} to {@code first + count}; 0 outside the map. A line is one row of one
   * layer.
   */
  void fill(float[][] in, int first, int count, float[][] rows, int from, int to) {
    int row = 0;
    for (int c = first; c < first + count; c++) {
      for (int i = 0; i < g.kd(); i++) {
        for (int j = 0; j < g.kh(); j++) {
          for (int k = 0; k < g.kw(); k++) {
            if (g.keepsLines()) {
              moved(in[c], rows[row++], i, j, k, from, to);
            } else {
              picked(in[c], rows[row++], i, j, k, from, to);
            }
          }
        }
      }
    }
  }

  /** A tap of a window that moves by one and keeps the width: whole blocks of lines are copied. */
  private void moved(float[] in, float[] row, int i, int j, int k, int from, int to) {
    int width = g.outW();
    int firstX = g.firstX(k);
    int endX = Math.max(firstX, g.endX(k));
    int line = from;
    while (line < to) {
      int layer = line / g.outH();
      int end = Math.min(to, (layer + 1) * g.outH());
      int z = layer - g.pz() + i * g.dz();
      int shift = j * g.dy() - g.py();
      int firstY = line - layer * g.outH() + shift;
      int inside = Math.clamp(-firstY, 0, end - line);
      int outside = Math.clamp(g.inH() - firstY, inside, end - line);
      if (z < 0 || z >= g.inD() || firstX == endX || inside == outside) {
        Arrays.fill(row, (line - from) * width, (end - from) * width, 0);
      } else {
        int target = (line - from) * width;
        Arrays.fill(row, target, target + inside * width + firstX, 0);
        System.arraycopy(
            in,
            (z * g.inH() + firstY + inside) * width - g.px() + k * g.dx() + firstX,
            row,
            target + inside * width + firstX,
            (outside - inside - 1) * width + endX - firstX);
        for (int y = inside + 1; y < outside; y++) {
          for (int x = y * width - width + endX; x < y * width + firstX; x++) {
            row[target + x] = 0;
          }
        }
        Arrays.fill(row, target + (outside - 1) * width + endX, target + (end - line) * width, 0);
      }
      line = end;
    }
  }

  private void picked(float[] in, float[] row, int i, int j, int k, int from, int to) {
    int firstX = g.firstX(k);
    int endX = Math.max(firstX, g.endX(k));
    for (int line = from; line < to; line++) {
      int z = line / g.outH() * g.sz() - g.pz() + i * g.dz();
      int y = line % g.outH() * g.sy() - g.py() + j * g.dy();
      int target = (line - from) * g.outW();
      if (z < 0 || z >= g.inD() || y < 0 || y >= g.inH() || firstX == endX) {
        Arrays.fill(row, target, target + g.outW(), 0);
        continue;
      }
      int source = (z * g.inH() + y) * g.inW() - g.px() + k * g.dx();
      Arrays.fill(row, target, target + firstX, 0);
      if (g.sx() == 1) {
        System.arraycopy(in, source + firstX, row, target + firstX, endX - firstX);
      } else {
        for (int x = firstX; x < endX; x++) {
          row[target + x] = in[source + x * g.sx()];
        }
      }
      Arrays.fill(row, target + endX, target + g.outW(), 0);
    }
  }
}
