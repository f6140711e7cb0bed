package dev.kinglet.engine.x64;

/**
 * Emits a product as {@link Strassen}'s seven of its halves, band by band: pixels of the map, or
 * rows where they do not lie evenly. Each thread has bands and buffers of its own.
 */
final class StrassenStage {
  private final Stages stages;
  private final Writer asm;
  private final Task.Product task;
  private final Place out;

  /** What is read, written and added, as it is cut into tiles. */
  private final Lines from;

  private final Lines to;
  private final Lines beside;
  private final ProductTerms terms;

  /** Vectors of half the output channels. */
  private final int vectors;

  /** The product's pointers to its values. */
  private final long[] pointers;

  /** Of what bands are made, and the pixels of one. */
  private final int units;

  private final int unit;
  private final Pairing pairing;
  private final TileShape shape;
  private final int panels;
  private final long weights;

  /** Bytes of the weights of one of the products. */
  private final long product;

  private StrassenStage(
      Stages stages,
      Task.Product task,
      Lines[] matched,
      ProductTerms terms,
      int vectors,
      long[] pointers) {
    this.stages = stages;
    this.asm = stages.asm;
    this.task = task;
    this.terms = terms;
    this.vectors = vectors;
    this.pointers = pointers;
    out = stages.place(task.output());
    from = matched[0];
    to = matched[1];
    beside = matched[2];
    boolean flat = from.starts().length == 1;
    units = flat ? from.width() : from.starts().length;
    unit = flat ? 1 : from.width();
    int run = terms.count() / 2;
    pairing = asm.pairs ? Pairing.of(run, 1, vectors, 2 * stages.size(task.input())) : null;
    boolean function = task.epilogue().activation() != null;
    int stretch = flat ? Math.ceilDiv(cut(1), 2) : unit;
    shape = TileShape.best(asm, pairing, stretch, vectors, 1, 0, function, 0);
    panels = Math.ceilDiv(vectors, shape.vectors());
    int head = pairing == null ? 1 : Pairing.HEAD;
    product = (head + run + 2L) * shape.vectors() * asm.bytes * panels;
    weights = stages.tables.reserve(product * Strassen.values().length);
    pack();
  }

  /** Emits a product in this way if that pays and its values lie as it needs them. */
  static boolean add(Stages stages, Task.Product task, Lines in, Lines to, Lines beside) {
    if (!stages.strassen(task)) {
      return false;
    }
    Place first = stages.place(task.input().value(0));
    Place out = stages.place(task.output());
    ProductTerms terms = ProductTerms.of(stages, task, 0);
    int lanes = stages.asm.lanes;
    int highest = 0;
    for (int lane : out.lane) {
      highest = Math.max(highest, lane);
    }
    int vectors = highest / lanes + 1;
    Slice all = Slice.all(out.frame.sizes);
    Lines added = beside == null ? null : all.of(beside);
    Lines[] matched = ProductStage.matched(all.of(in), all.of(to), added);
    int rows = matched[0].starts().length;
    boolean fits =
        first.base == Driver.ARENA
            && terms.run() == terms.count()
            && vectors % 2 == 0
            && vectors * lanes <= out.width
            && (rows == 1 || rows >= 4 * bands(stages, task))
            && (task.beside() == null || reads(stages, task, vectors * lanes));
    if (!fits) {
      return false;
    }
    long[] pointers = new long[12];
    pointers[0] = first.base;
    pointers[1] = first.offset + in.starts()[0] + terms.offsets()[0];
    pointers[2] = Driver.DATA;
    pointers[4] = out.base;
    pointers[5] = out.offset + to.starts()[0];
    pointers[6] = Driver.ARENA;
    if (beside != null) {
      long lane = stages.blocks(task.beside()).lanes()[0] * 4L;
      pointers[7] = stages.place(task.beside().value(0)).offset + lane + beside.starts()[0];
    }
    pointers[8] = Driver.DATA;
    pointers[10] = Driver.ARENA;
    new StrassenStage(stages, task, matched, terms, vectors / 2, pointers).emit();
    return true;
  }

  /** Whether so many floats of what is added can be read. */
  private static boolean reads(Stages stages, Task.Product task, int floats) {
    int first = stages.blocks(task.beside()).lanes()[0];
    return first + floats <= stages.place(task.beside().value(0)).width;
  }

  private static int bands(Stages stages, Task.Product task) {
    return Strassen.bands(task.output().area(), stages.threads);
  }

  private int cut(int band) {
    return Strassen.cut(units, band, bands(stages, task));
  }

  private void emit() {
    int bands = bands(stages, task);
    for (int band = 0; band < bands; band++) {
      new Band(cut(band), cut(band + 1), band / (bands / stages.threads)).emit();
    }
    stages.meet();
  }

  /** The seven products of some pixels. */
  private final class Band {
    private final Slice slice;

    /** The pixels of half the band, as sums of them lie: behind each other. */
    private final Lines half;

    private final Tiling tiling;

    /** The first pixel of the top half, and of the bottom half; if they are odd, both have one. */
    private final int top;

    private final int bottom;

    Band(int begin, int end, int thread) {
      slice = new Slice(0, 0, 0, 0, 0, thread);
      int count = Math.ceilDiv(end - begin, 2);
      int[] starts = new int[unit == 1 ? 1 : count];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = i * unit * from.step();
      }
      half = new Lines(starts, from.step(), unit == 1 ? count : unit);
      tiling = Tiling.of(half, shape.pixels());
      top = begin * unit;
      bottom = (end - count) * unit;
    }

