package dev.kinglet.image;

import java.lang.foreign.MemorySegment;

/** Ints that are used again and again, and the segment over them that machine code takes. */
final class Ints {
  int[] array = new int[0];
  MemorySegment segment = MemorySegment.ofArray(array);

  /** Room for so many; when it has to grow, what was there is lost. */
  int[] room(int count) {
    if (array.length < count) {
      array = new int[count];
      segment = MemorySegment.ofArray(array);
    }
    return array;
  }
}
