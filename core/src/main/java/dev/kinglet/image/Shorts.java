package dev.kinglet.image;

import java.lang.foreign.MemorySegment;

/** Shorts that are used again and again, and the segment over them that machine code takes. */
final class Shorts {
  short[] array = new short[0];
  MemorySegment segment = MemorySegment.ofArray(array);

  /** Room for so many; when it has to grow, what was there is lost. */
  short[] room(int count) {
    if (array.length < count) {
      array = new short[count];
      segment = MemorySegment.ofArray(array);
    }
    return array;
  }
}
