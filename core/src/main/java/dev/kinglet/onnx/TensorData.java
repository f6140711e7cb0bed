package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Messages.TensorMessage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The numbers of a {@code TensorProto}, wherever it keeps them; a view of the file when they lie
 * there as a tensor wants them.
 */
final class TensorData {
  private TensorData() {}

  /** The type of ONNX's number for it, or null for one that is not read (text, complex, 4 bits). */
  static Tensor.Type type(int number) {
    return switch (number) {
      case 1 -> Tensor.Type.F32;
      case 2 -> Tensor.Type.U8;
      case 3 -> Tensor.Type.I8;
      case 4 -> Tensor.Type.U16;
      case 5 -> Tensor.Type.I16;
      case 6 -> Tensor.Type.I32;
      case 7 -> Tensor.Type.I64;
      case 9 -> Tensor.Type.BOOL;
      case 10 -> Tensor.Type.F16;
      case 11 -> Tensor.Type.F64;
      case 16 -> Tensor.Type.BF16;
      default -> null;
    };
  }

  /** ONNX's number for a type. */
  static int number(Tensor.Type type) {
    return switch (type) {
      case F32 -> 1;
      case U8 -> 2;
      case I8 -> 3;
      case U16 -> 4;
      case I16 -> 5;
      case I32 -> 6;
      case I64 -> 7;
      case BOOL -> 9;
      case F16 -> 10;
      case F64 -> 11;
      case BF16 -> 16;
    };
  }

  /**
   * The tensor of a message.
   *
   * @param external the files beside the model, for weights that lie there
   */
  static Tensor tensor(TensorMessage message, ExternalData external) {
    Tensor.Type type = type(message.type());
    if (type == null) {
      throw new InvalidInputException(
          "Tensor '"
              + message.name()
              + "' of the ONNX file has element type "
              + message.type()
              + " of TensorProto, which is not supported; use float32, float16, bfloat16, double"
              + " or whole numbers.");
    }
    Shape shape = shape(message);
    long bytes = (long) shape.elements() * type.bytes();
    if (message.external() != null) {
      return new Tensor(shape, type, external.read(message.name(), message.external(), bytes));
    }
    if (message.raw() != null) {
      return new Tensor(shape, type, exactly(message, message.raw(), bytes));
    }
    if (message.typedField() == 0) {
      return new Tensor(shape, type, exactly(message, ByteBuffer.allocate(0), bytes));
    }
    return new Tensor(shape, type, typed(message, shape.elements(), type));
  }

  private static Shape shape(TensorMessage message) {
    int[] sizes = new int[message.dims().length];
    for (int axis = 0; axis < sizes.length; axis++) {
      long size = message.dims()[axis];
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw new InvalidInputException(
            "Tensor '"
                + message.name()
                + "' of the ONNX file has an axis of "
                + size
                + " elements; the file is broken.");
      }
      sizes[axis] = (int) size;
    }
    return Shape.of(sizes);
  }

  private static MemorySegment exactly(TensorMessage message, ByteBuffer data, long bytes) {
    if (data.remaining() != bytes) {
      throw length(message, bytes, data.remaining());
    }
    return MemorySegment.ofBuffer(data);
  }

  private static InvalidInputException length(TensorMessage message, long expected, long found) {
    return new InvalidInputException(
        "Tensor '"
            + message.name()
            + "' of the ONNX file needs "
            + expected
            + " bytes for its shape and type, but "
            + found
            + " are there; the file is broken.");
  }

  private static MemorySegment typed(TensorMessage message, int elements, Tensor.Type type) {
    int field = message.typedField();
    int wanted =
        switch (type) {
          case F32 -> 4;
          case F64 -> 10;
          case I64 -> 7;
          case I32, I16, I8, U16, U8, BOOL, F16, BF16 -> 5;
        };
    if (field != wanted) {
      throw new InvalidInputException(
          "Tensor '"
              + message.name()
              + "' of the ONNX file keeps its numbers in field "
              + field
              + ", where its type "
              + type
              + " has none; the file is broken.");
    }
    boolean fixed = type == Tensor.Type.F32 || type == Tensor.Type.F64;
    if (fixed) {
      ByteBuffer whole = onlyPiece(message);
      if (whole != null) {
        return exactly(message, whole, (long) elements * type.bytes());
      }
    }
    // Counted before anything is allocated: a short file may claim a long tensor.
    long found = 0;
    WireReader count = message.body().copy();
    while (count.next()) {
      if (count.field() == field && count.type() == WireReader.BYTES) {
        WireReader packed = count.message();
        found += fixed ? packed.rest().remaining() / type.bytes() : packed.packedNumbers();
      } else {
        found += count.field() == field ? 1 : 0;
        count.skip();
      }
    }
    if (found != elements) {
      throw length(message, (long) elements * type.bytes(), found * type.bytes());
    }
    ByteBuffer data = buffer(elements, type);
    WireReader in = message.body().copy();
    while (in.next()) {
      if (in.field() != field) {
        in.skip();
      } else if (fixed) {
        ByteBuffer piece = in.type() == WireReader.BYTES ? in.message().rest() : in.fixed();
        if (piece.remaining() > data.remaining()) {
          throw length(message, data.capacity(), data.position() + piece.remaining());
        }
        data.put(piece);
      } else if (in.type() == WireReader.BYTES) {
        WireReader packed = in.message();
        while (!packed.atEnd()) {
          put(data, type, packed.varint());
        }
      } else {
        put(data, type, in.number());
      }
    }
    if (data.hasRemaining()) {
      throw length(message, data.capacity(), data.position());
    }
    return MemorySegment.ofBuffer(data.flip());
  }

  /** The field's bytes where it comes once and packed, which needs no copy; else null. */
  private static ByteBuffer onlyPiece(TensorMessage message) {
    ByteBuffer piece = null;
    WireReader in = message.body().copy();
    while (in.next()) {
      if (in.field() != message.typedField()) {
        in.skip();
      } else if (piece != null || in.type() != WireReader.BYTES) {
        return null;
      } else {
        piece = in.message().rest();
      }
    }
    return piece;
  }

  /** Room for the elements of a tensor. */
  static ByteBuffer buffer(int elements, Tensor.Type type) {
    return ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the next element: the lowest bytes of a value. */
  static void put(ByteBuffer data, Tensor.Type type, long value) {
    switch (type.bytes()) {
      case 1 -> data.put((byte) value);
      case 2 -> data.putShort((short) value);
      case 4 -> data.putInt((int) value);
      default -> data.putLong(value);
    }
  }
}
