package dev.kinglet.image;

import java.util.Arrays;

/** Decodes Windows and OS/2 bitmaps of 1, 4, 8, 16, 24 and 32 bits, plain and run-length coded. */
final class BmpDecoder {
  private static final int PLAIN = 0;
  private static final int RLE8 = 1;
  private static final int RLE4 = 2;
  private static final int BIT_FIELDS = 3;

  private final Source source;
  private final long width;
  private final long height;
  private final boolean topDown;
  private final int bits;
  private final long compression;
  private final long pixels;

  /** Red, green, blue for each of 256 indices, of pictures with up to 8 bits. */
  private byte[] palette;

  /** Where red, green and blue start in a little-endian pixel of 16, 24 or 32 bits. */
  private int[] shifts = {16, 8, 0};

  private boolean sixBitGreen;

  private BmpDecoder(Source source) {
    this.source = source;
    long offset = source.u32le(10);
    long size = source.u32le(14);
    int paletteStep;
    long colours = 0;
    if (size == 12) {
      width = source.u16le(18);
      height = source.u16le(20);
      bits = source.u16le(24);
      compression = PLAIN;
      topDown = false;
      paletteStep = 3;
    } else if (size == 40 || size == 52 || size == 56 || size == 64 || size == 108 || size == 124) {
      source.u8(14 + size - 1);
      width = source.u32le(18);
      topDown = source.u8(25) == 0xFF;
      height = topDown ? (1L << 32) - source.u32le(22) : source.u32le(22);
      bits = source.u16le(28);
      compression = source.u32le(30);
      colours = source.u32le(46);
      paletteStep = 4;
    } else {
      throw source.unsupported("a BMP header of " + size + " bytes is not known here");
    }
    if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
      throw source.unsupported("a BMP picture of " + bits + " bits a pixel is not known here");
    }
    if (compression < PLAIN || compression > BIT_FIELDS) {
      throw source.unsupported("BMP compression " + compression + " is not known here");
    }
    long after = 14 + size;
    if (compression == BIT_FIELDS) {
      // Older headers have the masks behind them, newer ones inside: the same place.
      bitFields(size >= 56 ? source.u32le(66) : 0);
      after += size == 40 ? 12 : 0;
    }
    if (colours == 0) {
      colours = 1L << bits;
    }
    if (bits <= 8) {
      // Some writers leave the palette out of the offset.
      if (offset == 14 + size) {
        offset += paletteStep * colours;
      }
      readPalette(after, colours, paletteStep);
      after += paletteStep * colours;
    } else if (compression == RLE8 || compression == RLE4) {
      throw source.broken("run-length coding asks for a palette, but it has " + bits + " bits");
    }
    pixels = offset == 0 ? after : offset;
  }

  static PictureHeader header(Source source) {
    BmpDecoder d = new BmpDecoder(source);
    if (d.width < 1
        || d.height < 1
        || d.width > Integer.MAX_VALUE
        || d.height > Integer.MAX_VALUE) {
      throw source.broken("its header gives a size of " + d.width + " x " + d.height);
    }
    return new PictureHeader(PictureFormat.BMP, (int) d.width, (int) d.height, 1);
  }

  static void decode(Source source, long limit, Raster raster) {
    BmpDecoder d = new BmpDecoder(source);
    source.checkSize(d.width, d.height, limit);
    if (d.compression == RLE8 || d.compression == RLE4) {
      d.runs(raster.start((int) d.width, (int) d.height));
      return;
    }
    long rowBytes = (d.width * d.bits + 7) / 8;
    long stride = (d.width * d.bits + 31) / 8 & ~3L;
    // The last row may lack its padding.
    if (d.pixels + (d.height - 1) * stride + rowBytes > source.length) {
      throw source.truncated();
    }
    byte[] rgb = raster.start((int) d.width, (int) d.height);
    for (int y = 0; y < d.height; y++) {
      int out = d.rowStart(y);
      int in = (int) (d.pixels + y * stride);
      if (d.bits <= 8) {
        d.indexed(in, rgb, out);
      } else if (d.bits == 16) {
        d.packed(in, rgb, out);
      } else {
        d.whole(in, rgb, out);
      }
    }
  }

  private int rowStart(int y) {
    return (int) (3 * width * (topDown ? y : height - 1 - y));
  }

  private void indexed(int in, byte[] rgb, int out) {
    int most = (1 << bits) - 1;
    int perByte = 8 / bits;
    for (int x = 0; x < width; x++, out += 3) {
      int shift = 8 - bits - x % perByte * bits;
      setIndex(rgb, out, source.bytes[in + x / perByte] >> shift & most);
    }
  }

  private void setIndex(byte[] rgb, int out, int index) {
    rgb[out] = palette[3 * index];
    rgb[out + 1] = palette[3 * index + 1];
    rgb[out + 2] = palette[3 * index + 2];
  }

  private void packed(int in, byte[] rgb, int out) {
    for (int x = 0; x < width; x++, in += 2, out += 3) {
      int pixel = source.bytes[in] & 0xFF | (source.bytes[in + 1] & 0xFF) << 8;
      rgb[out + 2] = (byte) ((pixel & 31) * 255 / 31);
      if (sixBitGreen) {
        rgb[out + 1] = (byte) ((pixel >> 5 & 63) * 255 / 63);
        rgb[out] = (byte) ((pixel >> 11 & 31) * 255 / 31);
      } else {
        rgb[out + 1] = (byte) ((pixel >> 5 & 31) * 255 / 31);
        rgb[out] = (byte) ((pixel >> 10 & 31) * 255 / 31);
      }
    }
  }

  private void whole(int in, byte[] rgb, int out) {
    int step = bits / 8;
    int red = shifts[0] / 8;
    int green = shifts[1] / 8;
    int blue = shifts[2] / 8;
    for (int x = 0; x < width; x++, in += step, out += 3) {
      rgb[out] = source.bytes[in + red];
      rgb[out + 1] = source.bytes[in + green];
      rgb[out + 2] = source.bytes[in + blue];
    }
  }

  private void bitFields(long alpha) {
    long red = source.u32le(54);
    long green = source.u32le(58);
    long blue = source.u32le(62);
    if (bits == 16 && green == 0x3E0 && red == 0x7C00 && blue == 0x1F) {
      return;
    }
    if (bits == 16 && green == 0x7E0 && red == 0xF800 && blue == 0x1F) {
      sixBitGreen = true;
      return;
    }
    if (bits == 32 && (red | green | blue | alpha) == 0) {
      return;
    }
    if (bits == 24 && red == 0xFF0000 && green == 0xFF00 && blue == 0xFF) {
      return;
    }
    if (bits == 32) {
      shifts = new int[] {wholeByte(red), wholeByte(green), wholeByte(blue)};
      if (shifts[0] >= 0 && shifts[1] >= 0 && shifts[2] >= 0) {
        return;
      }
    }
    throw source.unsupported("BMP bit fields that are not whole bytes are not known here");
  }

  private static int wholeByte(long mask) {
    for (int shift = 0; shift < 32; shift += 8) {
      if (mask == 0xFFL << shift) {
        return shift;
      }
    }
    return -1;
  }

  private void readPalette(long at, long colours, int step) {
    if (colours > 256) {
      throw source.broken("its palette has " + colours + " colours, more than 256");
    }
    palette = new byte[768];
    boolean grey = true;
    for (int i = 0; i < colours; i++) {
      int blue = source.u8(at + (long) i * step);
      int green = source.u8(at + (long) i * step + 1);
      int red = source.u8(at + (long) i * step + 2);
      palette[3 * i] = (byte) red;
      palette[3 * i + 1] = (byte) green;
      palette[3 * i + 2] = (byte) blue;
      grey &= red == i && green == i && blue == i;
    }
    // A palette of greys in order is none for Pillow: indices beyond it are greys too.
    for (int i = (int) colours; grey && i < 256; i++) {
      Arrays.fill(palette, 3 * i, 3 * i + 3, (byte) i);
    }
  }

  /** Pixels that no run sets are index 0; data that end before the picture is full are refused. */
  private void runs(byte[] rgb) {
    boolean nibbles = compression == RLE4;
    long total = width * height;
    long done = 0;
    long x = 0;
    long at = pixels;
    while (done < total) {
      int count = source.u8(at);
      int value = source.u8(at + 1);
      at += 2;
      if (count > 0) {
        long n = Math.max(0, Math.min(count, width - x));
        for (int i = 0; i < n && done < total; i++, done++) {
          put(rgb, done, !nibbles ? value : (i & 1) == 0 ? value >> 4 : value & 15);
        }
        x += n;
      } else if (value == 0) {
        long rest = done % width == 0 ? 0 : width - done % width;
        done = fill(rgb, done, rest);
        x = 0;
      } else if (value == 1) {
        throw source.truncated();
      } else if (value == 2) {
        long skip = source.u8(at) + source.u8(at + 1) * width;
        at += 2;
        done = fill(rgb, done, Math.min(total - done, skip));
        x = done % width;
      } else {
        int n = (int) Math.min(total - done, value);
        for (int i = 0; i < n; i++, done++) {
          int b = source.u8(at + (nibbles ? i >> 1 : i));
          put(rgb, done, !nibbles ? b : (i & 1) == 0 ? b >> 4 : b & 15);
        }
        at += nibbles ? (n + 1) / 2 : n;
        x += value;
        at += at & 1;
      }
    }
  }

  private long fill(byte[] rgb, long from, long count) {
    for (long i = from; i < from + count; i++) {
      put(rgb, i, 0);
    }
    return from + count;
  }

  private void put(byte[] rgb, long pixel, int index) {
    setIndex(rgb, rowStart((int) (pixel / width)) + 3 * (int) (pixel % width), index);
  }
}
