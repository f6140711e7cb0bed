package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import java.util.Map;

/**
 * The order in which a product writes channels that a later one reads in groups, behind a shuffle:
 * within each of the first one's own groups, those of the later one's groups lie together. What
 * works by channel between them keeps the order.
 */
final class GroupOrder {
  private GroupOrder() {}

  /** All that the product wrote from which a view comes; null if it comes from elsewhere. */
  static View source(View view, Map<Value, Task> writers) {
    View read = view;
    while (each(read)) {
      Task writer = writers.get(read.value(0));
      if (writer instanceof Task.Product) {
        return View.of(read.value(0));
      } else if (writer instanceof Task.PerChannel between && between.beside() == null) {
        read = between.input();
      } else {
        return null;
      }
    }
    return null;
  }

  /** The float of each channel of the {@link #source} of a view that is read in groups. */
  static int[] lanes(View view, int groups, Map<Value, Task> writers) {
    int[] group = new int[view.channels()];
    for (int c = 0; c < group.length; c++) {
      group[c] = c / (group.length / groups);
    }
    View read = view;
    Task writer;
    do {
      int[] of = new int[group.length];
      for (int c = 0; c < of.length; c++) {
        of[read.channel(c)] = group[c];
      }
      group = of;
      writer = writers.get(read.value(0));
      read = writer.reads().getFirst();
    } while (!(writer instanceof Task.Product));
    int outs = group.length / ((Task.Product) writer).groups();
    int[] lane = new int[group.length];
    for (int first = 0; first < lane.length; first += outs) {
      int at = first;
      for (int g = 0; g < groups; g++) {
        for (int c = first; c < first + outs; c++) {
          if (group[c] == g) {
            lane[c] = at++;
          }
        }
      }
    }
    return lane;
  }

  /** Whether a view is made of all channels of one value. */
  private static boolean each(View view) {
    Value value = view.value(0);
    boolean[] seen = new boolean[value.channels()];
    boolean each = view.channels() == seen.length;
    for (int c = 0; c < view.channels() && each; c++) {
      each = view.value(c).equals(value) && !seen[view.channel(c)];
      seen[view.channel(c)] = true;
    }
    return each;
  }
}
