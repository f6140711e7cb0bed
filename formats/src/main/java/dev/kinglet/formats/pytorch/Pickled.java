package dev.kinglet.formats.pytorch;

import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pickle can build here. Anything else becomes {@link Opaque}: named, never made. */
sealed interface Pickled {

  /** None, a truth value, a fraction, raw bytes: nothing that weights are made of. */
  enum Plain implements Pickled {
    NONE,
    TRUE,
    FALSE,
    OTHER
  }

  /** A string. */
  record Text(String value) implements Pickled {}

  /** A whole number of at most 64 bits. */
  record Whole(long value) implements Pickled {
    private static final Whole[] SMALL = new Whole[1024];

    static {
      for (int i = 0; i < SMALL.length; i++) {
        SMALL[i] = new Whole(i);
      }
    }

    static Whole of(long value) {
      return value >= 0 && value < SMALL.length ? SMALL[(int) value] : new Whole(value);
    }
  }

  /** A tuple, a list or a set. */
  record Sequence(List<Pickled> items) implements Pickled {
    static Sequence mutable() {
      return new Sequence(new ArrayList<>(0));
    }

    // Lists may contain themselves.
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return items.size() + " items";
    }
  }

  /** A dictionary's entries under strings; entries under other keys never name weights. */
  record Dictionary(Map<String, Pickled> entries) implements Pickled {
    static Dictionary empty() {
      return new Dictionary(new LinkedHashMap<>());
    }

    // Dictionaries may contain themselves.
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return entries.size() + " entries";
    }
  }

  /** A class or function, by its name alone. */
  record Global(String name) implements Pickled {}

  /** What a class or function that is not known here would have made. */
  record Opaque(String maker) implements Pickled {}

  /**
   * Elements in a row, stored elsewhere in the file.
   *
   * @param type of the elements, or null if the storage is untyped bytes
   * @param start first element of a view into a legacy file's storage
   */
  record Storage(String key, Tensor.Type type, long elements, long start) implements Pickled {}

  /** A tensor over a storage; sizes, strides and offset count elements. */
  record View(Storage storage, Tensor.Type type, long offset, long[] sizes, long[] strides)
      implements Pickled {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
