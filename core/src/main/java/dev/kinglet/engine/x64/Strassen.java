package dev.kinglet.engine.x64;

/**
 * The seven products that a product of halves takes instead of eight, in the order in which they
 * are made.
 *
 * <p>Pixels are the rows of {@code A} and are cut into a top and a bottom half, terms into a left
 * and a right one, output channels into the halves that are the columns of {@code B} and of the
 * result. What is multiplied are halves of {@code A} or sums of them, made for each picture, and
 * sums of weights, made once. Source: V. Strassen, Gaussian Elimination is not Optimal, Numerische
 * Mathematik 13 (1969), in the form with 15 additions that S. Winograd gave it (D. E. Knuth, The
 * Art of Computer Programming 2, section 4.6.4).
 *
 * <p>As with {@link Winograd}, what rounding loses is in proportion to the largest of the numbers
 * that are summed together: those of two pixels, and of two halves of the channels. Each output
 * channel's weights are brought to one size by a power of two before they are summed.
 */
enum Strassen {
  /** A11 B11, a part of C11 and of all that {@link #SUM_2} is a part of. */
  LEFT(Left.A11, Carry.KEEP_FIRST, false, false),
  /** A12 B21: C11. */
  RIGHT(Left.A12, Carry.ADD_FIRST | Carry.FINISH, false, false),
  /** S2 T2, with {@link #LEFT} a part of the other three quarters. */
  SUM_2(Left.S2, Carry.ADD_FIRST | Carry.KEEP_FIRST, false, false),
  /** S3 T3, with the sum before a part of the bottom's quarters. */
  SUM_3(Left.S3, Carry.ADD_FIRST | Carry.KEEP_SECOND, false, false),
  /** -A22 T4: C21. */
  BOTTOM(Left.A22, Carry.ADD_SECOND | Carry.FINISH, true, false),
  /** S1 T1: C22, and a part of C12. */
  SUM_1(Left.S1, Carry.ADD_TO_FIRST | Carry.ADD_SECOND | Carry.FINISH, true, true),
  /** S4 B22: C12. */
  SUM_4(Left.S4, Carry.ADD_FIRST | Carry.FINISH, false, true);

  /** What of the pixels a product takes: quarters of {@code A}, and sums of them. */
  enum Left {
    /** The top's left half. */
    A11,
    /** The top's right half. */
    A12,
    /** The bottom's right half. */
    A22,
    /** A21 + A22. */
    S1,
    /** S1 - A11. */
    S2,
    /** A11 - A21. */
    S3,
    /** A12 - S2. */
    S4
  }

  /**
   * Pixels of a band, about: with their sums and some panels of weights they stay in the second
   * cache.
   */
  private static final int BAND = 224;

  /** Pixels of a half from which on tiles are of a good size. */
  private static final int LEAST = 24;

  /** Terms of a whole below which halves are too short for a vector or for pairs. */
  private static final int SHORT = 32;

  /** Of the eighth that is saved, what has to be left. */
  private static final double WORTH = 0.11;

  final Left left;

  /** What is done with the product's sums, as {@link Carry} says. */
  final int carry;

  /** Whether the quarter that it finishes is one of the bottom's. */
  final boolean bottom;

  /** Whether that is one of the second half of the output channels. */
  final boolean second;

  Strassen(Left left, int carry, boolean bottom, boolean second) {
    this.left = left;
    this.carry = carry;
    this.bottom = bottom;
    this.second = second;
  }

  /**
   * Whether a product may be made of halves, and that pays.
   *
   * @param lanes floats a vector
   * @param pairs whether its terms are summed by {@link Pairing}
   */
  static boolean of(Task.Product task, int lanes, int threads, boolean pairs) {
    Boolean wish = Hooks.strassen();
    if (Boolean.FALSE.equals(wish) || task.reach() == null || task.groups() > 1) {
      return false;
    }
    int[] sizes = Reach.sizes(task.output().shape());
    int pixels = sizes[0] * sizes[1] * sizes[2];
    int terms = task.input().channels();
    int vectors = Math.ceilDiv(task.weighting().outputs(), lanes);
    boolean possible =
        task.reach().taps() == 1
            && sizes[2] > 1
            && pixels >= 4 * threads
            && terms % 2 == 0
            && terms >= SHORT
            && vectors % 2 == 0;
    if (!possible || wish != null) {
      return possible;
    }
    // What is added and kept besides, as a part of the eight products' time: measured on a Zen 4.
    double more = (pairs ? 17.0 : 6.3) / terms + (pairs ? 10.0 : 11.0) / (vectors * lanes);
    int half = pixels / bands(pixels, threads) / 2;
    return half >= (pairs ? 2 * LEAST : LEAST) && more < WORTH;
  }

  /** Bands of a map, the same number for each thread. */
  static int bands(int pixels, int threads) {
    return threads * Math.ceilDiv(pixels, BAND * threads);
  }

  /** The unit before which a band begins, if each has an even number but the last. */
  static int cut(int units, int band, int bands) {
    return band == bands ? units : (int) ((long) units * band / bands) / 2 * 2;
  }

  /** Pixels of half a band, at most. */
  static int half(int[] sizes, int threads) {
    int rows = sizes[0] * sizes[1];
    int bands = bands(rows * sizes[2], threads);
    int flat = Math.ceilDiv(rows * sizes[2], bands) + 3;
    return Math.max(flat, (Math.ceilDiv(rows, bands) + 3) * sizes[2]) / 2 + 1;
  }
}
