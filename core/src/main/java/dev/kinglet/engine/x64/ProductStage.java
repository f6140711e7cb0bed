package dev.kinglet.engine.x64;

import dev.kinglet.engine.x64.Epilogue.Residual;

/**
 * Chooses tiles for a product, orders its terms as they lie in memory, and asks for its weights.
 */
final class ProductStage {
  /** Rows from this width on are cut into tiles by themselves. */
  private static final int SCATTER = 28;

  /** The bytes from which on an output is not expected in the second cache. */
  private static final int FAR = 900_000;

  /**
   * What storing a vector there costs, in sums, if most of its neighbours are not stored with it.
   */
  private static final double STRIDED = 20;

  private final Stages stages;
  private final Writer asm;
  private final Task.Product task;
  private final Place out;
  private final long inBase;
  private final Place residual;

  /** All rows of the input, the output and the residual. */
  private final Lines in;

  private final Lines to;
  private final Lines beside;
  private final int outputs;
  private final int vectors;

  // Chosen by prepare() or groups().
  private int run;
  private int entries;
  private int[] table;
  private int[] records = new int[0];
  private int[] crossed = new int[0];
  private Pairing pairing;
  private int start;
  private int terms;
  private int last;
  private int tail;
  private int most;
  private int wide;
  private int panels;
  private long weights;

  ProductStage(Stages stages, Task.Product task) {
    this.stages = stages;
    this.asm = stages.asm;
    this.task = task;
    this.out = stages.place(task.output());
    Place first = stages.place(task.input().value(0));
    this.inBase = first.offset;
    outputs = task.weighting().outputs();
    int highest = 0;
    for (int lane : out.lane) {
      highest = Math.max(highest, lane);
    }
    vectors = highest / asm.lanes + 1;
    tail = asm.wide() && highest % asm.lanes < 8 ? 8 : asm.lanes;
    residual = task.beside() == null ? null : stages.place(task.beside().value(0));
    if (task.reach() == null) {
      in = new Lines(new int[1], 0, 1);
      to = one(out);
      beside = residual == null ? null : one(residual);
    } else {
      in = Lines.windows(first.frame.root(), task.reach(), out.frame.sizes);
      to = Lines.of(out.frame.root());
      beside = residual == null ? null : Lines.of(residual.frame.root());
    }
  }

  /** The only pixel of a value. */
  private static Lines one(Place place) {
    return new Lines(new int[] {place.frame.root().at(0, 0, 0)}, 0, 1);
  }

  void add() {
    stages.border(out);
    if (task.groups() > 1) {
      groups();
    } else if (StrassenStage.add(stages, task, in, to, beside)) {
      return;
    } else {
      prepare(Slice.all(out.frame.sizes));
    }
    emit(Slice.all(out.frame.sizes));
  }

  /**
   * As long rows as input, output and residual have in common, or in the input alone where the rows
   * are short: then a table tells the place of every pixel.
   */
  private Lines[] matched(Slice slice) {
    Lines[] lines = matched(slice.of(in), slice.of(to), beside == null ? null : slice.of(beside));
    lines[0] = stages.parted(slice, lines[0], in.starts().length);
    return lines;
  }

  static Lines[] matched(Lines in, Lines to, Lines beside) {
    Lines flat = in.flat();
    boolean all = to.flat() != to || to.starts().length == 1;
    if (beside != null) {
      all &= beside.flat() != beside || beside.starts().length == 1;
    }
    if (all) {
      return new Lines[] {flat, to.flat(), beside == null ? null : beside.flat()};
    }
    return new Lines[] {flat != in && in.width() >= SCATTER ? in : flat, to, beside};
  }

  /** Chooses the tile for slices like this one, and asks for the weights. */
  void prepare(Slice slice) {
    ProductTerms listed = ProductTerms.of(stages, task, 0);
    int[] offsets = listed.offsets();
    run = listed.run();
    terms = offsets.length;
    entries = terms / run;
    table = new int[entries > 1 ? entries : 0];
    for (int i = 0; i < table.length; i++) {
      table[i] = offsets[i * run];
    }
    start = entries > 1 ? 0 : offsets[0];
    if (pairable()) {
      pairing = Pairing.of(run, entries, vectors, stages.size(task.input()));
    }
    boolean far = pairing != null && out.bandRows == 0 && out.bytes() > FAR;
    double apart = far ? STRIDED / offsets.length : 0;
    int stretch = matched(slice)[0].width();
    boolean function = task.epilogue().activation() != null;
    TileShape shape = TileShape.best(asm, pairing, stretch, vectors, 1, 0, function, apart);
    most = shape.pixels();
    wide = shape.vectors();
    panels = Math.ceilDiv(vectors, wide);
    last = vectors - (panels - 1) * wide;
    int head = pairing == null ? 1 : Pairing.HEAD;
    weights = stages.tables.reserve(((long) head + offsets.length) * wide * asm.bytes * panels);
    int lanes = wide * asm.lanes;
    int[] rows = new int[panels * lanes];
    float[] scale = new float[rows.length];
    float[] bias = new float[rows.length];
    float[] givenScale = task.weighting().scale();
    float[] givenBias = task.weighting().bias();
    int[] lane = out.lane;
    for (int o = 0; o < outputs; o++) {
      rows[lane[o]] = Math.multiplyExact(o, offsets.length * 4);
      scale[lane[o]] = givenScale[o];
      bias[lane[o]] = givenBias[o];
    }
    int[] indices = listed.indices();
    for (int i = 0; i < indices.length; i++) {
      indices[i] *= 4;
    }
    Packing.kernel(asm, lanes);
    if (pairing != null) {
      Packing.pairs(asm, lanes);
      indices = pairing.ordered(indices);
    }
    Packing.Source source = new Packing.Source(task.weighting().weight(), rows, indices, scale);
    stages.packing.panels(weights, lanes, source, bias, pairing);
  }

