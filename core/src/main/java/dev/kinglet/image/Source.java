package dev.kinglet.image;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A file's bytes and the name that errors give it; every read is checked against the end. */
final class Source {
  byte[] bytes;
  int length;
  String name;

  /** The bytes eight at a time, the first one uppermost. */
  ByteBuffer words;

  /** The bytes as machine code takes them. */
  MemorySegment segment;

  /** Over nothing yet. */
  Source() {}

  Source(byte[] bytes, int length, String name) {
    set(bytes, length, name);
  }

  /** From now on over these bytes. */
  Source set(byte[] bytes, int length, String name) {
    if (bytes != this.bytes) {
      words = ByteBuffer.wrap(bytes);
      segment = MemorySegment.ofArray(bytes);
    }
    this.bytes = bytes;
    this.length = length;
    this.name = name;
    return this;
  }

  /** Holds on to nobody's bytes. */
  void release() {
    bytes = null;
    words = null;
    segment = null;
    length = 0;
  }

  int u8(long at) {
    if (at < 0 || at >= length) {
      throw truncated();
    }
    return bytes[(int) at] & 0xFF;
  }

  int u16be(long at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(long at) {
    return u8(at) | u8(at + 1) << 8;
  }

  long u32be(long at) {
    return (long) u16be(at) << 16 | u16be(at + 2);
  }

  long u32le(long at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  PictureException truncated() {
    return new TruncatedPictureException(
        name
            + " is truncated: it ends after "
            + length
            + " bytes, before its pixels are complete.");
  }

  PictureException broken(String what) {
    return new PictureException(name + " is broken: " + what + ".");
  }

  UnsupportedPictureException unsupported(String what) {
    return new UnsupportedPictureException(name + " cannot be read: " + what + ".");
  }

  /** Refuses sizes of zero and sizes above the limit, before anything is allocated for them. */
  void checkSize(long width, long height, long maxPixels) {
    if (width < 1 || height < 1) {
      throw broken("its header gives a size of " + width + " x " + height);
    }
    // 3 bytes a pixel have to fit into one array whatever the limit.
    if (width > Integer.MAX_VALUE / 3
        || height > Integer.MAX_VALUE / 3
        || width * height > Math.min(maxPixels, (Integer.MAX_VALUE - 64) / 3)) {
      throw new PictureException(
          name
              + " claims "
              + width
              + " x "
              + height
              + " pixels, more than the limit of "
              + maxPixels
              + "; raise the limit if the picture is to be trusted.");
    }
  }
}
