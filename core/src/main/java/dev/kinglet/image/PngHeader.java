package dev.kinglet.image;

import java.util.zip.CRC32;

/** A PNG file's chunks up to its first pixel data, and where that begins. */
final class PngHeader {
  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int EXIF = 0x65584966;
  private static final int IEND = 0x49454E44;
  static final int IDAT = 0x49444154;

  int width;
  int height;
  int depth;
  int colour;
  boolean interlaced;

  /** 256 entries of red, green, blue; what the file does not give is black, as in Pillow. */
  byte[] palette;

  int orientation = 1;

  /** Where the first IDAT chunk's length stands. */
  int data;

  static PngHeader read(Source source) {
    PngHeader header = new PngHeader();
    long at = 8;
    boolean first = true;
    while (true) {
      long length = source.u32be(at);
      int type = (int) source.u32be(at + 4);
      if (type == IDAT && !first) {
        if (header.colour == PALETTE && header.palette == null) {
          throw source.broken("a palette picture has no palette (chunk PLTE)");
        }
        header.data = (int) at;
        return header;
      }
      if (first && type != IHDR) {
        throw source.broken("its first chunk is not IHDR");
      }
      if (type == IEND) {
        throw source.broken("it has no pixel data (chunk IDAT)");
      }
      long end = at + 12 + length;
      if (end > source.length) {
        throw source.truncated();
      }
      CRC32 crc = new CRC32();
      crc.update(source.bytes, (int) at + 4, (int) length + 4);
      if (crc.getValue() != source.u32be(end - 4)) {
        throw source.broken("the checksum of the chunk at byte " + at + " does not match");
      }
      header.chunk(source, type, (int) at + 8, (int) length);
      first = false;
      at = end;
    }
  }

  private void chunk(Source source, int type, int at, int length) {
    switch (type) {
      case IHDR -> imageHeader(source, at, length);
      case PLTE -> palette(source, at, length);
      case EXIF -> orientation = Exif.orientation(source.bytes, at, at + length);
      default -> {
        // Other chunks (gamma, profiles, transparency) change no pixel in Pillow's convert("RGB").
      }
    }
  }

  private void imageHeader(Source source, int at, int length) {
    if (length < 13) {
      throw source.broken("its IHDR chunk has " + length + " bytes, not 13");
    }
    long w = source.u32be(at);
    long h = source.u32be(at + 4);
    if (w < 1 || h < 1 || w > Integer.MAX_VALUE || h > Integer.MAX_VALUE) {
      throw source.broken("its header gives a size of " + w + " x " + h);
    }
    width = (int) w;
    height = (int) h;
    depth = source.u8(at + 8);
    colour = source.u8(at + 9);
    boolean known =
        switch (colour) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known) {
      throw source.broken("it has colour type " + colour + " with " + depth + " bits");
    }
    if (source.u8(at + 11) != 0) {
      throw source.broken("it has the unknown filter method " + source.u8(at + 11));
    }
    interlaced = source.u8(at + 12) != 0;
  }

  private void palette(Source source, int at, int length) {
    if (colour != PALETTE) {
      return;
    }
    if (length > 768) {
      throw source.broken("its palette has " + length / 3 + " colours, more than 256");
    }
    palette = new byte[768];
    System.arraycopy(source.bytes, at, palette, 0, length / 3 * 3);
  }

  /** Samples of a pixel. */
  int channels() {
    return switch (colour) {
      case RGB -> 3;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /** Bytes of a row of so many pixels, without the filter byte. */
  long rowBytes(long pixels) {
    return (pixels * channels() * depth + 7) >> 3;
  }
}
