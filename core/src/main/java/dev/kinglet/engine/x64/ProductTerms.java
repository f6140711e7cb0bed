package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.View;
import java.util.Arrays;

/**
 * The terms of a product's sums as they lie in memory.
 *
 * @param offsets where each lies, in bytes from the input's first value, in ascending order
 * @param indices which of a channel's weights each has
 */
record ProductTerms(int[] offsets, int[] indices) {
  /** The terms of a group, or of all if there is one. */
  static ProductTerms of(Stages stages, Task.Product task, int group) {
    View view = task.input();
    int count = view.channels() / task.groups();
    int from = group * count;
    long base = stages.place(view.value(0)).offset;
    int taps = task.reach() == null ? view.area() : task.reach().taps();
    long[] order = new long[count * taps];
    int at = 0;
    boolean sorted = true;
    int[] tapPlaces = tapPlaces(stages, task, taps);
    for (int tap = 0; tap < taps; tap++) {
      for (int c = 0; c < count; c++) {
        Place place = stages.place(view.value(from + c));
        long offset = place.offset - base + place.channel(view.channel(from + c));
        offset += task.reach() == null ? place.frame.root().position(tap) : tapPlaces[tap];
        order[at] = (offset << 32) | (c * taps + tap);
        sorted &= at == 0 || order[at] > order[at - 1];
        at++;
      }
    }
    if (!sorted) {
      Arrays.sort(order);
    }
    int[] offsets = new int[order.length];
    int[] indices = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      offsets[i] = Math.toIntExact(order[i] >> 32);
      indices[i] = (int) order[i];
    }
    return new ProductTerms(offsets, indices);
  }

  private static int[] tapPlaces(Stages stages, Task.Product task, int taps) {
    int[] places = new int[taps];
    if (task.reach() != null) {
      Place.Frame frame = stages.place(task.input().value(0)).frame.root();
      for (int tap = 0; tap < taps; tap++) {
        places[tap] = Stages.tap(frame, task.reach(), tap);
      }
    }
    return places;
  }

  int count() {
    return offsets.length;
  }

  /** The length of runs of terms that lie behind each other, if all runs divide into it. */
  int run() {
    return run(offsets);
  }

  /** The same for any places. */
  static int run(int[] offsets) {
    int run = 0;
    int length = 1;
    for (int i = 1; i <= offsets.length; i++) {
      if (i < offsets.length && offsets[i] == offsets[i - 1] + 4) {
        length++;
      } else {
        run = gcd(run, length);
        length = 1;
      }
    }
    return run == offsets.length || run >= 3 ? run : 1;
  }

  /** The length of runs of which the terms of each of some groups are made. */
  static int run(ProductTerms[] groups) {
    int run = 0;
    for (ProductTerms terms : groups) {
      run = gcd(run, terms.run());
    }
    return run == groups[0].count() || run >= 3 ? run : 1;
  }

  private static int gcd(int a, int b) {
    return a == 0 ? b : gcd(b % a, a);
  }
}
