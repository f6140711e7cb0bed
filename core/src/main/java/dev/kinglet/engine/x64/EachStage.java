package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;
import dev.kinglet.engine.x64.EachKernel.Combination;
import java.util.Arrays;

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
  private int[] rows(View view, Slice slice) {
    Place.Frame frame = stages.place(view.value(0)).frame.root();
    int[] rows = new int[slice.to() - slice.from()];
    for (int i = 0; i < rows.length; i++) {
      int row = slice.from() + i;
      int d = frame.sizes[0] == 1 ? 0 : row / sizes[1];
      int h = frame.sizes[1] == 1 ? 0 : row % sizes[1];
      rows[i] = frame.at(d, h, 0);
    }
    return rows;
  }

  /** Places counted from the first. */
  private static int[] relative(int[] rows) {
    int[] relative = rows.clone();
    for (int i = 0; i < relative.length; i++) {
      relative[i] -= rows[0];
    }
    return relative;
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
    emit(Slice.all(sizes));
  }

  void emit(Slice slice) {
    boolean two = task.combination() != Combination.NONE;
    View left = task.left();
    View right = two ? task.right() : left;
    Blocks ofLeft = stages.blocks(left);
    Blocks ofRight = stages.blocks(right);
    boolean leftSingle = single(left);
    boolean rightSingle = two && single(right);
    if (two && !leftSingle && !rightSingle && !Arrays.equals(ofLeft.lane(), ofRight.lane())) {
      throw new Unavailable("the operands of " + task.name() + " lie in different orders");
    }
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
    int[] leftRows = rows(left, slice);
    int[] rightRows = rows(right, slice);
    int leftAt = all.add(relative(leftRows));
    int rightAt = all.add(relative(rightRows));
    int[] outRows = rows(View.of(task.output()), slice);
    int outAt = all.add(relative(outRows));
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
            outRows.length,
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
    pointers[1] += slice.in() + leftRows[0];
    pointers[3] += slice.beside() + rightRows[0];
    pointers[4] = out.base;
    pointers[5] = out.offset + slice.out() + outRows[0];
    pointers[9] = stages.tables.add(all.numbers());
    stages.add(
        new Stage(task.name(), label, pointers, slice.meets(), 1, outRows.length, slice.thread()));
  }

  private long channel(View view) {
    Place place = stages.place(view.value(0));
    return place.offset + place.channel(view.channel(0));
  }
}
