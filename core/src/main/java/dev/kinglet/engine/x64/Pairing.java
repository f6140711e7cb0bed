package dev.kinglet.engine.x64;

/**
 * Which terms of a product's sums share a multiplication.
 *
 * <p>Of two terms {@code a*u + b*v} the product {@code (a + v) * (b + u)} is the sum, but for
 * {@code a*b}, which is the same for all channels, and {@code u*v}, which is the same for all
 * pixels. So two terms take one multiplication and two additions. Where a processor's adders stand
 * beside its multipliers, a third of the terms summed as usual and two thirds this way keep both
 * busy, and three terms take the time of two. Every second pair is {@code -(v - a) * (u - b)},
 * whose extra terms have the other sign: so those of many pairs do not grow with their number.
 *
 * <p>What is lost is at worst in proportion to the squares of both factors rather than to their
 * product. So the factors are brought to one size by powers of two: each channel's weights once,
 * and the activations of a tile where they differ from what is expected by more than some factor
 * ({@link CrossKernel}). Source: S. Winograd, A New Algorithm for Inner Product, IEEE Transactions
 * on Computers C-17 (1968); for the scaling, R. P. Brent, Algorithms for Matrix Multiplication
 * (1970).
 *
 * @param pairs of each run of terms; term {@code i} and term {@code pairs + i} are one
 * @param run terms of a run
 * @param runs of the sum
 * @param groups of sums, each of terms of its own; if there are several, {@link PairedGroups} says
 *     where they lie
 * @param size the power of two that the largest of a channel's weights, and of a tile's
 *     activations, are brought to where they are scaled
 */
record Pairing(int pairs, int run, int runs, int groups, int size) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Pairing that
        && pairs == that.pairs
        && run == that.run
        && runs == that.runs
        && groups == that.groups
        && size == that.size;
  }

  @Override
  public int hashCode() {
    return (((pairs * 31 + run) * 31 + runs) * 31 + groups) * 31 + size;
  }

  /** Terms that are written down together: two pairs and two single ones. */
  static final int UNIT = 6;

  /** Vectors in front of a panel's weights: the sums of {@code u*v}, 1 / scale, bias. */
  static final int HEAD = 3;

  /** Pairs times vectors from which on the time saved is more than that of the cross terms. */
  private static final int WORTH = 32;

  /**
   * The pairs of sums like these; null if they would not pay.
   *
   * @param vectors of output channels
   */
  static Pairing of(int run, int runs, int vectors, int size) {
    int pairs = run / UNIT * 2;
    return pairs * runs * vectors < WORTH ? null : new Pairing(pairs, run, runs, 1, size);
  }

  /** Whether there are groups. */
  boolean grouped() {
    return groups > 1;
  }

  /** Units of a run. */
  int units() {
    return pairs / 2;
  }

  /** Terms of a run behind its units. */
  int rest() {
    return run - 3 * pairs;
  }

  /** Brings terms into the order in which a panel holds their weights. */
  int[] ordered(int[] terms) {
    int[] ordered = new int[terms.length];
    int at = 0;
    for (int first = 0; first < terms.length; first += run) {
      for (int i = 0; i < pairs; i += 2) {
        for (int part = 0; part < 3; part++) {
          ordered[at++] = terms[first + part * pairs + i];
          ordered[at++] = terms[first + part * pairs + i + 1];
        }
      }
      for (int i = 3 * pairs; i < run; i++) {
        ordered[at++] = terms[first + i];
      }
    }
    return ordered;
  }
}
