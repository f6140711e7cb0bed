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

  /** The columns of the picture that are wanted: from a whole MCU on, and the one after. */
  private int left;

  private int right;

  Upsampling(PixelCode code) {
    this.code = code;
  }

  /**
   * Makes rows from a picture's column {@code left} (where an MCU begins) to before {@code right}
   * from now on; machine code writes up to 32 samples more. Inside the picture, the first two and
   * the last two columns lack a neighbour and are not the picture's.
   */
  void start(int left, int right) {
    this.left = left;
    this.right = right;
    int room = right - left + 64;
    sums.room(room);
    for (Bytes buffer : buffers) {
      buffer.room(room);
    }
  }

  /**
   * One row of a component at the picture's scale.
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
    int first = left / across;
    int count = Math.min(c.width, (right + across - 1) / across) - first;
    int near = first + y / down * c.stride;
    if (across == 1 && down == 1) {
      at[index] = near;
    } else if (down == 2 && across == 1) {
      int far = first + neighbour(c, y);
      halvedDown(plane, near, far, 1 + (y & 1), count, out.array);
    } else if (down == 2 && across == 2 && c.width > 2) {
      halvedBoth(c.plane, near, first + neighbour(c, y), count, out);
    } else if (down == 1 && across == 2 && c.width > 2) {
      halvedAcross(c.plane, near, count, out);
    } else {
      repeat(plane, near, across, count, out.array);
    }
  }

  /** Where the second nearest row begins: above for even rows of the picture, else below. */
  private static int neighbour(JpegComponent c, int y) {
    int row = (y >> 1) + ((y & 1) == 0 ? -1 : 1);
    return Math.max(0, Math.min(c.height - 1, row)) * c.stride;
  }

  private static void halvedDown(byte[] in, int near, int far, int bias, int width, byte[] out) {
    for (int x = 0; x < width; x++) {
      out[x] = (byte) (3 * (in[near + x] & 0xFF) + (in[far + x] & 0xFF) + bias >> 2);
    }
  }

  private void halvedAcross(Bytes plane, int from, int width, Bytes out) {
    if (code != null) {
      code.widen(plane.segment, from, width, sums.segment, FIRST);
    } else {
      for (int x = 0; x < width; x++) {
        sums.array[FIRST + x] = (short) (plane.array[from + x] & 0xFF);
      }
    }
    spread(width, false, out);
  }

  private void halvedBoth(Bytes plane, int near, int far, int width, Bytes out) {
    if (code != null) {
      code.sums(plane.segment, near, far, width, sums.segment, FIRST);
    } else {
      byte[] in = plane.array;
      for (int x = 0; x < width; x++) {
        sums.array[FIRST + x] = (short) (3 * (in[near + x] & 0xFF) + (in[far + x] & 0xFF));
      }
    }
    spread(width, true, out);
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
