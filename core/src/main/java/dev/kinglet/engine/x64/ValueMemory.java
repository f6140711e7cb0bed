package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.MemoryPlan;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The memory of one run: values take it one after the other. */
final class ValueMemory {
  private ValueMemory() {}

  /** Gives every value of a layout its place; the bytes that all need together, whole lines. */
  static long place(Layout layout, Set<Value> constants) {
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
    for (int i = 0; i < order.size(); i++) {
      layout.place(order.get(i)).offset = plan.offsets().get(i);
    }
    for (int i = 0; i < tiled.size(); i++) {
      tiled.get(i).offset = plan.offsets().get(order.size() + i);
    }
    if (plan.peak() > Integer.MAX_VALUE) {
      throw new Unavailable("one sample needs " + plan.peak() + " bytes, more than 2 GiB");
    }
    return (plan.peak() + 63) & -64;
  }
}
