package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Pillow's resize of 8-bit RGB in fixed point, across and then down, of what a crop keeps. */
final class PillowResize {
  private static final int HALF = 1 << Taps.PRECISION - 1;

  private PillowResize() {}

  /** Fills the memory's crop with the window's part of a picture. */
  static void crop(
      Bytes rgb, int width, int height, Taps.Filter filter, CropWindow window, Preparation memory) {
    byte[] out = memory.crop.array;
    int x0 = window.fromX();
    int columns = window.toX() - x0;
    int y0 = window.fromY();
    int rows = window.toY() - y0;
    if (columns < window.size() || rows < window.size()) {
      Arrays.fill(out, 0, 3 * window.size() * window.size(), (byte) 0);
    }
    Bytes between = rgb;
    int betweenWidth = width;
    int firstColumn = window.left() + x0;
    int firstRow = 0;
    Taps down = null;
    if (window.height() != height) {
      down = memory.down;
      down.set(filter, height, window.height(), window.top() + y0, rows);
    }
    if (window.width() != width) {
      Taps across = memory.across;
      across.set(filter, width, window.width(), firstColumn, columns);
      firstRow = down == null ? window.top() + y0 : down.from();
      int lastRow = down == null ? firstRow + rows : down.to();
      between = memory.between;
      between.room(3 * columns * (lastRow - firstRow) + Preparation.SLACK);
      across(rgb, width, firstRow, lastRow, across, memory.code, between);
      betweenWidth = columns;
      firstColumn = 0;
    }
    int[] sums = memory.sums.room(3 * columns);
    for (int y = 0; y < rows; y++) {
      int to = 3 * ((y0 + y) * window.size() + x0);
      if (down == null) {
        int row = window.width() != width ? y : window.top() + y0 + y;
        System.arraycopy(
            between.array, 3 * (row * betweenWidth + firstColumn), out, to, 3 * columns);
      } else {
        int from = 3 * ((down.start[y] - firstRow) * betweenWidth + firstColumn);
        if (memory.code != null && between != rgb && out.length - to >= 3 * columns + 32) {
          memory.code.down(
              between.segment,
              from,
              3 * betweenWidth,
              down.weights.segment,
              y * down.stride,
              down.length[y],
              3 * columns,
              memory.crop.segment,
              to);
        } else {
          down(between.array, from, 3 * betweenWidth, down, y, sums, 3 * columns, out, to);
        }
      }
    }
  }

  /** Sets what {@link #crop} reads of a picture. */
  static Part part(int width, int height, Taps.Filter filter, CropWindow window, Part part) {
    int left = window.left() + window.fromX();
    int right = window.left() + window.toX();
    int top = window.top() + window.fromY();
    int bottom = window.top() + window.toY();
    if (window.width() != width) {
      left = Taps.from(filter, width, window.width(), left);
      right = Taps.to(filter, width, window.width(), right - 1);
    }
    if (window.height() != height) {
      top = Taps.from(filter, height, window.height(), top);
      bottom = Taps.to(filter, height, window.height(), bottom - 1);
    }
    return part.set(left, top, right, bottom);
  }

  /** The horizontal pass, rows {@code first} to {@code last}. */
  private static void across(
      Bytes rgb, int width, int first, int last, Taps taps, PixelCode code, Bytes out) {
    int step = 3 * taps.count;
    int y = first;
    if (code != null) {
      taps.split();
      int fours = taps.most(4);
      MemorySegment starts = taps.byteStart.segment;
      MemorySegment weights = taps.words.segment;
      // Whole fours reach beyond the row, and beyond the picture in its last rows.
      long reach = taps.byteStart.array[taps.count - 1] + 12L * fours + 4;
      for (; y < last && 3L * y * width + reach <= rgb.array.length; y++) {
        int row = 3 * y * width;
        int to = step * (y - first);
        code.across(rgb.segment, row, starts, weights, taps.count, fours, out.segment, to);
      }
    }
    boolean fours = taps.fours();
    for (; y < last; y++) {
      if (fours) {
        acrossByFour(rgb.array, 3 * y * width, taps, out.array, step * (y - first));
        continue;
      }
      across(rgb.array, 3 * y * width, taps, out.array, step * (y - first));
    }
  }

  /** One row of the horizontal pass where four taps are enough: without an inner loop. */
  private static void acrossByFour(byte[] rgb, int row, Taps taps, byte[] out, int to) {
    int[] w = taps.windowWeights.array;
    int[] window = taps.window.array;
    int count = taps.count;
    for (int x = 0; x < count; x++) {
      int in = row + 3 * window[x];
      int w0 = w[4 * x];
      int w1 = w[4 * x + 1];
      int w2 = w[4 * x + 2];
      int w3 = w[4 * x + 3];
      int r = HALF + (rgb[in] & 0xFF) * w0 + (rgb[in + 3] & 0xFF) * w1;
      int g = HALF + (rgb[in + 1] & 0xFF) * w0 + (rgb[in + 4] & 0xFF) * w1;
      int b = HALF + (rgb[in + 2] & 0xFF) * w0 + (rgb[in + 5] & 0xFF) * w1;
      r += (rgb[in + 6] & 0xFF) * w2 + (rgb[in + 9] & 0xFF) * w3;
      g += (rgb[in + 7] & 0xFF) * w2 + (rgb[in + 10] & 0xFF) * w3;
      b += (rgb[in + 8] & 0xFF) * w2 + (rgb[in + 11] & 0xFF) * w3;
      out[to + 3 * x] = clip(r);
      out[to + 3 * x + 1] = clip(g);
      out[to + 3 * x + 2] = clip(b);
    }
  }

  /** One row of the horizontal pass. */
  private static void across(byte[] rgb, int row, Taps taps, byte[] out, int to) {
    int[] weights = taps.weights.array;
    for (int x = 0; x < taps.count; x++) {
      int in = row + 3 * taps.start[x];
      int k = x * taps.stride;
      int end = k + taps.length[x];
      int r = HALF;
      int g = HALF;
      int b = HALF;
      for (; k < end; k++, in += 3) {
        int w = weights[k];
        r += (rgb[in] & 0xFF) * w;
        g += (rgb[in + 1] & 0xFF) * w;
        b += (rgb[in + 2] & 0xFF) * w;
      }
      out[to] = clip(r);
      out[to + 1] = clip(g);
      out[to + 2] = clip(b);
      to += 3;
    }
  }

  /** One row of the vertical pass; every sample of the row alike, so that it vectorises. */
  private static void down(
      byte[] in, int from, int stride, Taps taps, int y, int[] sums, int n, byte[] out, int to) {
    int k = y * taps.stride;
    int end = k + taps.length[y];
    Arrays.fill(sums, 0, n, HALF);
    for (; k < end; k++, from += stride) {
      int w = taps.weights.array[k];
      for (int i = 0; i < n; i++) {
        sums[i] += (in[from + i] & 0xFF) * w;
      }
    }
    for (int i = 0; i < n; i++) {
      out[to + i] = clip(sums[i]);
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> Taps.PRECISION));
  }
}
