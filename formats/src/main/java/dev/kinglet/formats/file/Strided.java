package dev.kinglet.formats.file;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements that do not lie row by row, and the copy that does. */
public final class Strided {
  private static final int CHUNK = 1 << 16;

  private Strided() {}

  /** The distances, in elements, between neighbours along each axis of a row-major tensor. */
  public static long[] rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.size(axis);
    }
    return strides;
  }

  /** A copy in row-major order of elements stored column by column, as Fortran does. */
  public static Tensor columnMajor(Shape shape, Tensor.Type type, MemorySegment data) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = stride;
      stride *= shape.size(axis);
    }
    return copy(shape, type, data, 0, strides);
  }

  /**
   * A copy in row-major order on the heap. The caller has checked that every element lies inside.
   *
   * @param offset of the first element, in elements
   * @param strides between neighbours along each axis, in elements
   */
  public static Tensor copy(
      Shape shape, Tensor.Type type, MemorySegment data, long offset, long[] strides) {
    int width = type.bytes();
    byte[] bytes = new byte[Math.multiplyExact(shape.elements(), width)];
    MemorySegment target = MemorySegment.ofArray(bytes);
    int rank = shape.rank();
    int[] at = new int[rank];
    long source = offset;
    for (int i = 0; i < shape.elements(); i++) {
      long from = source * width;
      long to = (long) i * width;
      switch (width) {
        case 1 -> target.set(ValueLayout.JAVA_BYTE, to, data.get(ValueLayout.JAVA_BYTE, from));
        case 2 ->
            target.set(
                ValueLayout.JAVA_SHORT_UNALIGNED,
                to,
                data.get(ValueLayout.JAVA_SHORT_UNALIGNED, from));
        case 4 ->
            target.set(
                ValueLayout.JAVA_INT_UNALIGNED, to, data.get(ValueLayout.JAVA_INT_UNALIGNED, from));
        default ->
            target.set(
                ValueLayout.JAVA_LONG_UNALIGNED,
                to,
                data.get(ValueLayout.JAVA_LONG_UNALIGNED, from));
      }
      for (int axis = rank - 1; axis >= 0; axis--) {
        source += strides[axis];
        if (++at[axis] < shape.size(axis)) {
          break;
        }
        source -= strides[axis] * shape.size(axis);
        at[axis] = 0;
      }
    }
    return new Tensor(shape, type, target);
  }

  /** Writes bytes to a stream piece by piece, without a second copy of the whole. */
  public static void copy(MemorySegment data, OutputStream out) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK, data.byteSize())];
    for (long at = 0; at < data.byteSize(); at += chunk.length) {
      int length = (int) Math.min(chunk.length, data.byteSize() - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
      out.write(chunk, 0, length);
    }
  }
}
