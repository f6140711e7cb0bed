package dev.kinglet.image;

/** Turns rows of JPEG's colour components into RGB, as libjpeg-turbo and Pillow do. */
enum JpegColour {
  GREY,
  RGB,
  YCC,
  CMYK,
  YCCK;

  /** What the components stand for, by the markers and the component ids (libjpeg's rules). */
  static JpegColour of(JpegHeader header) {
    JpegComponent[] c = header.components;
    if (c.length == 1) {
      return GREY;
    }
    if (c.length == 4) {
      return header.adobe < 0 || header.adobe == 0 ? CMYK : YCCK;
    }
    if (header.jfif) {
      return YCC;
    }
    if (header.adobe >= 0) {
      return header.adobe == 0 ? RGB : YCC;
    }
    return c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B' ? RGB : YCC;
  }

  /** Writes {@code width} pixels from the components' rows. */
  void row(Upsampling in, int width, Bytes out, int to) {
    byte[] rgb = out.array;
    byte[][] rows = in.rows;
    int[] at = in.at;
    switch (this) {
      case GREY -> grey(rows[0], at[0], width, rgb, to);
      case RGB -> {
        for (int x = 0; x < width; x++, to += 3) {
          rgb[to] = rows[0][at[0] + x];
          rgb[to + 1] = rows[1][at[1] + x];
          rgb[to + 2] = rows[2][at[2] + x];
        }
      }
      case YCC -> ycc(in, width, out, to);
      case CMYK -> {
        for (int x = 0; x < width; x++, to += 3) {
          int key = rows[3][at[3] + x] & 0xFF;
          rgb[to] = ink(255 - (rows[0][at[0] + x] & 0xFF), key);
          rgb[to + 1] = ink(255 - (rows[1][at[1] + x] & 0xFF), key);
          rgb[to + 2] = ink(255 - (rows[2][at[2] + x] & 0xFF), key);
        }
      }
      case YCCK -> {
        ycc(in, width, out, to);
        for (int x = 0; x < width; x++, to += 3) {
          int key = rows[3][at[3] + x] & 0xFF;
          rgb[to] = ink(rgb[to] & 0xFF, key);
          rgb[to + 1] = ink(rgb[to + 1] & 0xFF, key);
          rgb[to + 2] = ink(rgb[to + 2] & 0xFF, key);
        }
      }
    }
  }

  /**
   * Pillow takes every file's inks as inverted (Adobe's way): with {@code ink} the amount then and
   * {@code key} the light that the black lets through.
   */
  private static byte ink(int ink, int key) {
    int product = ink * key + 128;
    return InverseDct.clip(key - (product + (product >> 8) >> 8));
  }

  private static void grey(byte[] y, int at, int width, byte[] rgb, int to) {
    for (int x = 0; x < width; x++, to += 3) {
      byte sample = y[at + x];
      rgb[to] = sample;
      rgb[to + 1] = sample;
      rgb[to + 2] = sample;
    }
  }

  private static void ycc(Upsampling in, int width, Bytes rgb, int to) {
    int done = 0;
    if (in.code != null && width >= 16) {
      in.code.colour(in.segments, in.at, width / 16, rgb.segment, to);
      done = width & ~15;
    }
    int[] at = in.at;
    ycc(
        in.rows[0],
        at[0] + done,
        in.rows[1],
        at[1] + done,
        in.rows[2],
        at[2] + done,
        width - done,
        rgb.array,
        to + 3 * done);
  }

  /** JFIF's conversion in 16-bit fixed point: 1.402, 1.772, 0.34414 and 0.71414. */
  private static void ycc(
      byte[] luma,
      int lumaAt,
      byte[] blue,
      int blueAt,
      byte[] red,
      int redAt,
      int width,
      byte[] rgb,
      int to) {
    for (int x = 0; x < width; x++, to += 3) {
      int y = luma[lumaAt + x] & 0xFF;
      int cb = blue[blueAt + x] & 0xFF;
      int cr = red[redAt + x] & 0xFF;
      rgb[to] = Tables.CLIPPED[y + Tables.RED[cr] & 1023];
      rgb[to + 1] = Tables.CLIPPED[y + (Tables.GREEN_BLUE[cb] + Tables.GREEN_RED[cr] >> 16) & 1023];
      rgb[to + 2] = Tables.CLIPPED[y + Tables.BLUE[cb] & 1023];
    }
  }

  /** What each chrominance adds, and sums from -512 to 511 (as 10 bits) clipped to bytes. */
  private static final class Tables {
    static final int[] RED = new int[256];
    static final int[] GREEN_RED = new int[256];
    static final int[] GREEN_BLUE = new int[256];
    static final int[] BLUE = new int[256];
    static final byte[] CLIPPED = new byte[1024];

    static {
      for (int i = 0; i < 256; i++) {
        int chrominance = i - 128;
        RED[i] = 91881 * chrominance + 32768 >> 16;
        GREEN_RED[i] = 32768 - 46802 * chrominance;
        GREEN_BLUE[i] = -22554 * chrominance;
        BLUE[i] = 116130 * chrominance + 32768 >> 16;
      }
      for (int value = -512; value < 512; value++) {
        CLIPPED[value & 1023] = InverseDct.clip(value);
      }
    }
  }
}
