package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;
import dev.kinglet.engine.x64.EachKernel.Combination;

/** Finds how two operands are repeated along the axes of a result. */
final class EachStage {
  private final Stages stages;
  private final Task.Each task;
  private final Place out;
  private final int[] sizes;

  EachStage(Stages stages, Task.Each task) {
    this.stages = stages;
    this.task = task;
    this.out = stages.place(task.output());
    this.sizes = Reach.sizes(task.output().shape());
  }

  /** The place of each row of an operand, row by row of the result. */
  private int[] rows(View view) {
    Place.Frame frame = stages.place(view.value(0)).frame.root();
    int[] rows = new int[sizes[0] * sizes[1]];
    for (int i = 0; i < rows.length; i++) {
      int d = frame.sizes[0] == 1 ? 0 : i / sizes[1];
      int h = frame.sizes[1] == 1 ? 0 : i % sizes[1];
      rows[i] = frame.at(d, h, 0);
    }
    return rows;
  }

  private int step(View view) {
    Place.Frame frame = stages.place(view.value(0)).frame.root();
    return frame.sizes[2] == 1 && sizes[2] > 1 ? 0 : frame.step(2);
  }

  private boolean single(View view) {
    return view.channels() == 1 && task.output().channels() > 1;
  }

  void add() {
    stages.border(out);
    boolean two = task.combination() != Combination.NONE;
    View left = task.left();
    View right = two ? task.right() : left;
    Blocks ofLeft = stages.blocks(left);
    Blocks ofRight = stages.blocks(right);
    boolean leftSingle = single(left);
    boolean rightSingle = two && single(right);
    int units = leftSingle ? ofRight.count() : ofLeft.count();
    boolean tabled =
        !leftSingle && !ofLeft.contiguous() || two && !rightSingle && !ofRight.contiguous();
    int pixels = sizes[2];
    int outStep = out.frame.root().step(2);
    int full = units * Blocks.UNIT * 4;
    int row = units;
    if (!tabled
        && !leftSingle
        && !rightSingle
        && outStep == full
        && step(left) == full
        && step(right) == full) {
      row = units * pixels;
      pixels = 1;
    }
    Tables.Joined all = new Tables.Joined();
    int leftAt = all.add(rows(left));
    int rightAt = all.add(rows(right));
    int[] places = new int[sizes[0] * sizes[1]];
    for (int i = 0; i < places.length; i++) {
      places[i] = out.frame.root().at(i / sizes[1], i % sizes[1], 0);
    }
    int outAt = all.add(places);
    int[] leftBlocks = stages.blockPlaces(left, ofLeft);
    int[] rightBlocks = stages.blockPlaces(right, ofRight);
    int each = stages.asm.lanes / Blocks.UNIT;
    int vectors = row / each;
    int halves = row % each;
    int blocksAt = 0;
    if (tabled) {
      // A repeated channel has no places: those of the other, which are never read.
      int[] ofOne = leftSingle ? rightBlocks : leftBlocks;
      int[] ofOther = rightSingle ? ofOne : rightBlocks;
      Spans spans = Spans.of(stages.asm, units, ofOne, ofOther);
      vectors = spans.whole().length;
      halves = spans.half().length;
      blocksAt = all.add(spans.of(ofOne));
      all.add(spans.of(ofOther));
      all.add(spans.inOrder());
    }
    EachKernel kernel =
        new EachKernel(
            task.combination(),
            places.length,
            pixels,
            vectors,
            halves,
            tabled,
            step(left),
            step(right),
            outStep,
            leftSingle,
            rightSingle,
            leftAt,
            rightAt,
            outAt,
            blocksAt,
            task.activation());
    int label = stages.asm.kernel(kernel, () -> kernel.write(stages.asm));
    long[] pointers = new long[12];
    pointers[0] = stages.place(left.value(0)).base;
    pointers[1] = stages.place(left.value(0)).offset + (tabled && !leftSingle ? 0 : leftBlocks[0]);
    pointers[2] = stages.place(right.value(0)).base;
    pointers[3] =
        stages.place(right.value(0)).offset + (tabled && !rightSingle ? 0 : rightBlocks[0]);
    // A single channel may lie anywhere in its vector.
    if (leftSingle) {
      pointers[1] = channel(left);
    }
    if (rightSingle) {
      pointers[3] = channel(right);
    }
    pointers[4] = out.base;
    pointers[5] = out.offset;
    pointers[9] = stages.tables.add(all.numbers());
    stages.add(new Stage(task.name(), label, pointers, true, 1, places.length));
  }

  private long channel(View view) {
    Place place = stages.place(view.value(0));
    return place.offset + place.channel(view.channel(0));
  }
}
