package dev.kinglet.engine.x64;

/**
 * The panels of a product in groups: each belongs to one group, and reads only that group's terms.
 * A group's last vector is stored as far as its channels go.
 *
 * @param pairing of each group's terms; null for none
 * @param run terms behind one entry of a panel's record
 * @param entries of a panel's record; 1 with a pairing
 * @param wide vectors of a panel
 * @param last vectors of a group's last panel
 * @param tail channels in the last of these
 * @param each panels of a group
 * @param most pixels of a tile
 * @param weights where in the plan's data those of all panels lie
 * @param records of all panels
 * @param crossed what {@link CrossKernel} reads, with a pairing
 */
record GroupPanels(
    Pairing pairing,
    int run,
    int entries,
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

  /** Without pairs: where each run of terms lies behind the tile's first pixel. */
  static final int ENTRIES = 8;

  /** With pairs: bytes to the group's cross terms. */
  static final int CROSS = 8;

  /** Where the parts begin: the first behind the tile's first pixel, the others behind that. */
  static final int FIRST = 12;

  static final int SECOND = 16;
  static final int THIRD = 20;

  /** Where the terms behind the units lie. */
  static final int REST = 24;

  /** The time of half a vector of 512 bits, of a whole one's: its loads take as long. */
  private static final double HALF = 0.6;

  /** The same with pairs. */
  private static final double PAIRED_HALF = 0.8;

  /** Terms up to which what a panel begins and ends with counts, with pairs, and how much. */
  private static final int SHORT = 100;

  private static final double PANEL = 0.08;

  /** Bytes of a panel's record. */
  static int recordBytes(Pairing pairing, int entries) {
    return pairing == null ? ENTRIES + entries * 4 : REST + pairing.rest() * 4;
  }

  /**
   * The panels of a product in groups.
   *
   * @param pairable whether its terms may be paired
   * @param stretch pixels of a row, of which tiles are cut
   */
  static GroupPanels of(
      Stages stages, Task.Product task, Place out, boolean pairable, int stretch) {
    Writer asm = stages.asm;
    int groups = task.groups();
    int outs = task.weighting().outputs() / groups;
    if (!apart(out.lane, groups)) {
      throw new IllegalStateException(task.name() + " writes its groups' channels mixed");
    }
    int vectors = Math.ceilDiv(outs, asm.lanes);
    int tail = outs - (vectors - 1) * asm.lanes;
    ProductTerms[] terms = new ProductTerms[groups];
    for (int group = 0; group < groups; group++) {
      terms[group] = ProductTerms.of(stages, task, group);
    }
    Pairing pairing =
        pairable ? PairedGroups.pairing(terms, vectors, stages.size(task.input())) : null;
    int count = terms[0].count();
    int run = pairing == null ? ProductTerms.run(terms) : count;
    boolean function = task.epilogue().activation() != null;
    boolean half = asm.wide() && tail <= 8;
    double lastTime = !half ? 1 : pairing == null ? HALF : PAIRED_HALF;
    double panelTime = pairing != null && count <= SHORT ? PANEL : 0;
    TileShape shape =
        TileShape.best(asm, pairing, stretch, vectors, lastTime, panelTime, function, 0);
    int wide = shape.vectors();
    int each = Math.ceilDiv(vectors, wide);
    int cross = Math.toIntExact(CrossKernel.bytes(task.output().area()));
    int[] packed = new int[groups * count];
    int[][] ordered = new int[groups][];
    Tables.Joined records = new Tables.Joined();
    for (int group = 0; group < groups; group++) {
      int[] offsets = terms[group].offsets();
      ordered[group] =
          pairing == null ? Blocks.inOrder(count) : PairedGroups.ordered(pairing, offsets);
      int[] at = ordered[group];
      for (int i = 0; i < count; i++) {
        packed[group * count + i] = terms[group].indices()[at[i]] * 4;
      }
      for (int panel = 0; panel < each; panel++) {
        records.add((group * outs + panel * wide * asm.lanes) * 4, panel + 1 == each ? 1 : 0);
        if (pairing == null) {
          for (int i = 0; i < count; i += run) {
            records.add(offsets[i]);
          }
          continue;
        }
        int first = offsets[at[0]];
        records.add(group * cross, first, offsets[at[2]] - first, offsets[at[4]] - first);
        for (int i = 3 * pairing.pairs(); i < count; i++) {
          records.add(offsets[at[i]]);
        }
      }
    }
    return new GroupPanels(
        pairing,
        run,
        count / run,
        wide,
        vectors - (each - 1) * wide,
        tail,
        each,
        shape.pixels(),
        weights(stages, task, out, pairing, wide, packed),
        records.numbers(),
        pairing == null ? new int[0] : PairedGroups.crossed(terms, ordered, asm.lanes));
  }

  /** Whether each group's channels lie together, in the groups' order. */
  static boolean apart(int[] lane, int groups) {
    int outs = lane.length / groups;
    for (int o = 0; o < lane.length && groups > 1; o++) {
      if (lane[o] / outs != o / outs) {
        return false;
      }
    }
    return true;
  }

  /** Asks for the weights of all panels. */
  private static long weights(
      Stages stages, Task.Product task, Place out, Pairing pairing, int wide, int[] terms) {
    Writer asm = stages.asm;
    int groups = task.groups();
    int outputs = task.weighting().outputs();
    int outs = outputs / groups;
    int lanes = wide * asm.lanes;
    int each = Math.ceilDiv(outs, lanes);
    int count = terms.length / groups;
    int[] rows = new int[groups * each * lanes];
    float[] scale = new float[rows.length];
    float[] bias = new float[rows.length];
    for (int o = 0; o < outputs; o++) {
      int at = o / outs * each * lanes + out.lane[o] % outs;
      rows[at] = Math.multiplyExact(o, count * 4);
      scale[at] = task.weighting().scale()[o];
      bias[at] = task.weighting().bias()[o];
    }
    Packing.kernel(asm, lanes);
    if (pairing != null) {
      Packing.pairs(asm, lanes);
    }
    int head = pairing == null ? 1 : Pairing.HEAD;
    long weights = stages.tables.reserve((long) (head + count) * rows.length * 4);
    Packing.Source source = new Packing.Source(task.weighting().weight(), rows, terms, scale);
    stages.packing.panels(weights, lanes, source, bias, groups, pairing);
    return weights;
  }
}
