package dev.kinglet.engine.x64;

/**
 * Output pixels cut into tiles that lie evenly in input and output.
 *
 * <p>A stretch is as many neighbouring pixels as lie evenly in the input: all, or a row. Each is
 * cut into tiles of {@code pixels} or one less; all tiles of the first kind come first.
 *
 * @param pixels of the first kind
 * @param tiles of the first kind
 * @param allTiles of both
 * @param first the first pixel of each tile
 * @param inStep bytes between a tile's pixels in the input
 */
record Tiling(int pixels, int tiles, int allTiles, int[] first, int inStep) {

  /** The length of a stretch. */
  static int stretch(int[] in, int width) {
    if (even(in, 0, in.length)) {
      return in.length;
    }
    return width;
  }

  private static boolean even(int[] places, int from, int to) {
    for (int i = from + 2; i < to; i++) {
      if (places[i] - places[i - 1] != places[from + 1] - places[from]) {
        return false;
      }
    }
    return true;
  }

  static Tiling of(int[] in, int stretch, int most) {
    int count = Math.ceilDiv(stretch, most);
    int pixels = Math.ceilDiv(stretch, count);
    int large = stretch - count * (pixels - 1);
    int stretches = in.length / stretch;
    int[] first = new int[count * stretches];
    int at = 0;
    for (int s = 0; s < stretches; s++) {
      for (int t = 0; t < large; t++) {
        first[at++] = s * stretch + t * pixels;
      }
    }
    for (int s = 0; s < stretches; s++) {
      for (int t = 0; t < count - large; t++) {
        first[at++] = s * stretch + large * pixels + t * (pixels - 1);
      }
    }
    int step = in.length > 1 && stretch > 1 ? in[1] - in[0] : 0;
    return new Tiling(pixels, large * stretches, first.length, first, step);
  }

  /** Whether each tile's pixels lie evenly in {@code places}, all by the same step. */
  boolean even(int[] places) {
    int step = step(places);
    for (int t = 0; t < allTiles; t++) {
      for (int p = 1; p < pixels(t); p++) {
        if (places[first[t] + p] - places[first[t] + p - 1] != step) {
          return false;
        }
      }
    }
    return true;
  }

  /** The step between the first two pixels of a tile. */
  int step(int[] places) {
    return pixels > 1 ? places[first[0] + 1] - places[first[0]] : 0;
  }

  int pixels(int tile) {
    return tile < tiles ? pixels : pixels - 1;
  }

  /** The place of each tile's first pixel. */
  int[] starts(int[] places) {
    int[] starts = new int[allTiles];
    for (int t = 0; t < allTiles; t++) {
      starts[t] = places[first[t]];
    }
    return starts;
  }

  /** The place of every pixel, tile by tile. */
  int[] all(int[] places) {
    int[] all = new int[places.length];
    int at = 0;
    for (int t = 0; t < allTiles; t++) {
      for (int p = 0; p < pixels(t); p++) {
        all[at++] = places[first[t] + p];
      }
    }
    return all;
  }
}
