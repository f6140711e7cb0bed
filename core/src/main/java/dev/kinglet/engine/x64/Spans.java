package dev.kinglet.engine.x64;

import java.util.ArrayList;
import java.util.List;

/**
 * A pixel's units, {@link Blocks#UNIT} floats each, taken as vectors: with AVX-512 two units at a
 * time where they lie behind each other, and those by themselves that have no neighbour.
 *
 * @param whole the first unit of each whole vector
 * @param half units that are half a vector
 */
record Spans(int[] whole, int[] half) {

  /**
   * As many whole vectors as there are in units that lie at these bytes in all operands.
   *
   * @param places of each unit, for each operand
   */
  static Spans of(Writer asm, int units, int[]... places) {
    List<Integer> whole = new ArrayList<>();
    List<Integer> half = new ArrayList<>();
    int each = asm.lanes / Blocks.UNIT;
    for (int u = 0; u < units; u++) {
      boolean together = u + each <= units;
      for (int[] operand : places) {
        for (int i = 1; i < each && together; i++) {
          together = operand[u + i] == operand[u] + i * Blocks.UNIT * 4;
        }
      }
      (together ? whole : half).add(u);
      u += together ? each - 1 : 0;
    }
    return new Spans(numbers(whole), numbers(half));
  }

  private static int[] numbers(List<Integer> list) {
    int[] numbers = new int[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i);
    }
    return numbers;
  }

  int count() {
    return whole.length + half.length;
  }

  /** The first unit of a span; whole vectors come first. */
  int unit(int span) {
    return span < whole.length ? whole[span] : half[span - whole.length];
  }

  /** What an operand's units have in a table, for the first unit of each span. */
  int[] of(int[] units) {
    int[] chosen = new int[count()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = units[unit(i)];
    }
    return chosen;
  }

  /** The first lane of each unit if each span takes a whole vector. */
  int[] lanes(Writer asm, int units) {
    int[] lanes = new int[units];
    for (int i = 0; i < count(); i++) {
      int taken = i < whole.length ? asm.lanes / Blocks.UNIT : 1;
      for (int u = 0; u < taken; u++) {
        lanes[unit(i) + u] = i * asm.lanes + u * Blocks.UNIT;
      }
    }
    return lanes;
  }

  /** Where each span lies if the units stand behind each other, in bytes. */
  int[] inOrder() {
    int[] places = new int[count()];
    for (int i = 0; i < places.length; i++) {
      places[i] = unit(i) * Blocks.UNIT * 4;
    }
    return places;
  }
}
