package dev.kinglet.engine.lower;

import java.util.ArrayList;
import java.util.Comparator;
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
  public record Life(int first, int last, long size) {
    boolean overlaps(Life other) {
      return first <= other.last && other.first <= last;
    }
  }

  /**
   * Places the largest first, each at the lowest offset where nothing that lives with it lies.
   *
   * @param alignment every offset is a multiple of
   */
  public static MemoryPlan of(List<Life> lives, long alignment) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < lives.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparingLong((Integer i) -> lives.get(i).size())
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    long[] offsets = new long[lives.size()];
    List<Integer> placed = new ArrayList<>();
    long peak = 0;
    for (int i : order) {
      Life life = lives.get(i);
      long size = Math.ceilDiv(life.size(), alignment) * alignment;
      long offset = 0;
      for (int j : placed) {
        if (!lives.get(j).overlaps(life)) {
          continue;
        }
        if (offsets[j] >= offset + size) {
          break;
        }
        offset =
            Math.max(offset, Math.ceilDiv(offsets[j] + lives.get(j).size(), alignment) * alignment);
      }
      offsets[i] = offset;
      peak = Math.max(peak, offset + size);
      placed.add(i);
      placed.sort(Comparator.comparingLong(j -> offsets[j]));
    }
    List<Long> result = new ArrayList<>();
    for (long offset : offsets) {
      result.add(offset);
    }
    return new MemoryPlan(result, peak);
  }
}
