package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;

/** One thread's memory for turning pictures into network inputs; it grows to what is needed. */
final class Preparation {
  static final int SLACK = 64;

  /** The crop, interleaved RGB; machine code reads and writes up to {@link #SLACK} bytes more. */
  final Bytes crop = new Bytes();

  /** The rows that the crop needs, resized across only; with slack as well. */
  final Bytes between = new Bytes();

  final Ints sums = new Ints();
  final Taps across = new Taps();
  final Taps down = new Taps();
  final CropWindow window = new CropWindow();
  final Part part = new Part();

  /** Machine code, or null. */
  final PixelCode code;

  private float[] values = new float[0];

  Preparation(PixelCode code) {
    this.code = code;
  }

  /** Room for pixels that are not rounded to bytes. */
  float[] values(int count) {
    if (values.length < count) {
      values = new float[count];
    }
    return values;
  }
}
