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
 * @param rows of the last one's output in a band, at most
 * @param links who reads whose rows
 * @param heights rows that the buffers of each frame hold
 */
record Chain(List<Task> list, int rows, Links links, int[] heights) {
  private static final int MOST = 6;

  /** Bytes of weights that lie in the second cache beside bands, and nobody notices. */
  private static final long FEW_WEIGHTS = 65_536;

  /** Rows of each result in a band: of each task, and of each frame's buffers. */
  record Needed(int[] low, int[] high, int[] start, int[] end) {}

  int tasks() {
    return list.size();
  }

  /** The frames of the results between; those that are read together share one. */
  int frames() {
    return links.frames.size();
  }

  /** The frame of a task's result, which is not the last's. */
  int frame(int task) {
    return links.frame[task];
  }

  /** The frame of a view's values, if they are results between; else -1. */
  int frame(View view) {
    int writer = writer(list, view.value(0));
    return writer < 0 ? -1 : links.frame[writer];
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
   * convolution by channel, and with what reads its result alone as long as that is large: they
   * would else leave the cache.
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
    int end = leaves ? i + 2 : i + 1;
    int more = end;
    while (more < all.size()
        && more < first + MOST
        && layout.place(all.get(more - 1).output()).bytes() >= Hooks.large()
        && lastReader.getOrDefault(all.get(more - 1).output(), 0) == more
        && fits(layout, all.get(more))) {
      more++;
    }
    Chain chain = more > end ? of(layout, all.subList(first, more), threads) : null;
    if (chain == null) {
      chain = of(layout, all.subList(first, end), threads);
    }
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
    if (task instanceof Task.Product || task instanceof Task.PerChannel) {
      boolean together = task instanceof Task.Product t && t.groups() > 1;
      return !together && task.reach() != null && task.reach().kernel()[0] == 1;
    }
    return task instanceof Task.Each t
        && t.combination() != Combination.NONE
        && t.left().channels() == t.right().channels()
        && Arrays.equals(layout.place(t.left().value(0)).frame.sizes, sizes)
        && Arrays.equals(layout.place(t.right().value(0)).frame.sizes, sizes);
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
    Links links = Links.of(layout, list);
    int height = layout.place(list.getLast().output()).frame.sizes[1];
    long most = Hooks.band();
    int before = 0;
    for (int bands = Math.min(threads, height); ; bands++) {
      int rows = Math.ceilDiv(height, bands);
      if (rows == before) {
        continue;
      }
      before = rows;
      int[] heights = links.heights(rows, height, threads, rows == 1 ? Long.MAX_VALUE : most);
      if (heights != null) {
        return rows == height ? null : new Chain(list, rows, links, heights);
      }
    }
  }

  /**
   * The first row of each of a thread's bands, and the row behind the last: threads have as many
   * rows as each other, and not as many bands.
   */
  int[] cuts(int height, int thread, int threads) {
    return cuts(rows, height, thread, threads);
  }

  private static int[] cuts(int rows, int height, int thread, int threads) {
    int from = height * thread / threads;
    int to = height * (thread + 1) / threads;
    int bands = Math.ceilDiv(to - from, rows);
    int each = bands == 0 ? 0 : Math.ceilDiv(to - from, bands);
    int[] cuts = new int[bands + 1];
    for (int band = 0; band <= bands; band++) {
      cuts[band] = Math.min(to, from + band * each);
    }
    return cuts;
  }

  private void reserve(Layout layout, int threads) {
    for (int i = 0; i < list.size() - 1; i++) {
      Place place = layout.place(list.get(i).output());
      place.bandRows = heights[links.frame[i]];
      place.bands = threads;
    }
  }

  /** Which rows of every result some rows of the last one need; rows of borders count too. */
  Needed needed(int from, int to) {
    return links.needed(from, to);
  }

