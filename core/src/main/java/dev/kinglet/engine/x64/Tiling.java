package dev.kinglet.engine.x64;

/**
 * Output pixels cut into tiles that lie evenly in the input.
 *
 * <p>Each row of the input's {@link Lines} is cut into tiles of {@code pixels} or one less; all
 * tiles of the first kind come first.
 *
 * @param pixels of the first kind
 * @param tiles of the first kind
 * @param allTiles of both
 * @param first the first pixel of each tile
 */
record Tiling(int pixels, int tiles, int allTiles, int[] first) {

  static Tiling of(Lines in, int most) {
    int width = in.width();
    int count = Math.ceilDiv(width, most);
    int pixels = Math.ceilDiv(width, count);
    int large = width - count * (pixels - 1);
    int rows = in.starts().length;
    int[] first = new int[count * rows];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int t = 0; t < large; t++) {
        first[at++] = row * width + t * pixels;
      }
    }
    for (int row = 0; row < rows; row++) {
      for (int t = 0; t < count - large; t++) {
        first[at++] = row * width + large * pixels + t * (pixels - 1);
      }
    }
    return new Tiling(pixels, large * rows, first.length, first);
  }

  /** Whether each tile's pixels lie evenly in these lines too. */
  boolean even(Lines lines) {
    return even(lines, 0);
  }

  /** The same so many pixels further. */
  boolean even(Lines lines, int shift) {
    if (lines.starts().length == 1 || pixels == 1) {
      return true;
    }
    int width = lines.width();
    for (int t = 0; t < allTiles; t++) {
      int size = t < tiles ? pixels : pixels - 1;
      if ((first[t] + shift) % width + size > width) {
        return false;
      }
    }
    return true;
  }

  /** The place of each tile's first pixel. */
  int[] starts(Lines lines) {
    return starts(lines, 0);
  }

  /** The same so many pixels further. */
  int[] starts(Lines lines, int shift) {
    int[] rows = lines.starts();
    int width = lines.width();
    int step = lines.step();
    int[] pixels = first;
    int[] starts = new int[allTiles];
    for (int t = 0; t < starts.length; t++) {
      int pixel = pixels[t] + shift;
      starts[t] = rows[pixel / width] + pixel % width * step;
    }
    return starts;
  }

  /** The place of every pixel, tile by tile. */
  int[] all(Lines lines) {
    return all(lines, 0);
  }

  /** The same so many pixels further. */
  int[] all(Lines lines, int shift) {
    int[] rows = lines.starts();
    int width = lines.width();
    int step = lines.step();
    int[] all = new int[tiles * pixels + (allTiles - tiles) * (pixels - 1)];
    int at = 0;
    for (int t = 0; t < allTiles; t++) {
      int end = first[t] + (t < tiles ? pixels : pixels - 1);
      for (int pixel = first[t] + shift; pixel < end + shift; pixel++) {
        all[at++] = rows[pixel / width] + pixel % width * step;
      }
    }
    return all;
  }
}
