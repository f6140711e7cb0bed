package dev.kinglet.engine.x64;

import java.util.ArrayList;
import java.util.List;

/**
 * Borders that still hold the zeros of an earlier value of the same frame at the same place, since
 * nothing has been written there in between: values never touch their borders. Blocks that repeat
 * each other find them so, and a line that nobody writes stays in every core's cache.
 */
final class Borders {
  private final List<Place> zeros = new ArrayList<>();

  /** Bytes of the memory of values are written, other than by a value that lies there. */
  void written(long from, long to) {
    zeros.removeIf(place -> place.offset < to && from < place.offset + place.bytes());
  }

  /** A value is written. */
  void written(Place value) {
    if (value.base == Driver.ARENA) {
      long end = value.offset + value.bytes();
      zeros.removeIf(
          place ->
              !alike(place, value)
                  && place.offset < end
                  && value.offset < place.offset + place.bytes());
    }
  }

  /** Whether a value's border has to be written; it is zeros from now on. */
  boolean write(Place value) {
    if (value.base != Driver.ARENA || value.bandRows > 0) {
      return true;
    }
    for (Place place : zeros) {
      if (alike(place, value)) {
        return false;
      }
    }
    zeros.add(value);
    return true;
  }

  private static boolean alike(Place a, Place b) {
    return a.offset == b.offset
        && a.planar == b.planar
        && a.bandRows == b.bandRows
        && (!a.planar || a.value.channels() == b.value.channels())
        && a.frame.root().alike(b.frame.root());
  }
}
