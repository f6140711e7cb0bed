package dev.kinglet.engine.x64;

/** Packs a convolution by channel's weights, vector by vector, and cuts its rows into tiles. */
final class ChannelStage {
  /** The bytes from which on a value is not expected in the second cache when it is read. */
  private static final int FAR = 900_000;

  private final Stages stages;
  private final Writer asm;
  private final Task.PerChannel task;
  private final Place in;
  private final Place out;
  private final Place residual;
  private final Spans spans;
  private final int[] blocks;
  private final int[] taps;
  private final long weights;

  /** All rows of the input, the output and the residual. */
  private final Lines windows;

  private final Lines outputs;
  private final Lines residuals;

  ChannelStage(Stages stages, Task.PerChannel task) {
    this.stages = stages;
    this.asm = stages.asm;
    this.task = task;
    in = stages.place(task.input().value(0));
    out = stages.place(task.output());
    residual = task.beside() == null ? null : stages.place(task.beside().value(0));
    Blocks units = stages.blocks(task.input());
    int[] places = stages.blockPlaces(task.input(), units);
    spans = Spans.of(asm, places.length, places);
    blocks = spans.of(places);
    taps = new int[task.reach().taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      taps[tap] = Stages.tap(in.frame.root(), task.reach(), tap);
    }
    weights = weights(units);
    windows = Lines.windows(in.frame.root(), task.reach(), out.frame.sizes);
    outputs = Lines.of(out.frame.root());
    residuals = residual == null ? null : Lines.of(residual.frame.root());
  }

  private long weights(Blocks units) {
    int[] rows = new int[spans.count() * asm.lanes];
    float[] scale = new float[rows.length];
    float[] bias = new float[rows.length];
    float[] givenScale = task.weighting().scale();
    float[] givenBias = task.weighting().bias();
    int[] packed = spans.lanes(asm, units.count());
    int[] lanes = units.lane();
    for (int c = 0; c < lanes.length; c++) {
      int lane = packed[lanes[c] / Blocks.UNIT] + lanes[c] % Blocks.UNIT;
      rows[lane] = 4 * c * taps.length;
      scale[lane] = givenScale[c];
      bias[lane] = givenBias[c];
    }
    int[] terms = new int[taps.length];
    for (int tap = 0; tap < terms.length; tap++) {
      terms[tap] = 4 * tap;
    }
    long at = stages.tables.reserve(4L * rows.length * (1 + taps.length));
    Packing.kernel(asm, asm.lanes);
    Packing.Source source = new Packing.Source(task.weighting().weight(), rows, terms, scale);
    stages.packing.panels(at, asm.lanes, source, bias, null);
    return at;
  }

  void add() {
    stages.border(out);
    emit(Slice.all(out.frame.sizes));
  }

  void emit(Slice slice) {
    Lines from = slice.of(windows);
    Lines to = slice.of(outputs);
    Lines beside = residual == null ? null : slice.of(residuals);
    boolean far = in.bandRows == 0 && in.bytes() > FAR;
    int most = ChannelKernel.mostPixels(asm, taps.length, far);
    Lines flat = from.flat();
    Tiling tiling = Tiling.of(flat, most);
    if (flat != from) {
      if (tiling.even(to.flat()) && (beside == null || tiling.even(beside.flat()))) {
        from = flat;
        to = to.flat();
        beside = beside == null ? null : beside.flat();
      } else {
        tiling = Tiling.of(from, most);
      }
    }
    Tables.Joined all = new Tables.Joined();
    ChannelKernel kernel =
        new ChannelKernel(
            spans.count(),
            spans.whole().length,
            taps,
            task.reach().kernel()[2],
            far,
            tiling.pixels(),
            tiling.tiles(),
            tiling.allTiles(),
            from.step(),
            to.step(),
            beside == null ? 0 : beside.step(),
            all.add(tiling.starts(from)),
            all.add(tiling.starts(to)),
            beside == null ? 0 : all.add(tiling.starts(beside)),
            all.add(blocks),
            all.add(spans.inOrder()),
            task.epilogue());
    int label = asm.kernel(kernel, () -> kernel.write(asm));
    int row = slice.from();
    long[] pointers = new long[12];
    pointers[0] = in.base;
    pointers[1] = in.offset + slice.in() + windows.starts()[row];
    pointers[2] = Driver.DATA;
    pointers[3] = weights;
    pointers[4] = out.base;
    pointers[5] = out.offset + slice.out() + outputs.starts()[row];
    pointers[6] = Driver.ARENA;
    if (residual != null) {
      long lane = stages.blocks(task.beside()).lanes()[0] * 4L;
      pointers[7] = residual.offset + lane + slice.beside() + residuals.starts()[row];
    }
    pointers[8] = Driver.DATA;
    pointers[9] = stages.tables.add(all.numbers());
    Share work = Share.inOrder(kernel.panels(), tiling);
    stages.add(task.name(), label, pointers, slice, work, tiling, from);
  }
}