  void emit(Slice slice) {
    Lines[] matched = matched(slice);
    Lines from = matched[0];
    Lines target = matched[1];
    Lines added = matched[2];
    int row = slice.from();
    Tiling tiling = Tiling.of(from, most);
    // A single pixel reads all weights once, in order, which the processor foresees by itself.
    boolean prefetch = entries > 0 && from.pixels() > 1 && from.pixels() <= 256 && terms >= 24;
    boolean even = tiling.even(target) && (added == null || tiling.even(added));
    Tables.Joined all = new Tables.Joined();
    int inAt = all.add(tiling.starts(from));
    int outAt = all.add(even ? tiling.starts(target) : tiling.all(target));
    int besideAt = added == null ? 0 : all.add(even ? tiling.starts(added) : tiling.all(added));
    int entriesAt = all.add(table);
    int panelsAt = all.add(records);
    int crossedAt = all.add(crossed);
    ProductKernel kernel =
        new ProductKernel(
            panels,
            wide,
            last,
            tail,
            task.groups(),
            run,
            entries,
            tiling.pixels(),
            tiling.tiles(),
            tiling.allTiles(),
            from.step(),
            even ? target.step() : 0,
            even && added != null ? added.step() : 0,
            prefetch,
            pairing,
            task.epilogue(),
            new ProductKernel.Tables(inAt, outAt, besideAt, entriesAt, panelsAt, -1));
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long tables = stages.tables.add(all.numbers());
    Place first = stages.place(task.input().value(0));
    long[] pointers = new long[12];
    pointers[0] = first.base;
    pointers[1] = inBase + start + slice.in() + in.starts()[row];
    pointers[2] = Driver.DATA;
    pointers[3] = weights;
    pointers[4] = out.base;
    pointers[5] = out.offset + slice.out() + to.starts()[row];
    pointers[6] = Driver.ARENA;
    if (residual != null) {
      long lane = stages.blocks(task.beside()).lanes()[0] * 4L;
      pointers[7] = residual.offset + lane + slice.beside() + beside.starts()[row];
    }
    pointers[8] = Driver.DATA;
    pointers[9] = tables;
    if (pairing != null) {
      pointers[10] = Driver.ARENA;
      pointers[11] = stages.cross().of(slice.thread());
      int record = pairing.grouped() ? crossed.length / pairing.groups() * 4 : 0;
      int lists = pairing.grouped() ? crossedAt : entriesAt;
      cross(stages, task, pairing, tiling, from, inAt, lists, record, pointers, slice);
    }
    if (task.epilogue().residual() == Residual.NONE && residual != null) {
      throw new IllegalStateException("a value beside that nothing adds");
    }
    int narrow = task.groups() > 1 ? wide : last;
    Share work = Share.products(panels, wide, narrow, tiling, pairing);
    stages.add(task.name(), label, pointers, slice, work, tiling, from);
  }

  /**
   * What the paired terms of each pixel have in common, summed in front of the product.
   *
   * @param in where in the tables each tile's first pixel stands
   * @param lists where in them the runs' or groups' places stand
   * @param record bytes of a group's list
   * @param product the pointers of the product
   */
  static void cross(
      Stages stages,
      Task.Product task,
      Pairing pairing,
      Tiling tiling,
      Lines from,
      int in,
      int lists,
      int record,
      long[] product,
      Slice slice) {
    CrossKernel kernel =
        new CrossKernel(
            pairing,
            tiling.pixels(),
            tiling.tiles(),
            tiling.allTiles(),
            from.step(),
            task.overlapping() ? 0 : Math.toIntExact(stages.cross().mirror()),
            in,
            lists,
            record);
    Writer asm = stages.asm;
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    long[] pointers = new long[12];
    System.arraycopy(product, 0, pointers, 0, 2);
    System.arraycopy(product, 10, pointers, 4, 2);
    System.arraycopy(product, 8, pointers, 8, 2);
    Share work = Share.inOrder(pairing.groups(), tiling);
    stages.add(task.name(), label, pointers, slice, work, tiling, from);
    if (stages.ownTiles(slice, work, tiling, from)) {
      stages.together();
    }
  }

  private boolean pairable() {
    boolean inside = stages.place(task.input().value(0)).base == Driver.ARENA;
    return asm.pairs && inside && task.pairable();
  }

  /** Chooses tiles and panels of groups. */
  private void groups() {
    int stretch = matched(Slice.all(out.frame.sizes))[0].width();
    GroupPanels groups = GroupPanels.of(stages, task, out, pairable(), stretch);
    pairing = groups.pairing();
    run = groups.run();
    entries = groups.entries();
    terms = run * entries;
    table = new int[0];
    most = groups.most();
    wide = groups.wide();
    last = groups.last();
    tail = groups.tail();
    panels = groups.each() * task.groups();
    weights = groups.weights();
    records = groups.records();
    crossed = groups.crossed();
  }
}
