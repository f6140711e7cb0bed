package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;

/** One thread's memory for turning pictures into network inputs; it grows to what is needed. */
final class Preparation {
  static final int SLACK = 64;

  /** The crop, interleaved RGB. */
  byte[] crop = new byte[0];

  /** Machine code, or null. */
  final PixelCode code;

  private byte[] between = new byte[0];
  private int[] sums = new int[0];
  private float[] values = new float[0];
  private Taps across;
  private Taps down;

  Preparation(PixelCode code) {
    this.code = code;
  }

  /** Room for a crop; machine code reads and writes up to {@link #SLACK} bytes more. */
  byte[] crop(int bytes) {
    if (crop.length < bytes + SLACK) {
      crop = new byte[bytes + SLACK];
    }
    return crop;
  }

  float[] values(int count) {
    if (values.length < count) {
      values = new float[count];
    }
    return values;
  }

  byte[] between(int bytes) {
    if (between.length < bytes + SLACK) {
      between = new byte[bytes + SLACK];
    }
    return between;
  }

  int[] sums(int count) {
    if (sums.length < count) {
      sums = new int[count];
    }
    return sums;
  }

  Taps across(Taps.Filter filter, int in, int out, int first, int count) {
    if (across == null || !across.fits(filter, in, out, first, count)) {
      across = new Taps(filter, in, out, first, count);
    }
    return across;
  }

  Taps down(Taps.Filter filter, int in, int out, int first, int count) {
    if (down == null || !down.fits(filter, in, out, first, count)) {
      down = new Taps(filter, in, out, first, count);
    }
    return down;
  }
}
