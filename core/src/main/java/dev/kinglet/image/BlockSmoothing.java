package dev.kinglet.image;

/**
 * Estimates the first coefficients of a progressive picture whose last scans are missing from the
 * means of the 25 blocks around, as libjpeg-turbo (3.0) does; complete pictures are not touched.
 */
final class BlockSmoothing {
  /** Natural positions of the coefficients in zigzag order that are estimated. */
  private static final int[] PLACES = {0, 1, 8, 16, 9, 2, 3, 10, 17, 24};

  /** Weights of the 5 x 5 means where no AC coefficient is known, the mean itself first. */
  private static final int[][] NOTHING_KNOWN = {
    {
      -2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6,
      -2
    },
    {-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1},
    {-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1},
    {0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0},
    {-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1},
    {0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0},
  };

  /** Weights where some AC coefficients are known; the first entry stands for the mean. */
  private static final int[][] SOMETHING_KNOWN = {
    {},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {0, 0, -7, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 7, 0, 0},
    {0, 0, -1, 0, 0, 0, 0, 13, 0, 0, 0, 0, -24, 0, 0, 0, 0, 13, 0, 0, 0, 0, -1, 0, 0},
    {0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
  };

  /** What is known of a component before any scan. */
  private static final int[] NO_SCAN = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

  private final int[] means = new int[25];
  private final int[] from = new int[5];
  private final short[] block = new short[64];

  /** Whether a picture's scans leave something to estimate and nothing forbids it. */
  static boolean needed(JpegHeader header) {
    boolean useful = false;
    for (JpegComponent c : header.components) {
      if (!c.quantKnown || c.known[0] < 0) {
        return false;
      }
      for (int k = 0; k < PLACES.length; k++) {
        if (c.quant[k] == 0) {
          return false;
        }
        useful |= k > 0 && c.known[k] != 0;
      }
    }
    return useful;
  }

  /**
   * A block (not yet dequantised) with what is not known of it replaced; good until the next call.
   *
   * @param lastGood the last row of MCUs that the last scan reached; below, the state before it
   *     counts
   */
  short[] block(JpegHeader header, JpegComponent c, int row, int column, int lastGood) {
    System.arraycopy(c.coefficients, 64 * (row * c.paddedWide + column), block, 0, 64);
    int mcuRow = row / c.v;
    int[] known = c.known;
    if (mcuRow > lastGood) {
      known = header.scanNumber > 1 ? c.knownBefore : NO_SCAN;
    }
    boolean nothing = true;
    for (int k = 1; k < PLACES.length; k++) {
      nothing &= known[k] == -1;
    }
    gather(header, c, row, column);
    int[][] weights = nothing ? NOTHING_KNOWN : SOMETHING_KNOWN;
    for (int k = 1; k < weights.length; k++) {
      int place = PLACES[k];
      if (known[k] != 0 && block[place] == 0) {
        block[place] = (short) estimate(weights[k], c.quant[0], c.quant[k], known[k]);
      }
    }
    if (nothing) {
      block[0] = (short) estimate(weights[0], c.quant[0], c.quant[0], 0);
    }
    return block;
  }

  private int estimate(int[] weights, int meanQuant, int quant, int bit) {
    long sum = 0;
    for (int i = 0; i < 25; i++) {
      sum += (long) weights[i] * means[i];
    }
    sum *= meanQuant;
    int size = (int) ((((long) quant << 7) + Math.abs(sum)) / ((long) quant << 8));
    // A coefficient known to its bit would not be zero if it were larger.
    if (bit > 0 && size >= 1 << bit) {
      size = (1 << bit) - 1;
    }
    return sum < 0 ? -size : size;
  }

  private void gather(JpegHeader header, JpegComponent c, int row, int column) {
    int mcuRow = row / c.v;
    int within = row % c.v;
    int rows = c.v;
    if (mcuRow == header.mcusHigh - 1) {
      rows = c.blocksHigh % c.v == 0 ? c.v : c.blocksHigh % c.v;
    }
    // libjpeg counts rows as if every MCU had as many as this one.
    int index = mcuRow * rows + within;
    int count = rows * header.mcusHigh;
    from[1] = index > 0 ? row - 1 : row;
    from[0] = index > 1 ? row - 2 : from[1];
    from[2] = row;
    from[3] = index < count - 1 ? row + 1 : row;
    from[4] = index < count - 2 ? row + 2 : from[3];
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        int at = Math.max(0, Math.min(c.blocksWide - 1, column + x - 2));
        means[5 * y + x] = c.coefficients[64 * (from[y] * c.paddedWide + at)];
      }
    }
  }
}
