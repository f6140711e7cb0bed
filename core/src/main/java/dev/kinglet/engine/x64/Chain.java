package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A product, the convolution by channel that reads it and perhaps the pointwise product after that,
 * run band by band, so that what lies between stays in the second cache.
 *
 * @param first the product
 * @param middle the convolution by channel
 * @param last the pointwise product; null if there is none
 * @param rows of the middle's output in a band
 */
record Chain(Task.Product first, Task.PerChannel middle, Task.Product last, int rows) {
  int tasks() {
    return last == null ? 2 : 3;
  }

  static Map<Integer, Chain> find(Layout layout, int threads) {
    Map<Value, Integer> readers = new HashMap<>();
    for (Task task : layout.tasks) {
      for (View view : task.reads()) {
        view.values().forEach(value -> readers.merge(value, 1, Integer::sum));
      }
    }
    Map<Integer, Chain> chains = new HashMap<>();
    for (int i = 0; i + 1 < layout.tasks.size(); i++) {
      Chain chain = at(layout, readers, i, threads);
      if (chain != null) {
        chains.put(i, chain);
        i += chain.tasks() - 1;
      }
    }
    return chains;
  }

  private static Chain at(Layout layout, Map<Value, Integer> readers, int i, int threads) {
    List<Task> tasks = layout.tasks;
    if (!(tasks.get(i) instanceof Task.Product first)
        || !(tasks.get(i + 1) instanceof Task.PerChannel middle)
        || first.reach() == null
        || first.groups() > 1
        || first.beside() != null
        || middle.beside() != null
        || !only(middle.input(), first.output(), readers)) {
      return null;
    }
    Place wide = layout.place(first.output());
    Place.Frame frame = wide.frame.root();
    if (frame.sizes[0] > 1 || wide.bytes() < Hooks.large()) {
      return null;
    }
    Task.Product last = null;
    Place thin = layout.place(middle.output());
    if (i + 2 < tasks.size()
        && tasks.get(i + 2) instanceof Task.Product t
        && t.groups() == 1
        && t.reach() != null
        && t.reach().taps() == 1
        && t.reach().stride()[1] == 1
        && t.reach().stride()[2] == 1
        && only(t.input(), middle.output(), readers)
        && !thin.frame.root().bordered()) {
      last = t;
    }
    Reach reach = middle.reach();
    int extent = (reach.kernel()[1] - 1) * reach.dilation()[1] + 1;
    int stride = reach.stride()[1];
    long row = frame.step(1);
    long each = row * stride + (last == null ? 0 : thin.frame.root().step(1));
    int height = thin.frame.sizes[1];
    long room = (Hooks.band() - Math.max(0, extent - stride) * row) / each;
    int bands = Math.ceilDiv(height, (int) Math.max(1, room));
    int rows = Math.ceilDiv(height, Math.max(bands, Math.min(threads, height)));
    if (rows >= height && threads == 1 || rows * stride < extent - stride) {
      return null;
    }
    wide.bandRows = (rows - 1) * stride + extent;
    wide.bands = threads;
    if (last != null) {
      thin.bandRows = rows;
      thin.bands = threads;
    }
    return new Chain(first, middle, last, rows);
  }

  private static boolean only(View view, Value value, Map<Value, Integer> readers) {
    return view.whole() && view.value(0).equals(value) && readers.get(value) == 1;
  }
}