    void emit() {
      sums();
      int side = terms.count() / 2 * 4;
      long cross = CrossKernel.bytes(half.pixels());
      long first = stages.cross().of(slice.thread());
      long carry = first + Strassen.values().length * cross;
      for (Strassen part : Strassen.values()) {
        long[] own = pointers.clone();
        switch (part.left) {
          case A11 -> {}
          case A12, A22 -> own[1] += side;
          case S1, S2, S3, S4 -> {
            int number = part.left.ordinal() - Strassen.Left.S1.ordinal();
            own[1] = stages.cross().sums(slice.thread()) + number / 2 * apart() + number % 2 * side;
          }
        }
        own[3] = weights + part.ordinal() * product;
        long channels = part.second ? (long) vectors * asm.bytes : 0;
        own[5] += channels;
        own[7] += channels;
        own[11] = first + part.ordinal() * cross;
        emit(part, own, Math.toIntExact(carry - own[11]));
      }
    }

    /** Bytes from S1 to S3. */
    private int apart() {
      return half.pixels() * half.step();
    }

    private void sums() {
      Tables.Joined tables = new Tables.Joined();
      Tiling pixels = Tiling.of(half, 1);
      int above = tables.add(pixels.starts(from, top));
      int below = tables.add(pixels.starts(from, bottom));
      HalvesKernel kernel = new HalvesKernel(terms.count() / 2, half.step(), apart(), above, below);
      int label = asm.kernel(kernel, () -> kernel.write(asm));
      long[] own = new long[12];
      System.arraycopy(pointers, 0, own, 0, 2);
      own[4] = Driver.ARENA;
      own[5] = stages.cross().sums(slice.thread());
      own[8] = Driver.DATA;
      own[9] = stages.tables.add(tables.numbers());
      Share work = Share.inOrder(1, pixels);
      stages.add(task.name(), label, own, slice, work, pixels, half);
    }

    private void emit(Strassen part, long[] own, int carry) {
      boolean summed = part.left.compareTo(Strassen.Left.S1) >= 0;
      int first = part.left == Strassen.Left.A22 ? bottom : top;
      int target = part.bottom ? bottom : top;
      boolean even = even(to) && (beside == null || even(beside));
      Tables.Joined tables = new Tables.Joined();
      int inAt = tables.add(summed ? tiling.starts(half) : tiling.starts(from, first));
      int outAt = tables.add(places(to, even, target));
      int besideAt = beside == null ? 0 : tables.add(places(beside, even, target));
      int carryAt = tables.add(part.carry, carry);
      int run = terms.count() / 2;
      int wide = shape.vectors();
      int last = vectors - (panels - 1) * wide;
      ProductKernel kernel =
          new ProductKernel(
              panels,
              wide,
              last,
              asm.lanes,
              1,
              run,
              1,
              tiling.pixels(),
              tiling.tiles(),
              tiling.allTiles(),
              half.step(),
              even ? to.step() : 0,
              even && beside != null ? beside.step() : 0,
              run >= 24,
              pairing,
              task.epilogue(),
              new ProductKernel.Tables(inAt, outAt, besideAt, 0, 0, carryAt));
      int label = asm.kernel(kernel, () -> kernel.write(asm));
      own[9] = stages.tables.add(tables.numbers());
      if (pairing != null) {
        ProductStage.cross(stages, task, pairing, tiling, half, inAt, 0, 0, own, slice);
      }
      Share work = Share.products(panels, wide, last, tiling, pairing);
      stages.add(task.name(), label, own, slice, work, tiling, half);
    }

    private boolean even(Lines lines) {
      return tiling.even(lines, top) && tiling.even(lines, bottom);
    }

    private int[] places(Lines lines, boolean even, int first) {
      return even ? tiling.starts(lines, first) : tiling.all(lines, first);
    }
  }

  /** Asks for the weights: panels of the first half of the outputs, then of the second. */
  private void pack() {
    int lanes = shape.vectors() * asm.lanes;
    int count = terms.count();
    int[] rows = new int[2 * panels * lanes];
    float[] scale = new float[rows.length];
    float[] bias = new float[rows.length];
    int boundary = vectors * asm.lanes;
    for (int o = 0; o < task.weighting().outputs(); o++) {
      int lane = out.lane[o];
      int at = lane < boundary ? lane : panels * lanes + lane - boundary;
      rows[at] = Math.multiplyExact(o, count * 4);
      scale[at] = task.weighting().scale()[o];
      bias[at] = task.weighting().bias()[o];
    }
    int[] order = new int[count];
    int[] sides = {0, count / 2};
    for (int side : sides) {
      int[] part = new int[count / 2];
      for (int i = 0; i < part.length; i++) {
        part[i] = terms.indices()[side + i] * 4;
      }
      System.arraycopy(pairing == null ? part : pairing.ordered(part), 0, order, side, part.length);
    }
    Packing.kernel(asm, lanes);
    Packing.quarters(asm, shape.vectors(), pairing != null);
    if (pairing != null) {
      Packing.pairs(asm, lanes);
    }
    Packing.Source source = new Packing.Source(task.weighting().weight(), rows, order, scale);
    stages.packing.quarters(weights, shape.vectors(), product, source, bias, pairing);
  }
}
