package dev.kinglet.engine.x64;

/**
 * How many sums of a product stand in registers at a time.
 *
 * @param pixels at most
 * @param vectors of output channels
 */
record TileShape(int pixels, int vectors) {
  /**
   * Bytes of a single pixel's weights a term: the shorter the steps, the sooner the processor
   * foresees the next ones.
   */
  private static final int SHORT = 256;

  /** Vectors of a panel, at most. */
  static final int WIDEST = 12;

  /** Vectors of a pixel that are stored together without cost. */
  private static final int TOGETHER = 3;

  /**
   * The shape with the least estimated time.
   *
   * @param stretch pixels of a row, of which tiles are cut
   * @param vectors of all output channels
   * @param last what the last of these takes, of a whole one
   * @param panel what each panel takes beside its sums, in terms of a vector
   * @param function whether an activation needs registers of its own
   * @param apart what it costs, in terms, to store a vector without its neighbours
   */
  static TileShape best(
      Writer asm,
      Pairing pairing,
      int stretch,
      int vectors,
      double last,
      double panel,
      boolean function,
      double apart) {
    TileShape best = new TileShape(1, 1);
    double least = Double.MAX_VALUE;
    int widest = Math.min(vectors, stretch == 1 ? SHORT / asm.bytes : WIDEST);
    for (int wide = 1; wide <= widest; wide++) {
      int most = 1;
      while (most < stretch && registers(pairing, most + 1, wide, function) <= asm.registers) {
        most++;
      }
      if (registers(pairing, most, wide, function) > asm.registers) {
        continue;
      }
      int tiles = Math.ceilDiv(stretch, most);
      int pixels = Math.ceilDiv(stretch, tiles);
      int large = stretch - tiles * (pixels - 1);
      double time = 0;
      for (int left = vectors; left > 0; left -= wide) {
        int v = Math.min(wide, left);
        double sums = v == left ? v - 1 + last : v;
        time += large * time(pairing, pixels, sums);
        time += (tiles - large) * time(pairing, pixels - 1, sums);
        time += panel * stretch;
        if (v < Math.min(TOGETHER, vectors)) {
          time += apart * stretch * v;
        }
      }
      if (time < least * 0.999) {
        least = time;
        best = new TileShape(most, wide);
      }
    }
    return best;
  }

  private static int registers(Pairing pairing, int pixels, int vectors, boolean function) {
    return pairing == null
        ? ProductKernel.registers(pixels, vectors, function)
        : PairedTile.registers(pixels, vectors, function);
  }

  /** Time of one term of a tile, in no unit. */
  static double time(Pairing pairing, int pixels, double vectors) {
    return pairing == null ? cost(pixels, vectors) : PairedTile.cost(pixels, vectors);
  }

  /** Time of one term of a tile: sums two at a time, loads two at a time, at least a latency. */
  static double cost(int pixels, double vectors) {
    double sums = pixels * vectors / 2.0;
    double loads = (pixels + vectors) / 2.0;
    return Math.max(Math.max(sums, loads), 4) + 0.02 * loads;
  }
}
