package dev.kinglet.image;

/** One thread's memory for turning pictures into network inputs; it grows to what is needed. */
final class Preparation {
  /** The crop, interleaved RGB. */
  byte[] crop = new byte[0];

  private byte[] between = new byte[0];
  private int[] sums = new int[0];
  private float[] values = new float[0];
  private Taps across;
  private Taps down;

  byte[] crop(int bytes) {
    if (crop.length < bytes) {
      crop = new byte[bytes];
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
    if (between.length < bytes) {
      between = new byte[bytes];
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
