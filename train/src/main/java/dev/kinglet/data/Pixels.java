package dev.kinglet.data;

import dev.kinglet.image.Picture;
import java.util.Arrays;

/** Cutting, mirroring and resizing of 8-bit pictures. */
final class Pixels {
  private Pixels() {}

  /**
   * A part of a picture at another size, by a triangle as wide as a source pixel or a target pixel,
   * whichever is larger (so shrinking does not alias).
   */
  static Picture resized(
      Picture in, double left, double top, double width, double height, int columns, int rows) {
    Taps across = new Taps(left, width, in.width(), columns);
    Taps down = new Taps(top, height, in.height(), rows);
    int firstRow = down.first[0];
    int lastRow = down.first[rows - 1] + down.weights[rows - 1].length;
    float[] between = new float[3 * columns * (lastRow - firstRow)];
    byte[] rgb = in.rgb();
    for (int y = firstRow; y < lastRow; y++) {
      int to = 3 * columns * (y - firstRow);
      for (int x = 0; x < columns; x++, to += 3) {
        int from = 3 * (y * in.width() + across.first[x]);
        float r = 0;
        float g = 0;
        float b = 0;
        for (float weight : across.weights[x]) {
          r += weight * (rgb[from] & 0xFF);
          g += weight * (rgb[from + 1] & 0xFF);
          b += weight * (rgb[from + 2] & 0xFF);
          from += 3;
        }
        between[to] = r;
        between[to + 1] = g;
        between[to + 2] = b;
      }
    }
    byte[] out = new byte[3 * columns * rows];
    float[] sums = new float[3 * columns];
    for (int y = 0; y < rows; y++) {
      Arrays.fill(sums, 0.5f);
      int from = 3 * columns * (down.first[y] - firstRow);
      for (float weight : down.weights[y]) {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += weight * between[from + i];
        }
        from += sums.length;
      }
      for (int i = 0; i < sums.length; i++) {
        out[y * sums.length + i] = (byte) Math.clamp((int) sums[i], 0, 255);
      }
    }
    return new Picture(columns, rows, out);
  }

  /** Which source pixels make up each target pixel along one axis, and by how much. */
  private static final class Taps {
    final int[] first;
    final float[][] weights;

    Taps(double start, double length, int in, int out) {
      first = new int[out];
      weights = new float[out][];
      double scale = length / out;
      double reach = Math.max(1, scale);
      for (int i = 0; i < out; i++) {
        double centre = start + (i + 0.5) * scale;
        int from = Math.clamp((int) Math.floor(centre - reach + 0.5), 0, in - 1);
        int to = Math.clamp((int) Math.ceil(centre + reach - 0.5), from + 1, in);
        float[] row = new float[to - from];
        float sum = 0;
        for (int j = from; j < to; j++) {
          row[j - from] = (float) Math.max(0, 1 - Math.abs(j + 0.5 - centre) / reach);
          sum += row[j - from];
        }
        for (int j = 0; j < row.length; j++) {
          row[j] = sum > 0 ? row[j] / sum : 1f / row.length;
        }
        first[i] = from;
        weights[i] = row;
      }
    }
  }

  /** The picture with its shorter side at most {@code side}; a smaller one stays as it is. */
  static Picture shrunk(Picture in, int side) {
    int shorter = Math.min(in.width(), in.height());
    if (shorter <= side) {
      return in;
    }
    int columns = Math.max(side, (int) Math.round((double) in.width() * side / shorter));
    int rows = Math.max(side, (int) Math.round((double) in.height() * side / shorter));
    return resized(in, 0, 0, in.width(), in.height(), columns, rows);
  }

  /** Columns from the other end. */
  static Picture mirrored(Picture in) {
    byte[] out = new byte[in.rgb().length];
    for (int y = 0; y < in.height(); y++) {
      for (int x = 0; x < in.width(); x++) {
        int from = 3 * (y * in.width() + x);
        int to = 3 * (y * in.width() + in.width() - 1 - x);
        System.arraycopy(in.rgb(), from, out, to, 3);
      }
    }
    return new Picture(in.width(), in.height(), out);
  }

  /** A square of a picture that is continued beyond its border by reflection. */
  static Picture cut(Picture in, int left, int top, int side) {
    byte[] out = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      int row = reflected(top + y, in.height());
      for (int x = 0; x < side; x++) {
        int from = 3 * (row * in.width() + reflected(left + x, in.width()));
        System.arraycopy(in.rgb(), from, out, 3 * (y * side + x), 3);
      }
    }
    return new Picture(side, side, out);
  }

  private static int reflected(int at, int size) {
    if (size == 1) {
      return 0;
    }
    int period = 2 * (size - 1);
    int place = Math.floorMod(at, period);
    return place < size ? place : period - place;
  }
}
