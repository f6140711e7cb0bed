package dev.kinglet.image;

import java.lang.foreign.MemorySegment;

/** Bytes that are used again and again, and the segment over them that machine code takes. */
final class Bytes {
  byte[] array = new byte[0];
  MemorySegment segment = MemorySegment.ofArray(array);

  /** With no room yet. */
  Bytes() {}

  /** Over an array of somebody else's. */
  Bytes(byte[] array) {
    this.array = array;
    segment = MemorySegment.ofArray(array);
  }

  /** Room for so many; when it has to grow, what was there is lost. */
  byte[] room(int count) {
    if (array.length < count) {
      array = new byte[count];
      segment = MemorySegment.ofArray(array);
    }
    return array;
  }
}
