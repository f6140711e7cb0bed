package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The blocks of neighbouring floats that hold a view's channels, in the order of their first
 * channel, neighbours together; a channel that appears twice is in two blocks.
 *
 * @param values of which each block is a part
 * @param lanes the first float of each block in its value's pixel
 * @param lane where each channel lies if the blocks stand behind each other
 * @param size floats a block
 */
record Blocks(List<Value> values, int[] lanes, int[] lane, int size) {
  /** The floats that the layout counts in: a vector of AVX2, half of one of AVX-512. */
  static final int UNIT = 8;

  static Blocks of(View view, int size, Function<Value, Place> places) {
    Place only = places.apply(view.value(0));
    if (view.channels() == only.value.channels() && full(only.lane, size)) {
      int[] permuted = permuted(view, only.lane);
      if (permuted != null) {
        return inOrder(only, permuted, size);
      }
    }
    int[] lane = new int[view.channels()];
    Value last = null;
    int[] of = null;
    List<Value> values = new ArrayList<>();
    int[] lanes = new int[8];
    int[] used = new int[8];
    int known = -1;
    for (int c = 0; c < lane.length; c++) {
      Value value = view.value(c);
      if (value != last) {
        of = places.apply(value).lane;
        last = value;
      }
      int at = of[view.channel(c)];
      int first = at - at % size;
      int bit = 1 << at % size;
      if (known < 0
          || lanes[known] != first
          || (used[known] & bit) != 0
          || !values.get(known).equals(value)) {
        known = find(values, lanes, used, value, first, bit);
        if (known < 0) {
          known = values.size();
          if (known == lanes.length) {
            lanes = Arrays.copyOf(lanes, known * 2);
            used = Arrays.copyOf(used, known * 2);
          }
          lanes[known] = first;
          values.add(value);
        }
      }
      used[known] |= bit;
      lane[c] = known * size + at % size;
    }
    return new Blocks(values, Arrays.copyOf(lanes, values.size()), lane, size).paired();
  }

  /** Where the channels of a view lie that reads each of one value once; null for others. */
  private static int[] permuted(View view, int[] lane) {
    if (view.whole()) {
      return lane;
    }
    int[] permuted = new int[lane.length];
    boolean[] seen = new boolean[lane.length];
    Value value = view.value(0);
    for (int c = 0; c < lane.length; c++) {
      int at = view.channel(c);
      if (view.value(c) != value || seen[at]) {
        return null;
      }
      seen[at] = true;
      permuted[c] = lane[at];
    }
    return permuted;
  }

  /** All of a value, as it lies. */
  private static Blocks inOrder(Place place, int[] lane, int size) {
    int highest = 0;
    for (int at : place.lane) {
      if (at > highest) {
        highest = at;
      }
    }
    int[] lanes = new int[highest / size + 1];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = i * size;
    }
    return new Blocks(Collections.nCopies(lanes.length, place.value), lanes, lane, size);
  }

  /**
   * Whether each block up to the last holds a channel, in whatever order. Then the blocks are those
   * of the value as it lies: a copy made in the order of some view's blocks has the same ones.
   */
  private static boolean full(int[] lane, int size) {
    int last = 0;
    for (int at : lane) {
      if (at / size > last) {
        last = at / size;
      }
    }
    boolean[] used = new boolean[last + 1];
    int blocks = 0;
    for (int at : lane) {
      if (!used[at / size]) {
        used[at / size] = true;
        blocks++;
      }
    }
    return blocks == last + 1;
  }

  /**
   * The same with two neighbours behind each other that could be one vector, as after a shuffle.
   */
  private Blocks paired() {
    int[] target = new int[lanes.length];
    Arrays.fill(target, -1);
    List<Value> ordered = new ArrayList<>();
    int[] firsts = new int[lanes.length];
    for (int i = 0; i < lanes.length; i++) {
      if (target[i] < 0) {
        int other = lanes[i] / size % 2 == 0 ? open(target, i, lanes[i] + size) : -1;
        int before = lanes[i] / size % 2 == 1 ? open(target, i, lanes[i] - size) : -1;
        for (int block : new int[] {before, i, other}) {
          if (block >= 0) {
            target[block] = ordered.size();
            firsts[ordered.size()] = lanes[block];
            ordered.add(values.get(block));
          }
        }
      }
    }
    int[] moved = new int[lane.length];
    for (int c = 0; c < moved.length; c++) {
      moved[c] = target[lane[c] / size] * size + lane[c] % size;
    }
    return new Blocks(ordered, firsts, moved, size);
  }

  /** A later block of the same value that begins at a float and has no place yet, or -1. */
  private int open(int[] target, int block, int first) {
    for (int i = block + 1; i < lanes.length; i++) {
      if (target[i] < 0 && lanes[i] == first && values.get(i).equals(values.get(block))) {
        return i;
      }
    }
    return -1;
  }

  private static int find(
      List<Value> values, int[] lanes, int[] used, Value value, int lane, int bit) {
    for (int i = 0; i < values.size(); i++) {
      if (lanes[i] == lane && (used[i] & bit) == 0 && values.get(i).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  int count() {
    return lanes.length;
  }

  /** Whether all blocks lie behind each other in one value. */
  boolean contiguous() {
    for (int i = 1; i < lanes.length; i++) {
      if (lanes[i] != lanes[i - 1] + size || !values.get(i).equals(values.get(0))) {
        return false;
      }
    }
    return true;
  }

  /** Channels one behind the other. */
  static int[] inOrder(int channels) {
    int[] lane = new int[channels];
    for (int c = 0; c < channels; c++) {
      lane[c] = c;
    }
    return lane;
  }
}
