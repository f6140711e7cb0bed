package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.engine.x64.EachKernel.Combination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks behind each other, run band by band, so that what lies between stays in the second cache:
 * products, convolutions by channel and what combines their results. Nobody else reads any result
 * but the last.
 *
 * @param list the tasks
 * @param rows of the last one's output in a band
 * @param frames of the results between; those that are read together share one
 * @param heights rows that the buffers of each frame hold
 */
record Chain(List<Task> list, int rows, List<Place.Frame> frames, int[] heights) {
  private static final int MOST = 6;

  /** Bytes of weights that lie in the second cache beside bands, and nobody notices. */
  private static final long FEW_WEIGHTS = 65_536;

  /** Rows of each result in a band: of each task, and of each frame's buffers. */
  record Needed(int[] low, int[] high, int[] start, int[] end) {}

  int tasks() {
    return list.size();
  }

  /** The frame of a view's values, if they are results between; else -1. */
  int frame(Layout layout, View view) {
    return frame(list, frames, layout, view);
  }

  private static int frame(List<Task> list, List<Place.Frame> frames, Layout layout, View view) {
    return writer(list, view.value(0)) < 0
        ? -1
        : frames.indexOf(layout.place(view.value(0)).frame.root());
  }

  /** The number of the task whose result a value is, but not of the last; else -1. */
  private static int writer(List<Task> list, Value value) {
    for (int i = 0; i < list.size() - 1; i++) {
      if (list.get(i).output().equals(value)) {
        return i;
      }
    }
    return -1;
  }

  static Map<Integer, Chain> find(Layout layout, int threads) {
    Map<Value, Integer> lastReader = new HashMap<>();
    for (int i = 0; i < layout.tasks.size(); i++) {
      int task = i;
      for (View view : layout.tasks.get(i).reads()) {
        view.values().forEach(value -> lastReader.put(value, task));
      }
    }
    Map<Integer, Chain> chains = new HashMap<>();
    for (int i = 0; i + 1 < layout.tasks.size(); i++) {
      Chain chain = at(layout, lastReader, i, threads);
      if (chain != null) {
        chains.put(i, chain);
        i += chain.tasks() - 1;
      }
    }
    return chains;
  }

  /**
   * The shortest chain from a task on, or null; with the product behind it, if it ends in a
   * convolution by channel, whose result would else leave the cache.
   */
  private static Chain at(Layout layout, Map<Value, Integer> lastReader, int first, int threads) {
    List<Task> all = layout.tasks;
    int last = first;
    int i = first;
    while (i < all.size() && i < first + MOST && (i == first || last > i)) {
      if (!fits(layout, all.get(i))) {
        return null;
      }
      last = Math.max(last, lastReader.getOrDefault(all.get(i).output(), Integer.MAX_VALUE));
      i++;
    }
    if (last != i || i == all.size() || !fits(layout, all.get(i))) {
      return null;
    }
    boolean leaves =
        all.get(i) instanceof Task.PerChannel
            && i + 1 < all.size()
            && all.get(i + 1) instanceof Task.Product
            && fits(layout, all.get(i + 1))
            && lastReader.getOrDefault(all.get(i).output(), 0) == i + 1;
    Chain chain = of(layout, all.subList(first, leaves ? i + 2 : i + 1), threads);
    if (chain != null) {
      chain.reserve(layout, threads);
    }
    return chain;
  }

  /** Whether a task makes rows of a map from rows. */
  private static boolean fits(Layout layout, Task task) {
    int[] sizes = layout.place(task.output()).frame.sizes;
    if (sizes[0] > 1 || sizes[1] == 1 || layout.place(task.output()).planar) {
      return false;
    }
    return switch (task) {
      case Task.Product t -> t.groups() == 1 && t.reach() != null && t.reach().kernel()[0] == 1;
      case Task.PerChannel t -> t.reach().kernel()[0] == 1;
      case Task.Each t ->
          t.combination() != Combination.NONE
              && t.left().channels() == t.right().channels()
              && Arrays.equals(layout.place(t.left().value(0)).frame.sizes, sizes)
              && Arrays.equals(layout.place(t.right().value(0)).frame.sizes, sizes);
      case Task.Tiled _, Task.Gather _, Task.Across _, Task.Move _ -> false;
    };
  }

