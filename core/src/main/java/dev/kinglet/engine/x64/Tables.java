package dev.kinglet.engine.x64;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plan's read-only memory while it is being planned: tables of numbers, and room for weights. */
final class Tables {
  private record Table(long offset, int[] numbers) {}

  private final Map<Integer, List<Table>> tables = new HashMap<>();
  private long size;

  /** The offset of a table with these numbers; equal tables share one. */
  long add(int[] numbers) {
    List<Table> alike = tables.computeIfAbsent(Arrays.hashCode(numbers), _ -> new ArrayList<>(1));
    for (Table table : alike) {
      if (Arrays.equals(table.numbers, numbers)) {
        return table.offset;
      }
    }
    Table table = new Table(reserve(numbers.length * 4L), numbers);
    alike.add(table);
    return table.offset;
  }

  /** The offset of room to be filled later. */
  long reserve(long bytes) {
    long offset = size;
    size += bytes + 63 & -64;
    return offset;
  }

  long size() {
    return size;
  }

  void write(MemorySegment data) {
    for (List<Table> alike : tables.values()) {
      for (Table table : alike) {
        copy(MemorySegment.ofArray(table.numbers), data, table.offset);
      }
    }
  }

  /** Copies all of a segment: a first copy from an array would cost a new process a millisecond. */
  static void copy(MemorySegment from, MemorySegment data, long offset) {
    MemorySegment.copy(from, 0, data, offset, from.byteSize());
  }

  /** Numbers of several kinds behind each other, to be one table. */
  static final class Joined {
    private int[] numbers = new int[256];
    private int count;

    /** Appends numbers; where they begin, in bytes. */
    int add(int... more) {
      int start = count * 4;
      if (count + more.length > numbers.length) {
        numbers = Arrays.copyOf(numbers, Math.max(numbers.length * 2, count + more.length));
      }
      System.arraycopy(more, 0, numbers, count, more.length);
      count += more.length;
      return start;
    }

    int bytes() {
      return count * 4;
    }

    int[] numbers() {
      return Arrays.copyOf(numbers, count);
    }
  }
}
