package dev.kinglet.graph;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers with a shape: row-major, little-endian, on the heap or in a mapped file.
 *
 * @param shape as the file that it came from gives it
 * @param type of each element
 * @param data exactly {@code shape.elements() * type.bytes()} bytes
 */
public record Tensor(Shape shape, Type type, MemorySegment data) {
  /** Elements looked at in one go: buffers end at 2 GB, tensors do not. */
  private static final int PIECE = 1 << 20;

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
    byte[] bytes = new byte[Math.multiplyExact(values.length, 4)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return new Tensor(shape, Type.F32, MemorySegment.ofArray(bytes));
  }

  /** Whole numbers of eight bytes over a copy of these values. */
  public static Tensor ofLongs(Shape shape, long... values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, 8)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(shape, Type.I64, MemorySegment.ofArray(bytes));
  }

  /** One whole number of eight bytes, as a batch counter is stored. */
  public static Tensor counter(long value) {
    return ofLongs(Shape.of(), value);
  }

  /** All elements as single-precision numbers, in a fresh array. */
  public float[] toFloats() {
    float[] values = new float[shape.elements()];
    for (int from = 0; from < values.length; from += PIECE) {
      int to = Math.min(values.length - from, PIECE) + from;
      ByteBuffer piece = piece(from, to);
      switch (type) {
        case F32 -> piece.asFloatBuffer().get(values, from, to - from);
        case F16 -> {
          short[] halves = shorts(piece, to - from);
          for (int i = from; i < to; i++) {
            values[i] = Float.float16ToFloat(halves[i - from]);
          }
        }
        case BF16 -> {
          short[] halves = shorts(piece, to - from);
          for (int i = from; i < to; i++) {
            values[i] = Float.intBitsToFloat(halves[i - from] << 16);
          }
        }
        case F64 -> {
          for (int i = from; i < to; i++) {
            values[i] = (float) piece.getDouble();
          }
        }
        case I8, U8, BOOL, I16, U16, I32, I64 -> {
          for (int i = from; i < to; i++) {
            values[i] = (float) whole(piece);
          }
        }
      }
    }
    return values;
  }

  /** All elements as whole numbers, in a fresh array; fractions are cut off. */
  public long[] toLongs() {
    long[] values = new long[shape.elements()];
    for (int from = 0; from < values.length; from += PIECE) {
      int to = Math.min(values.length - from, PIECE) + from;
      ByteBuffer piece = piece(from, to);
      for (int i = from; i < to; i++) {
        values[i] =
            switch (type) {
              case F32 -> (long) piece.getFloat();
              case F16 -> (long) Float.float16ToFloat(piece.getShort());
              case BF16 -> (long) Float.intBitsToFloat(piece.getShort() << 16);
              case F64 -> (long) piece.getDouble();
              case I8, U8, BOOL, I16, U16, I32, I64 -> whole(piece);
            };
      }
    }
    return values;
  }

  /**
   * Some elements' bytes, as a buffer: a segment is read by a {@code VarHandle}, of which the first
   * costs a new process milliseconds.
   */
  private ByteBuffer piece(int from, int to) {
    int each = type.bytes();
    return data.asSlice((long) from * each, (long) (to - from) * each)
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All at once: a buffer's shorts one by one are slow until they have been compiled. */
  private static short[] shorts(ByteBuffer piece, int count) {
    short[] values = new short[count];
    piece.asShortBuffer().get(values);
    return values;
  }

  private long whole(ByteBuffer piece) {
    return switch (type) {
      case I8 -> piece.get();
      case U8, BOOL -> Byte.toUnsignedInt(piece.get());
      case I16 -> piece.getShort();
      case U16 -> Short.toUnsignedInt(piece.getShort());
      case I32 -> piece.getInt();
      case I64 -> piece.getLong();
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