  /**
   * Whether what lies between leaves the second cache: one result alone, or all of them where bands
   * need not read many weights again and again.
   */
  private static boolean pays(Layout layout, List<Task> list) {
    long bytes = 0;
    long largest = 0;
    long weights = 0;
    for (int i = 0; i < list.size(); i++) {
      if (i < list.size() - 1) {
        long each = layout.place(list.get(i).output()).bytes();
        bytes += each;
        largest = Math.max(largest, each);
      }
      if (list.get(i) instanceof Task.Product t) {
        weights += 4L * t.weighting().weight().shape().elements();
      }
    }
    return largest >= Hooks.large() || bytes >= Hooks.large() && weights <= FEW_WEIGHTS;
  }

  private static Chain of(Layout layout, List<Task> tasks, int threads) {
    List<Task> list = List.copyOf(tasks);
    List<Place.Frame> frames = new ArrayList<>();
    for (int i = 0; i < list.size() - 1; i++) {
      Place place = layout.place(list.get(i).output());
      if (!frames.contains(place.frame.root())) {
        frames.add(place.frame.root());
      }
    }
    if (!pays(layout, list)) {
      return null;
    }
    for (Task task : list) {
      for (View view : task.reads()) {
        boolean between = writer(list, view.value(0)) >= 0;
        for (Value value : view.values()) {
          if (between != writer(list, value) >= 0) {
            return null;
          }
        }
      }
    }
    int height = layout.place(list.getLast().output()).frame.sizes[1];
    int[] heights = new int[frames.size()];
    for (int bands = Math.min(threads, height); ; bands++) {
      int rows = Math.ceilDiv(height, bands);
      Chain chain = new Chain(list, rows, frames, heights);
      chain.measure(layout, height);
      if (rows == 1 || chain.bufferBytes(layout) <= Hooks.band()) {
        return rows == height ? null : chain;
      }
    }
  }

  private void measure(Layout layout, int height) {
    Arrays.fill(heights, 0);
    for (int from = 0; from < height; from += rows) {
      Needed needed = needed(layout, from, Math.min(height, from + rows));
      for (int f = 0; f < heights.length; f++) {
        heights[f] = Math.max(heights[f], needed.end[f] - needed.start[f]);
      }
    }
  }

  private long bufferBytes(Layout layout) {
    long bytes = 0;
    for (int i = 0; i < list.size() - 1; i++) {
      Place.Frame frame = layout.place(list.get(i).output()).frame.root();
      bytes += (long) heights[frames.indexOf(frame)] * frame.step(1);
    }
    return bytes;
  }

  private void reserve(Layout layout, int threads) {
    for (int i = 0; i < list.size() - 1; i++) {
      Place place = layout.place(list.get(i).output());
      place.bandRows = heights[frames.indexOf(place.frame.root())];
      place.bands = threads;
    }
  }

  /** Which rows of every result some rows of the last one need; rows of borders count too. */
  Needed needed(Layout layout, int from, int to) {
    int[] low = new int[list.size()];
    int[] high = new int[list.size()];
    Arrays.fill(low, Integer.MAX_VALUE);
    Arrays.fill(high, Integer.MIN_VALUE);
    low[list.size() - 1] = from;
    high[list.size() - 1] = to;
    int[] start = new int[frames.size()];
    int[] end = new int[frames.size()];
    Arrays.fill(start, Integer.MAX_VALUE);
    Arrays.fill(end, Integer.MIN_VALUE);
    for (int i = list.size() - 1; i >= 0; i--) {
      Task task = list.get(i);
      int first = Math.max(0, low[i]);
      int behind = Math.min(layout.place(task.output()).frame.sizes[1], high[i]);
      for (View view : task.reads()) {
        Reach reach = view == task.reads().getFirst() ? reach(task) : Reach.POINT;
        int extent = (reach.kernel()[1] - 1) * reach.dilation()[1] + 1;
        for (Value value : view.values()) {
          int writer = writer(list, value);
          if (writer >= 0 && first < behind) {
            int a = first * reach.stride()[1] - reach.before()[1];
            int b = (behind - 1) * reach.stride()[1] - reach.before()[1] + extent;
            low[writer] = Math.min(low[writer], a);
            high[writer] = Math.max(high[writer], b);
          }
        }
      }
      if (i < list.size() - 1) {
        int f = frames.indexOf(layout.place(task.output()).frame.root());
        start[f] = Math.min(start[f], low[i]);
        end[f] = Math.max(end[f], high[i]);
      }
    }
    return new Needed(low, high, start, end);
  }

  private static Reach reach(Task task) {
    return switch (task) {
      case Task.Product t -> t.reach();
      case Task.PerChannel t -> t.reach();
      case Task.Tiled _, Task.Gather _, Task.Each _, Task.Across _, Task.Move _ -> Reach.POINT;
    };
  }
}
