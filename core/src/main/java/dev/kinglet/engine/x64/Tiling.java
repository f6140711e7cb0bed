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
    if (lines.starts().length == 1 || pixels == 1) {
      return true;
    }
    for (int t = 0; t < allTiles; t++) {
      if (first[t] / lines.width() != (first[t] + pixels(t) - 1) / lines.width()) {
        return false;
      }
    }
    return true;
  }

  int pixels(int tile) {
    return tile < tiles ? pixels : pixels - 1;
  }

  /** The place of each tile's first pixel. */
  int[] starts(Lines lines) {
    int[] starts = new int[allTiles];
    for (int t = 0; t < allTiles; t++) {
      starts[t] = lines.at(first[t]);
    }
    return starts;
  }

  /** The place of every pixel, tile by tile. */
  int[] all(Lines lines) {
    int[] all = new int[lines.pixels()];
    int at = 0;
    for (int t = 0; t < allTiles; t++) {
      for (int p = 0; p < pixels(t); p++) {
        all[at++] = lines.at(first[t] + p);
      }
    }
    return all;
  }
}
