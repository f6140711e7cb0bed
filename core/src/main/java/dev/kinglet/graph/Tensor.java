package dev.kinglet.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Numbers with a shape: row-major, little-endian, on the heap or in a mapped file.
 *
 * @param shape as the file that it came from gives it
 * @param type of each element
 * @param data exactly {@code shape.elements() * type.bytes()} bytes
 */
public record Tensor(Shape shape, Type type, MemorySegment data) {

  /** What an element is stored as. */
  public enum Type {
    /** IEEE 754 single precision. */
    F32(4),
    /** IEEE 754 half precision. */
    F16(2),
    /** The upper half of a single. */
    BF16(2),
    /** IEEE 754 double precision. */
    F64(8),
    /** A signed byte. */
    I8(1),
    /** An unsigned byte. */
    U8(1),
    /** A byte that is 0 or 1. */
    BOOL(1),
    /** Two bytes, signed. */
    I16(2),
    /** Two bytes, unsigned. */
    U16(2),
    /** Four bytes, signed. */
    I32(4),
    /** Eight bytes, signed. */
    I64(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** The bytes of one element. */
    public int bytes() {
      return bytes;
    }
  }

  /** Refuses data of another length than shape and type say. */
  public Tensor {
    long expected = (long) shape.elements() * type.bytes();
    if (data.byteSize() != expected) {
      throw new InvalidInputException(
          "A tensor of "
              + shape
              + " as "
              + type
              + " needs "
              + expected
              + " bytes, but "
              + data.byteSize()
              + " were given.");
    }
    data = data.asReadOnly();
  }

  /** A single-precision tensor over a copy of these values. */
  public static Tensor of(Shape shape, float... values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    MemorySegment.copy(values, 0, data, LittleEndian.FLOAT, 0, values.length);
    return new Tensor(shape, Type.F32, data);
  }

  /** Whole numbers of eight bytes over a copy of these values. */
  public static Tensor ofLongs(Shape shape, long... values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 8)]);
    MemorySegment.copy(values, 0, data, LittleEndian.LONG, 0, values.length);
    return new Tensor(shape, Type.I64, data);
  }

  /** One whole number of eight bytes, as a batch counter is stored. */
  public static Tensor counter(long value) {
    return ofLongs(Shape.of(), value);
  }

  /** All elements as single-precision numbers, in a fresh array. */
  public float[] toFloats() {
    float[] values = new float[shape.elements()];
    switch (type) {
      case F32 -> MemorySegment.copy(data, LittleEndian.FLOAT, 0, values, 0, values.length);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(data.getAtIndex(LittleEndian.SHORT, i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(data.getAtIndex(LittleEndian.SHORT, i) << 16);
        }
      }
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) data.getAtIndex(LittleEndian.DOUBLE, i);
        }
      }
      case I8, U8, BOOL, I16, U16, I32, I64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) whole(i);
        }
      }
    }
    return values;
  }

  /** All elements as whole numbers, in a fresh array; fractions are cut off. */
  public long[] toLongs() {
    long[] values = new long[shape.elements()];
    switch (type) {
      case F32, F16, BF16 -> {
        float[] floats = toFloats();
        for (int i = 0; i < values.length; i++) {
          values[i] = (long) floats[i];
        }
      }
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (long) data.getAtIndex(LittleEndian.DOUBLE, i);
        }
      }
      case I8, U8, BOOL, I16, U16, I32, I64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = whole(i);
        }
      }
    }
    return values;
  }

  private long whole(int i) {
    return switch (type) {
      case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
      case U8, BOOL -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
      case I16 -> data.getAtIndex(LittleEndian.SHORT, i);
      case U16 -> Short.toUnsignedInt(data.getAtIndex(LittleEndian.SHORT, i));
      case I32 -> data.getAtIndex(LittleEndian.INT, i);
      case I64 -> data.getAtIndex(LittleEndian.LONG, i);
      case F32, F16, BF16, F64 -> throw new AssertionError(type + " is no whole number");
    };
  }

  /** Whether shape, type and every byte are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && shape.equals(tensor.shape)
        && type == tensor.type
        && data.mismatch(tensor.data) == -1;
  }

  @Override
  public int hashCode() {
    return shape.hashCode() * 31 + type.hashCode();
  }

  @Override
  public String toString() {
    return type + " " + shape;
  }
}
