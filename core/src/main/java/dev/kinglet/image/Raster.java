package dev.kinglet.image;

/** Where a decoder puts its pixels: interleaved RGB in an array that is used again when it fits. */
final class Raster {
  int width;
  int height;
  byte[] rgb = new byte[0];
  private final boolean exact;

  /**
   * With {@code exact}, the array is made anew for each picture and has just the picture's size.
   */
  Raster(boolean exact) {
    this.exact = exact;
  }

  byte[] start(int width, int height) {
    this.width = width;
    this.height = height;
    int size = 3 * width * height;
    if (exact || rgb.length < size) {
      rgb = new byte[size];
    }
    return rgb;
  }
}
