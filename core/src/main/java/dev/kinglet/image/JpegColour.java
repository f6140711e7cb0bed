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
  void row(byte[][] rows, int width, byte[] rgb, int to) {
    switch (this) {
      case GREY -> grey(rows[0], width, rgb, to);
      case RGB -> interleave(rows[0], rows[1], rows[2], width, rgb, to);
      case YCC -> ycc(rows[0], rows[1], rows[2], width, rgb, to);
      case CMYK -> {
        for (int x = 0; x < width; x++, to += 3) {
          int key = rows[3][x] & 0xFF;
          rgb[to] = ink(255 - (rows[0][x] & 0xFF), key);
          rgb[to + 1] = ink(255 - (rows[1][x] & 0xFF), key);
          rgb[to + 2] = ink(255 - (rows[2][x] & 0xFF), key);
        }
      }
      case YCCK -> {
        ycc(rows[0], rows[1], rows[2], width, rgb, to);
        for (int x = 0; x < width; x++, to += 3) {
          int key = rows[3][x] & 0xFF;
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

  private static void grey(byte[] y, int width, byte[] rgb, int to) {
    for (int x = 0; x < width; x++, to += 3) {
      byte sample = y[x];
      rgb[to] = sample;
      rgb[to + 1] = sample;
      rgb[to + 2] = sample;
    }
  }

  private static void interleave(byte[] r, byte[] g, byte[] b, int width, byte[] rgb, int to) {
    for (int x = 0; x < width; x++, to += 3) {
      rgb[to] = r[x];
      rgb[to + 1] = g[x];
      rgb[to + 2] = b[x];
    }
  }

  /** JFIF's conversion in 16-bit fixed point: 1.402, 1.772, 0.34414 and 0.71414. */
  private static void ycc(byte[] luma, byte[] blue, byte[] red, int width, byte[] rgb, int to) {
    for (int x = 0; x < width; x++, to += 3) {
      int y = luma[x] & 0xFF;
      int cb = (blue[x] & 0xFF) - 128;
      int cr = (red[x] & 0xFF) - 128;
      rgb[to] = InverseDct.clip(y + (91881 * cr + 32768 >> 16));
      rgb[to + 1] = InverseDct.clip(y + (32768 - 22554 * cb - 46802 * cr >> 16));
      rgb[to + 2] = InverseDct.clip(y + (116130 * cb + 32768 >> 16));
    }
  }
}
