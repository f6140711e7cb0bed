package dev.kinglet.engine.x64;

/**
 * Which terms of a group's sums are pairs, and what {@link CrossKernel} reads of them.
 *
 * <p>A group's terms may lie in several runs, as behind a shuffle. So the units are made of three
 * parts, each of which is one run or a piece of one, and the terms that are left are listed.
 */
final class PairedGroups {
  private PairedGroups() {}

  /** Where in what cross kernels read the vectors begin, in bytes. */
  static final int COPIES = 8;

  /** Pairs times vectors of a group from which on pairs pay. */
  private static final int WORTH = 32;

  /**
   * The pairs of each group's sums; null if they would not pay.
   *
   * @param terms of each group
   * @param vectors of a group
   * @param size as in {@link Pairing}
   */
  static Pairing pairing(ProductTerms[] terms, int vectors, int size) {
    int pairs = Integer.MAX_VALUE;
    for (ProductTerms group : terms) {
      pairs = Math.min(pairs, longest(group.offsets()));
    }
    int count = terms[0].count();
    boolean pays = pairs * vectors >= WORTH && pairs * 3 * 2 >= count;
    return pays ? new Pairing(pairs, count, 1, terms.length, size) : null;
  }

  /** The order in which a panel holds the weights of a group's terms. */
  static int[] ordered(Pairing pairing, int[] offsets) {
    return pairing.ordered(parts(offsets, pairing.pairs()));
  }

  /**
   * What cross kernels read: for each group where its first part begins, how far behind that the
   * second does, and the vectors that hold its terms, each with a mask.
   *
   * @param ordered the terms of each group, as {@link #ordered}
   */
  static int[] crossed(ProductTerms[] terms, int[][] ordered, int lanes) {
    int[][] crossed = new int[terms.length][];
    int longest = 0;
    for (int group = 0; group < terms.length; group++) {
      crossed[group] = crossed(terms[group].offsets(), ordered[group], lanes);
      longest = Math.max(longest, crossed[group].length);
    }
    int[] joined = new int[terms.length * longest];
    for (int group = 0; group < terms.length; group++) {
      System.arraycopy(crossed[group], 0, joined, group * longest, crossed[group].length);
    }
    return joined;
  }

  /** The longest parts, of an even number of terms, of which these make three. */
  private static int longest(int[] offsets) {
    for (int pairs = offsets.length / Pairing.UNIT * 2; pairs > 0; pairs -= 2) {
      if (begins(offsets, pairs)[2] >= 0) {
        return pairs;
      }
    }
    return 0;
  }

  /** The terms with which the first three parts of so many neighbours begin; -1 for none. */
  private static int[] begins(int[] offsets, int pairs) {
    int[] begins = {-1, -1, -1};
    int begin = 0;
    int found = 0;
    for (int i = 0; i < offsets.length && found < 3; i++) {
      if (i > begin && offsets[i] != offsets[i - 1] + 4) {
        begin = i;
      }
      if (i - begin + 1 == pairs) {
        begins[found++] = begin;
        begin = i + 1;
      }
    }
    return begins;
  }

  /** The terms of the three parts, and behind them those that are left. */
  private static int[] parts(int[] offsets, int pairs) {
    int[] parts = new int[offsets.length];
    boolean[] taken = new boolean[offsets.length];
    int at = 0;
    for (int begin : begins(offsets, pairs)) {
      for (int i = begin; i < begin + pairs; i++) {
        parts[at++] = i;
        taken[i] = true;
      }
    }
    for (int i = 0; i < parts.length; i++) {
      if (!taken[i]) {
        parts[at++] = i;
      }
    }
    return parts;
  }

  /** What {@link CrossKernel} reads of a group whose terms stand in this order. */
  private static int[] crossed(int[] offsets, int[] ordered, int lanes) {
    Tables.Joined all = new Tables.Joined();
    int first = offsets[ordered[0]];
    all.add(first, offsets[ordered[2]] - first);
    int begin = 0;
    for (int i = 1; i <= offsets.length; i++) {
      if (i == offsets.length || i - begin == lanes || offsets[i] != offsets[i - 1] + 4) {
        all.add(offsets[begin] - first, (1 << i - begin) - 1);
        begin = i;
      }
    }
    return all.numbers();
  }
}
