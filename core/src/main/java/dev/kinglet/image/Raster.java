package dev.kinglet.image;

/** Where a decoder puts its pixels: interleaved RGB, in memory that is used again when it fits. */
final class Raster {
  int width;
  int height;
  final Bytes rgb = new Bytes();

  byte[] start(int width, int height) {
    this.width = width;
    this.height = height;
    return rgb.room(3 * width * height);
  }
}
