package dev.kinglet.image;

/**
 * Brings a component's samples to the picture's width and height as libjpeg-turbo does: "fancy"
 * (triangle) for halved sides, repeated samples otherwise.
 */
final class Upsampling {
  private int[] column = new int[0];

  private Upsampling() {}

  static Upsampling create() {
    return new Upsampling();
  }

  /**
   * One row of a component at full width.
   *
   * @param acrossFactor picture columns for one sample
   * @param downFactor picture rows for one sample
   * @param y the picture's row
   * @param out at least {@code acrossFactor * c.width} bytes
   */
  void row(JpegComponent c, int acrossFactor, int downFactor, int y, byte[] out) {
    boolean wideEnough = c.width > 2;
    if (downFactor == 2 && acrossFactor == 1) {
      int near = y >> 1;
      int far = neighbour(c, y);
      halvedDown(c.plane, near * c.stride, far * c.stride, 1 + (y & 1), c.width, out);
    } else if (downFactor == 2 && acrossFactor == 2 && wideEnough) {
      halvedBoth(c, (y >> 1) * c.stride, neighbour(c, y) * c.stride, out);
    } else if (downFactor == 1 && acrossFactor == 2 && wideEnough) {
      halvedAcross(c.plane, y * c.stride, c.width, out);
    } else {
      repeat(c.plane, y / downFactor * c.stride, acrossFactor, c.width, out);
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

  private static void halvedAcross(byte[] in, int from, int width, byte[] out) {
    int before = in[from] & 0xFF;
    int here = before;
    for (int x = 0; x < width - 1; x++) {
      int after = in[from + x + 1] & 0xFF;
      // At the first column, before is here: (3 a + a + 1) / 4 is a.
      out[2 * x] = (byte) (3 * here + before + 1 >> 2);
      out[2 * x + 1] = (byte) (3 * here + after + 2 >> 2);
      before = here;
      here = after;
    }
    out[2 * width - 2] = (byte) (3 * here + before + 1 >> 2);
    out[2 * width - 1] = (byte) here;
  }

  private void halvedBoth(JpegComponent c, int near, int far, byte[] out) {
    int width = c.width;
    if (column.length < width) {
      column = new int[width];
    }
    int[] sums = column;
    byte[] in = c.plane;
    for (int x = 0; x < width; x++) {
      sums[x] = 3 * (in[near + x] & 0xFF) + (in[far + x] & 0xFF);
    }
    int before = sums[0];
    int here = before;
    for (int x = 0; x < width - 1; x++) {
      int after = sums[x + 1];
      out[2 * x] = (byte) (3 * here + before + 8 >> 4);
      out[2 * x + 1] = (byte) (3 * here + after + 7 >> 4);
      before = here;
      here = after;
    }
    out[2 * width - 2] = (byte) (3 * here + before + 8 >> 4);
    out[2 * width - 1] = (byte) (4 * here + 7 >> 4);
  }

  private static void repeat(byte[] in, int from, int factor, int width, byte[] out) {
    if (factor == 1) {
      System.arraycopy(in, from, out, 0, width);
      return;
    }
    for (int x = 0, to = 0; x < width; x++) {
      byte sample = in[from + x];
      for (int i = 0; i < factor; i++) {
        out[to++] = sample;
      }
    }
  }
}
