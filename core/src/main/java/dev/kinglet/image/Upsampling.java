package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
import java.lang.foreign.MemorySegment;

/**
 * Brings a component's samples to the picture's width and height as libjpeg-turbo does: "fancy"
 * (triangle) for halved sides, repeated samples otherwise.
 */
final class Upsampling {
  /** Machine code, or null. */
  final PixelCode code;

  /**
   * Where each component's row of the picture lies after {@link #row}: in its array, from there.
   */
  final byte[][] rows = new byte[4][];

  final int[] at = new int[4];

  /** The same arrays for machine code. */
  final MemorySegment[] segments = new MemorySegment[4];

  private final Bytes[] buffers = {new Bytes(), new Bytes(), new Bytes(), new Bytes()};

  /** Sums of two rows (or one row), from {@link #FIRST} on, with one more at either end. */
  private final Shorts sums = new Shorts();

  private static final int FIRST = 16;

  Upsampling(PixelCode code) {
    this.code = code;
  }

  /** Makes room for rows of a width; machine code writes up to 32 samples more. */
  void start(int width) {
    sums.room(width + 64);
    for (Bytes buffer : buffers) {
      buffer.room(width + 64);
    }
  }

  /**
   * One row of a component at full width.
   *
   * @param across picture columns for one sample
   * @param down picture rows for one sample
   * @param y the picture's row
   * @param index the component
   */
  void row(JpegComponent c, int across, int down, int y, int index) {
    Bytes out = across == 1 && down == 1 ? c.plane : buffers[index];
    rows[index] = out.array;
    segments[index] = out.segment;
    at[index] = 0;
    byte[] plane = c.plane.array;
    if (across == 1 && down == 1) {
      at[index] = y * c.stride;
    } else if (down == 2 && across == 1) {
      int near = y >> 1;
      int far = neighbour(c, y);
      halvedDown(plane, near * c.stride, far * c.stride, 1 + (y & 1), c.width, out.array);
    } else if (down == 2 && across == 2 && c.width > 2) {
      halvedBoth(c, (y >> 1) * c.stride, neighbour(c, y) * c.stride, out);
    } else if (down == 1 && across == 2 && c.width > 2) {
      halvedAcross(c, y * c.stride, out);
    } else {
      repeat(plane, y / down * c.stride, across, c.width, out.array);
    }
  }

  /** The second nearest row: above for even rows of the picture, below for odd ones. */
  private static int neighbour(JpegComponent c, int y) {
    int row = (y >> 1) + ((y & 1) == 0 ? -1 : 1);
    return Math.max(0, Math.min(c.height - 1, row));
  }

  private static void halvedDown(byte[] in, int near, int far, int bias, int width, byte[] out) {
    for (int x = 0; x < width; x++) {
      out[x] = (byte) (3 * (in[near + x] & 0xFF) + (in[far + x] & 0xFF) + bias >> 2);
    }
  }

  private void halvedAcross(JpegComponent c, int from, Bytes out) {
    if (code != null) {
      code.widen(c.plane.segment, from, c.width, sums.segment, FIRST);
    } else {
      for (int x = 0; x < c.width; x++) {
        sums.array[FIRST + x] = (short) (c.plane.array[from + x] & 0xFF);
      }
    }
    spread(c.width, false, out);
  }

  private void halvedBoth(JpegComponent c, int near, int far, Bytes out) {
    if (code != null) {
      code.sums(c.plane.segment, near, far, c.width, sums.segment, FIRST);
    } else {
      byte[] in = c.plane.array;
      for (int x = 0; x < c.width; x++) {
        sums.array[FIRST + x] = (short) (3 * (in[near + x] & 0xFF) + (in[far + x] & 0xFF));
      }
    }
    spread(c.width, true, out);
  }

  /** Two samples of each sum, 3 parts of it and 1 of its neighbour; the ends have themselves. */
  private void spread(int width, boolean both, Bytes to) {
    short[] sums = this.sums.array;
    sums[FIRST - 1] = sums[FIRST];
    sums[FIRST + width] = sums[FIRST + width - 1];
    if (code != null) {
      code.spread(this.sums.segment, FIRST, width, both, to.segment);
      return;
    }
    byte[] out = to.array;
    int even = both ? 8 : 1;
    int odd = both ? 7 : 2;
    int shift = both ? 4 : 2;
    int before = sums[FIRST - 1];
    int here = sums[FIRST];
    for (int x = 0; x < width; x++) {
      int after = sums[FIRST + x + 1];
      out[2 * x] = (byte) (3 * here + before + even >> shift);
      out[2 * x + 1] = (byte) (3 * here + after + odd >> shift);
      before = here;
      here = after;
    }
  }

  private static void repeat(byte[] in, int from, int factor, int width, byte[] out) {
    for (int x = 0, to = 0; x < width; x++) {
      byte sample = in[from + x];
      for (int i = 0; i < factor; i++) {
        out[to++] = sample;
      }
    }
  }
}
