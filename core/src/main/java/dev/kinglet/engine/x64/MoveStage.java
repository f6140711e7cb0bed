package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;

/** Finds the runs of elements that lie behind each other before and after a move. */
final class MoveStage {
  private final Stages stages;
  private final Task.Move task;
  private final Place out;
  private final long base;
  private final int[] starts;
  private final Tables.Joined runs = new Tables.Joined();
  private int from;
  private int to;
  private int length;

  MoveStage(Stages stages, Task.Move task) {
    this.stages = stages;
    this.task = task;
    this.out = stages.place(task.output());
    this.base = stages.place(task.parts().getFirst().value(0)).offset;
    this.starts = new int[task.parts().size() + 1];
    for (int i = 0; i < task.parts().size(); i++) {
      starts[i + 1] = starts[i] + task.parts().get(i).shape().elements();
    }
  }

  void add() {
    boolean filled = false;
    if (task.source() != null) {
      for (int source : task.source()) {
        filled |= source < 0;
      }
    }
    if (filled) {
      fill();
    } else {
      stages.border(out);
    }
    if (task.source() == null && planes()) {
      rows();
    } else {
      elements();
    }
    flush();
    int count = runs.bytes() / MoveKernel.RECORD;
    MoveKernel kernel = new MoveKernel(count, false, 0);
    int label = stages.asm.kernel(kernel, () -> kernel.write(stages.asm));
    long[] pointers = new long[12];
    pointers[0] = stages.place(task.parts().getFirst().value(0)).base;
    pointers[1] = base;
    pointers[4] = out.base;
    pointers[5] = out.offset;
    pointers[9] = stages.tables.add(runs.numbers());
    stages.add(new Stage(task.name(), label, pointers, true, 1, count));
  }

  private void fill() {
    Place.Frame frame = out.frame.root();
    if (task.fill() != 0) {
      stages.border(out);
    }
    Tables.Joined filled = new Tables.Joined();
    if (task.fill() == 0 || !frame.bordered()) {
      filled.add(0, 0, Math.toIntExact(out.bytes() / 4));
    } else {
      for (int d = 0; d < frame.sizes[0]; d++) {
        for (int h = 0; h < frame.sizes[1]; h++) {
          filled.add(0, frame.at(d, h, 0), frame.sizes[2] * frame.pitch);
        }
      }
    }
    stages.fill(out, filled, task.fill(), true);
  }

  /** Whether whole rows of planes lie behind each other on both sides. */
  private boolean planes() {
    return out.planar
        && task.parts().size() == 1
        && task.parts().getFirst().whole()
        && task.parts().getFirst().shape().equals(out.value.shape())
        && stages.place(task.parts().getFirst().value(0)).planar;
  }

  private void rows() {
    Place in = stages.place(task.parts().getFirst().value(0));
    int width = out.frame.sizes[2];
    // Row by row, so that a thread has the same rows as in other stages.
    for (int position = 0; position < out.value.area(); position += width) {
      for (int c = 0; c < out.value.channels(); c++) {
        run(in.element(c, position), out.element(c, position), width);
      }
    }
  }

  private void elements() {
    int area = out.value.area();
    int channels = out.value.channels();
    int outer = out.planar ? channels : area;
    int inner = out.planar ? area : channels;
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j++) {
        int c = out.planar ? i : j;
        int position = out.planar ? j : i;
        int element = c * area + position;
        int source = task.source() == null ? element : task.source()[element];
        if (source >= 0) {
          run(place(source), out.element(c, position), 1);
        }
      }
    }
  }

  private int place(int element) {
    int part = 0;
    while (element >= starts[part + 1]) {
      part++;
    }
    View view = task.parts().get(part);
    int inside = element - starts[part];
    int c = inside / view.area();
    Place place = stages.place(view.value(c));
    return Math.toIntExact(
        place.offset - base + place.element(view.channel(c), inside % view.area()));
  }

  private void run(int source, int target, int count) {
    if (length > 0 && source == from + length * 4 && target == to + length * 4) {
      length += count;
      return;
    }
    flush();
    from = source;
    to = target;
    length = count;
  }

  private void flush() {
    if (length > 0) {
      runs.add(from, to, length);
    }
    length = 0;
  }
}
