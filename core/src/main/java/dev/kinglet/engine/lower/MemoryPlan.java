package dev.kinglet.engine.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * Places for things that live for a while: those whose lives overlap never share an element.
 *
 * @param offsets one a life, in the order given
 * @param peak the size of the whole
 */
public record MemoryPlan(List<Long> offsets, long peak) {

  /** Copies the list. */
  public MemoryPlan {
    offsets = List.copyOf(offsets);
  }

  /**
   * How long and how large something is.
   *
   * @param first step that writes it
   * @param last step that reads or writes it
   * @param size in any unit, greater than 0
   */
  public record Life(int first, int last, long size) {}

  /**
   * Places the largest first, each at the lowest offset where nothing that lives with it lies.
   *
   * @param alignment every offset is a multiple of
   */
  public static MemoryPlan of(List<Life> lives, long alignment) {
    int count = lives.size();
    int[] first = new int[count];
    int[] last = new int[count];
    long[] size = new long[count];
    List<Integer> order = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      first[i] = lives.get(i).first();
      last[i] = lives.get(i).last();
      size[i] = Math.ceilDiv(lives.get(i).size(), alignment) * alignment;
      order.add(i);
    }
    order.sort((a, b) -> Long.compare(lives.get(b).size(), lives.get(a).size()));
    long[] offsets = new long[count];
    // Those placed already, the lowest first.
    int[] placed = new int[count];
    long peak = 0;
    for (int done = 0; done < count; done++) {
      int i = order.get(done);
      long offset = 0;
      for (int p = 0; p < done; p++) {
        int other = placed[p];
        if (first[other] > last[i] || first[i] > last[other]) {
          continue;
        }
        if (offsets[other] >= offset + size[i]) {
          break;
        }
        offset = Math.max(offset, offsets[other] + size[other]);
      }
      offsets[i] = offset;
      peak = Math.max(peak, offset + size[i]);
      int at = done;
      while (at > 0 && offsets[placed[at - 1]] > offset) {
        at--;
      }
      System.arraycopy(placed, at, placed, at + 1, done - at);
      placed[at] = i;
    }
    List<Long> result = new ArrayList<>(count);
    for (long offset : offsets) {
      result.add(offset);
    }
    return new MemoryPlan(result, peak);
  }
}
