package dev.kinglet.image;

/** A PNG row's filters undone and its samples turned to RGB. */
final class PngRows {
  private PngRows() {}

  /** Undoes the filter that byte 0 of the row names; the samples follow from byte 1. */
  static void unfilter(Source source, byte[] row, byte[] above, int bytes, int pixel) {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = pixel + 1; i <= bytes; i++) {
          row[i] += row[i - pixel];
        }
      }
      case 2 -> {
        for (int i = 1; i <= bytes; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        int first = Math.min(pixel, bytes);
        for (int i = 1; i <= first; i++) {
          row[i] += (byte) ((above[i] & 0xFF) >> 1);
        }
        for (int i = pixel + 1; i <= bytes; i++) {
          row[i] += (byte) ((above[i] & 0xFF) + (row[i - pixel] & 0xFF) >> 1);
        }
      }
      case 4 -> paeth(row, above, bytes, pixel);
      default -> throw source.broken("a row has the unknown filter " + (row[0] & 0xFF));
    }
  }

  private static void paeth(byte[] row, byte[] above, int bytes, int pixel) {
    int first = Math.min(pixel, bytes);
    for (int i = 1; i <= first; i++) {
      row[i] += above[i];
    }
    for (int i = pixel + 1; i <= bytes; i++) {
      int a = row[i - pixel] & 0xFF;
      int b = above[i] & 0xFF;
      int c = above[i - pixel] & 0xFF;
      int pa = b - c;
      int pb = a - c;
      int pc = Math.abs(pa + pb);
      pa = Math.abs(pa);
      pb = Math.abs(pb);
      int best = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      row[i] += (byte) best;
    }
  }

  /** Writes the row's pixels from {@code out} on, {@code across} bytes apart. */
  static void toRgb(PngHeader h, byte[] row, int columns, byte[] rgb, int out, int across) {
    int wide = h.depth == 16 ? 2 : 1;
    switch (h.colour) {
      case PngHeader.GREY -> grey(h.depth, row, columns, rgb, out, across);
      case PngHeader.PALETTE -> palette(h, row, columns, rgb, out, across);
      case PngHeader.RGB -> colour(row, columns, 3, wide, rgb, out, across);
      case PngHeader.RGB_ALPHA -> colour(row, columns, 4, wide, rgb, out, across);
      default -> {
        // Grey with alpha: the alpha is dropped; of 16 bits, Pillow keeps the upper 8.
        for (int x = 0, in = 1; x < columns; x++, in += 2 * wide, out += across) {
          set(rgb, out, row[in]);
        }
      }
    }
  }

  private static void colour(
      byte[] row, int columns, int channels, int wide, byte[] rgb, int out, int across) {
    if (channels == 3 && wide == 1 && across == 3) {
      System.arraycopy(row, 1, rgb, out, 3 * columns);
      return;
    }
    for (int x = 0, in = 1; x < columns; x++, in += channels * wide, out += across) {
      rgb[out] = row[in];
      rgb[out + 1] = row[in + wide];
      rgb[out + 2] = row[in + 2 * wide];
    }
  }

  private static void grey(int depth, byte[] row, int columns, byte[] rgb, int out, int across) {
    if (depth == 16) {
      // Pillow opens these as "I;16", and its convert("RGB") clips at 255 instead of scaling.
      for (int x = 0, in = 1; x < columns; x++, in += 2, out += across) {
        set(rgb, out, row[in] != 0 ? (byte) 255 : row[in + 1]);
      }
      return;
    }
    int most = (1 << depth) - 1;
    int scale = 255 / most;
    for (int x = 0; x < columns; x++, out += across) {
      set(rgb, out, (byte) (sample(row, x, depth, most) * scale));
    }
  }

  private static void palette(
      PngHeader h, byte[] row, int columns, byte[] rgb, int out, int across) {
    int most = (1 << h.depth) - 1;
    for (int x = 0; x < columns; x++, out += across) {
      int entry = 3 * sample(row, x, h.depth, most);
      rgb[out] = h.palette[entry];
      rgb[out + 1] = h.palette[entry + 1];
      rgb[out + 2] = h.palette[entry + 2];
    }
  }

  /** The sample number x of a row with 1, 2, 4 or 8 bits a sample, the upper bits first. */
  private static int sample(byte[] row, int x, int depth, int most) {
    int bit = x * depth;
    return row[1 + (bit >> 3)] >> (8 - depth - (bit & 7)) & most;
  }

  private static void set(byte[] rgb, int out, byte value) {
    rgb[out] = value;
    rgb[out + 1] = value;
    rgb[out + 2] = value;
  }
}
