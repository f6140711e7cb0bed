package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.MemoryPlan;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The memory of one run: values take it one after the other. */
final class ValueMemory {
  /** How much more memory than needed is worth it. */
  private static final double MORE = 1.5;

  private ValueMemory() {}

  /** Gives every value of a layout its place; the bytes that all need together, whole lines. */
  static long place(Layout layout, Set<Value> constants, int threads) {
    Map<Value, int[]> lives = new HashMap<>();
    List<Value> order = new ArrayList<>();
    for (Value constant : constants) {
      lives.put(constant, new int[] {0, layout.tasks.size()});
      order.add(constant);
    }
    int start = 0;
    int end = -1;
    for (int i = 0; i < layout.tasks.size(); i++) {
      if (i > end) {
        start = i;
        end = layout.chains.containsKey(i) ? i + layout.chains.get(i).tasks() - 1 : i;
      }
      Task task = layout.tasks.get(i);
      for (View view : task.reads()) {
        for (Value value : view.values()) {
          if (lives.containsKey(value)) {
            lives.get(value)[1] = Math.max(lives.get(value)[1], end);
          }
        }
      }
      if (layout.place(task.output()).base == Driver.ARENA) {
        lives.put(task.output(), new int[] {start, end});
        order.add(task.output());
      }
    }
    Map<Value, Value> same = threads == 1 ? inPlace(layout, lives) : Map.of();
    order.removeAll(same.keySet());
    List<MemoryPlan.Life> all = new ArrayList<>();
    for (Value value : order) {
      int[] life = lives.get(value);
      all.add(new MemoryPlan.Life(life[0], life[1], layout.place(value).bytes()));
    }
    List<WinogradBands> tiled = new ArrayList<>();
    layout.bands.forEach(
        (task, band) -> {
          all.add(new MemoryPlan.Life(task, task, band.bytes()));
          tiled.add(band);
        });
    MemoryPlan plan = MemoryPlan.of(all, 64);
    if (threads == 2) {
      long[] heads = new long[all.size()];
      boolean[] quick = new boolean[heads.length];
      for (int i = 0; i < heads.length; i++) {
        heads[i] = i < order.size() ? head(layout.place(order.get(i))) : all.get(i).size() / 2;
        quick[i] = i < order.size() && layout.writer(order.get(i)) instanceof Task.Each;
      }
      plan = halved(all, heads, quick, plan);
    }
    for (int i = 0; i < order.size(); i++) {
      layout.place(order.get(i)).offset = plan.offsets().get(i);
    }
    same.forEach((value, first) -> layout.place(value).offset = layout.place(first).offset);
    for (int i = 0; i < tiled.size(); i++) {
      tiled.get(i).offset = plan.offsets().get(order.size() + i);
    }
    if (plan.peak() > Integer.MAX_VALUE) {
      throw new Unavailable("one sample needs " + plan.peak() + " bytes, more than 2 GiB");
    }
    return (plan.peak() + 63) & -64;
  }

  /**
   * Results that take the place of an operand, element by element, since nobody else reads that any
   * more: each thread then writes lines that are in its own cache. For each the value whose place
   * it is, which lives longer for it.
   */
  private static Map<Value, Value> inPlace(Layout layout, Map<Value, int[]> lives) {
    Map<Value, Value> same = new LinkedHashMap<>();
    for (int i = 0; i < layout.tasks.size(); i++) {
      if (!(layout.tasks.get(i) instanceof Task.Each each)) {
        continue;
      }
      Value left = each.left().value(0);
      Value first = same.getOrDefault(left, left);
      int[] before = lives.get(first);
      int[] after = lives.get(each.output());
      boolean apart = each.right() == null || !each.right().values().contains(left);
      if (before != null
          && after != null
          && before[0] < i
          && before[1] == i
          && after[0] == i
          && apart
          && each.left().whole()
          && alike(layout.place(left), layout.place(each.output()))) {
        before[1] = after[1];
        same.put(each.output(), first);
      }
    }
    return same;
  }

  /** Whether each element of two values lies where the other's does. */
  private static boolean alike(Place a, Place b) {
    return a.bandRows == 0
        && b.bandRows == 0
        && !a.planar
        && !b.planar
        && a.frame.root().alike(b.frame.root())
        && Arrays.equals(a.lane, b.lane);
  }

  /** The bytes of a value that the first of two threads writes, if they share out its rows. */
  private static long head(Place place) {
    Place.Frame frame = place.frame.root();
    int rows = frame.sizes[0] * frame.sizes[1];
    if (place.bandRows > 0 || place.planar || rows < 2) {
      return place.bytes() / 2;
    }
    return frame.at(rows / 2 / frame.sizes[1], rows / 2 % frame.sizes[1], -frame.front[2]);
  }

  /**
   * Columns of values whose heads end at one address, so that a thread writes where it wrote before
   * and not into the other core's cache; the given plan if that takes much less memory.
   */
  private static MemoryPlan halved(
      List<MemoryPlan.Life> lives, long[] heads, boolean[] quick, MemoryPlan other) {
    Integer[] order = new Integer[heads.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(lives.get(b).size(), lives.get(a).size()));
    List<List<Integer>> columns = new ArrayList<>();
    for (int i : order) {
      MemoryPlan.Life life = lives.get(i);
      List<Integer> free = null;
      for (List<Integer> column : columns) {
        boolean apart = quick[column.getFirst()] == quick[i];
        for (int k : column) {
          apart &= lives.get(k).last() < life.first() || life.last() < lives.get(k).first();
        }
        if (apart) {
          free = column;
          break;
        }
      }
      if (free == null) {
        free = new ArrayList<>();
        columns.add(free);
      }
      free.add(i);
    }
    Long[] offsets = new Long[heads.length];
    long end = 0;
    for (List<Integer> column : columns) {
      long head = 0;
      long tail = 0;
      for (int i : column) {
        head = Math.max(head, heads[i] + 63 & -64);
        tail = Math.max(tail, lives.get(i).size() - heads[i] + 127 & -64);
      }
      for (int i : column) {
        offsets[i] = end + (head - heads[i] & -64);
      }
      end += head + tail;
    }
    return end <= other.peak() * MORE ? new MemoryPlan(Arrays.asList(offsets), end) : other;
  }
}