  /**
   * Who reads whose rows, as numbers: a search for the height of bands asks often.
   *
   * @param frames of the results between
   * @param frame of each task's result, but the last's
   * @param sizes rows of each result
   * @param row bytes of a row of each result
   * @param reads four numbers for each value between that a task reads: who writes it, the reader's
   *     stride, its padding in front, and the rows that it sees at once
   */
  record Links(List<Place.Frame> frames, int[] frame, int[] sizes, long[] row, int[][] reads) {

    static Links of(Layout layout, List<Task> list) {
      int count = list.size();
      List<Place.Frame> frames = new ArrayList<>();
      int[] frame = new int[count - 1];
      int[] sizes = new int[count];
      long[] row = new long[count - 1];
      int[][] reads = new int[count][];
      for (int i = 0; i < count; i++) {
        Task task = list.get(i);
        Place place = layout.place(task.output());
        sizes[i] = place.frame.sizes[1];
        if (i < count - 1) {
          Place.Frame root = place.frame.root();
          frame[i] = frames.indexOf(root);
          if (frame[i] < 0) {
            frame[i] = frames.size();
            frames.add(root);
          }
          row[i] = root.step(1);
        }
        List<View> views = task.reads();
        int[] found = new int[4 * count * views.size()];
        int at = 0;
        for (View view : views) {
          boolean walked = view == views.getFirst() && task.reach() != null;
          Reach reach = walked ? task.reach() : Reach.POINT;
          for (Value value : view.values()) {
            int writer = writer(list, value);
            if (writer >= 0) {
              found[at++] = writer;
              found[at++] = reach.stride()[1];
              found[at++] = reach.before()[1];
              found[at++] = (reach.kernel()[1] - 1) * reach.dilation()[1] + 1;
            }
          }
        }
        reads[i] = Arrays.copyOf(found, at);
      }
      return new Links(frames, frame, sizes, row, reads);
    }

    /**
     * Rows that the buffers of each frame hold where bands have so many; null if they take more
     * than so many bytes.
     */
    int[] heights(int rows, int height, int threads, long most) {
      int[] heights = new int[frames.size()];
      for (int thread = 0; thread < threads; thread++) {
        int[] cuts = cuts(rows, height, thread, threads);
        for (int band = 0; band + 1 < cuts.length; band++) {
          Needed needed = needed(cuts[band], cuts[band + 1]);
          for (int f = 0; f < heights.length; f++) {
            heights[f] = Math.max(heights[f], needed.end[f] - needed.start[f]);
          }
          long bytes = 0;
          for (int i = 0; i < frame.length; i++) {
            bytes += heights[frame[i]] * row[i];
          }
          if (bytes > most) {
            return null;
          }
        }
      }
      return heights;
    }

    Needed needed(int from, int to) {
      int count = reads.length;
      int[] low = new int[count];
      int[] high = new int[count];
      Arrays.fill(low, Integer.MAX_VALUE);
      Arrays.fill(high, Integer.MIN_VALUE);
      low[count - 1] = from;
      high[count - 1] = to;
      int[] start = new int[frames.size()];
      int[] end = new int[start.length];
      Arrays.fill(start, Integer.MAX_VALUE);
      Arrays.fill(end, Integer.MIN_VALUE);
      for (int i = count - 1; i >= 0; i--) {
        int first = Math.max(0, low[i]);
        int behind = Math.min(sizes[i], high[i]);
        int[] read = reads[i];
        for (int r = 0; r < read.length && first < behind; r += 4) {
          int writer = read[r];
          int a = first * read[r + 1] - read[r + 2];
          int b = (behind - 1) * read[r + 1] - read[r + 2] + read[r + 3];
          low[writer] = Math.min(low[writer], a);
          high[writer] = Math.max(high[writer], b);
        }
        if (i < count - 1) {
          int f = frame[i];
          start[f] = Math.min(start[f], low[i]);
          end[f] = Math.max(end[f], high[i]);
        }
      }
      return new Needed(low, high, start, end);
    }
  }
}
