package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.Strided;
import dev.kinglet.formats.pytorch.Pickled.Storage;
import dev.kinglet.formats.pytorch.Pickled.View;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Turns views over storages into tensors: a slice of the mapped file where the elements lie row by
 * row, else a copy that is counted against the file's size.
 */
final class Storages {
  private final FileBytes file;
  private final Function<String, FileBytes> source;
  private final Map<String, FileBytes> open = new HashMap<>();
  private long copyable;

  /**
   * Over a file.
   *
   * @param source the bytes of a storage by its key
   */
  Storages(FileBytes file, Function<String, FileBytes> source) {
    this.file = file;
    this.source = source;
    this.copyable = Math.max(4 * file.size(), 1 << 18);
  }

  Weights tensors(Map<String, View> views) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    views.forEach((name, view) -> tensors.put(name, tensor(FileBytes.quote(name), view)));
    return Weights.of(tensors);
  }

  private Tensor tensor(String what, View view) {
    Shape shape = file.shape(what, view.sizes());
    Storage storage = view.storage();
    int width = view.type().bytes();
    FileBytes bytes = open.computeIfAbsent(storage.key(), source);
    int stored = storage.type() == null ? 1 : storage.type().bytes();
    FileBytes inside =
        bytes.part(
            multiply(what, storage.start(), stored),
            multiply(what, storage.elements(), stored),
            "the storage of " + what);
    if (shape.elements() == 0) {
      return new Tensor(shape, view.type(), inside.data().asSlice(0, 0));
    }
    long last = view.offset();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (view.strides()[axis] < 0) {
        throw leaves(what);
      }
      last = add(what, last, multiply(what, shape.size(axis) - 1L, view.strides()[axis]));
    }
    if (view.offset() < 0 || last >= inside.size() / width) {
      throw leaves(what);
    }
    if (rowByRow(shape, view.strides())) {
      return new Tensor(
          shape,
          view.type(),
          inside.data().asSlice(view.offset() * width, (long) shape.elements() * width));
    }
    copyable -= (long) shape.elements() * width;
    if (copyable < 0) {
      throw file.refuse(
          "repeats its elements (at "
              + what
              + ") to many times the file's size; save contiguous tensors.");
    }
    return Strided.copy(shape, view.type(), inside.data(), view.offset(), view.strides());
  }

  private static boolean rowByRow(Shape shape, long[] strides) {
    long[] expected = Strided.rowMajor(shape);
    for (int axis = 0; axis < strides.length; axis++) {
      // The stride along an axis of one element is never used.
      if (shape.size(axis) > 1 && strides[axis] != expected[axis]) {
        return false;
      }
    }
    return true;
  }

  private long multiply(String what, long a, long b) {
    if (Math.multiplyHigh(a, b) != 0 || a * b < 0) {
      throw leaves(what);
    }
    return a * b;
  }

  private long add(String what, long a, long b) {
    if (a < 0 || a + b < 0) {
      throw leaves(what);
    }
    return a + b;
  }

  private RuntimeException leaves(String what) {
    return file.refuse(
        "has a tensor " + what + " that leaves its storage; fetch or save it again.");
  }
}
