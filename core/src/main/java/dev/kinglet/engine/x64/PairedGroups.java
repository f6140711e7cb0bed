package dev.kinglet.engine.x64;

/**
 * A product in groups whose terms are summed by {@link Pairing}: each panel belongs to one group.
 *
 * <p>A group's terms may lie in several runs, as behind a shuffle. So the units are made of three
 * parts, each of which is one run or a piece of one, and the terms that are left are listed. A
 * panel's record says where all of them lie.
 *
 * @param wide vectors of a panel
 * @param last vectors of a group's last panel
 * @param tail channels in the last of these
 * @param each panels of a group
 * @param most pixels of a tile
 * @param weights where in the plan's data those of all panels lie
 * @param records of all panels
 * @param crossed what {@link CrossKernel} reads: for each group where its first part begins, how
 *     far behind that the second does, and the vectors that hold its terms, each with a mask
 */
record PairedGroups(
    Pairing pairing,
    int wide,
    int last,
    int tail,
    int each,
    int most,
    long weights,
    int[] records,
    int[] crossed) {
  // Where in a panel's record what stands, in bytes.

  /** Bytes from a pixel's first channel to the panel's. */
  static final int OUT = 0;

  /** Whether this is a group's last panel. */
  static final int LAST = 4;

  /** Bytes to the group's cross terms. */
  static final int CROSS = 8;

  /** Where the parts begin: the first behind the tile's first pixel, the others behind that. */
  static final int FIRST = 12;

  static final int SECOND = 16;
  static final int THIRD = 20;

  /** Where the terms behind the units lie. */
  static final int REST = 24;

  /** Where in what cross kernels read the vectors begin, in bytes. */
  static final int COPIES = 8;

  /** Pairs times vectors of a group from which on pairs pay. */
  private static final int WORTH = 32;

  /** Bytes of a panel's record. */
  static int recordBytes(Pairing pairing) {
    return REST + pairing.rest() * 4;
  }

  /**
   * The panels of a product in groups; null if its channels lie in another order, or if pairs would
   * not pay.
   *
   * @param stretch pixels of a row, of which tiles are cut
   */
  static PairedGroups of(Stages stages, Task.Product task, Place out, int stretch) {
    Writer asm = stages.asm;
    int groups = task.groups();
    int outs = task.weighting().outputs() / groups;
    int vectors = Math.ceilDiv(outs, asm.lanes);
    int tail = outs - (vectors - 1) * asm.lanes;
    int end = groups * outs - tail + (tail <= 8 ? 8 : asm.lanes);
    if (end > out.width || !apart(out.lane, outs) || !reads(stages, task, end)) {
      return null;
    }
    ProductTerms[] terms = new ProductTerms[groups];
    int pairs = Integer.MAX_VALUE;
    for (int group = 0; group < groups; group++) {
      terms[group] = ProductTerms.of(stages, task, group);
      pairs = Math.min(pairs, pairs(terms[group].offsets()));
    }
    int count = terms[0].count();
    if (pairs * vectors < WORTH || pairs * 3 * 2 < count) {
      return null;
    }
    Pairing pairing = new Pairing(pairs, count, 1, groups, stages.size(task.input()));
    boolean function = task.epilogue().activation() != null;
    TileShape shape = TileShape.best(asm, pairing, stretch, vectors, function, 0);
    int wide = shape.vectors();
    int each = Math.ceilDiv(vectors, wide);
    int cross = Math.toIntExact(CrossKernel.bytes(task.output().area()));
    int[] ordered = new int[groups * count];
    Tables.Joined records = new Tables.Joined();
    int[][] crossed = new int[groups][];
    int longest = 0;
    for (int group = 0; group < groups; group++) {
      int[] at = pairing.ordered(parts(terms[group].offsets(), pairs));
      int[] offsets = terms[group].offsets();
      for (int i = 0; i < count; i++) {
        ordered[group * count + i] = terms[group].indices()[at[i]] * 4;
      }
      int first = offsets[at[0]];
      crossed[group] = crossed(offsets, at, asm.lanes);
      longest = Math.max(longest, crossed[group].length);
      for (int panel = 0; panel < each; panel++) {
        records.add((group * outs + panel * wide * asm.lanes) * 4, panel + 1 == each ? 1 : 0);
        records.add(group * cross, first, offsets[at[2]] - first, offsets[at[4]] - first);
        for (int i = 3 * pairs; i < count; i++) {
          records.add(offsets[at[i]]);
        }
      }
    }
    int[] joined = new int[groups * longest];
    for (int group = 0; group < groups; group++) {
      System.arraycopy(crossed[group], 0, joined, group * longest, crossed[group].length);
    }
    long weights = weights(stages, task, out, pairing, wide, ordered);
    int last = vectors - (each - 1) * wide;
    return new PairedGroups(
        pairing, wide, last, tail, each, shape.pixels(), weights, records.numbers(), joined);
  }

  /** Whether each group's channels lie together, in the groups' order. */
  private static boolean apart(int[] lane, int outs) {
    for (int o = 0; o < lane.length; o++) {
      if (lane[o] / outs != o / outs) {
        return false;
      }
    }
    return true;
  }

  /** Whether so many floats of what is added can be read. */
  private static boolean reads(Stages stages, Task.Product task, int end) {
    if (task.beside() == null) {
      return true;
    }
    int first = stages.blocks(task.beside()).lanes()[0];
    return first + end <= stages.place(task.beside().value(0)).width;
  }

  /** The longest parts, of an even number of terms, of which these make three. */
  private static int pairs(int[] offsets) {
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

  /** Asks for the weights of all panels. */
  private static long weights(
      Stages stages, Task.Product task, Place out, Pairing pairing, int wide, int[] terms) {
    Writer asm = stages.asm;
    int outputs = task.weighting().outputs();
    int outs = outputs / pairing.groups();
    int lanes = wide * asm.lanes;
    int each = Math.ceilDiv(outs, lanes);
    int count = pairing.run();
    int[] rows = new int[pairing.groups() * each * lanes];
    float[] scale = new float[rows.length];
    float[] bias = new float[rows.length];
    for (int o = 0; o < outputs; o++) {
      int at = o / outs * each * lanes + out.lane[o] % outs;
      rows[at] = Math.multiplyExact(o, count * 4);
      scale[at] = task.weighting().scale()[o];
      bias[at] = task.weighting().bias()[o];
    }
    Packing.kernel(asm, lanes);
    Packing.pairs(asm, lanes);
    long weights = stages.tables.reserve((long) (Pairing.HEAD + count) * rows.length * 4);
    Packing.Source source = new Packing.Source(task.weighting().weight(), rows, terms, scale);
    stages.packing.panels(weights, lanes, source, bias, pairing);
    return weights;
  }
}
