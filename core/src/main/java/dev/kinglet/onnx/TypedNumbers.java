package dev.kinglet.onnx;

import dev.kinglet.graph.LittleEndian;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/**
 * Numbers out of a tensor and back into one of any type: whole ones as long, fractions as double.
 */
final class TypedNumbers {
  private TypedNumbers() {}

  /** Another type; a wider one of fractions changes nothing, so nothing is copied. */
  static Known cast(Call call, Known in, Tensor.Type type) {
    if (type == null) {
      throw new Unsupported("casts to a type that is not supported");
    }
    boolean wide = type == Tensor.Type.F32 || type == Tensor.Type.F64;
    if (type == in.tensor().type() || in.isFloat() && wide) {
      return in;
    }
    int count = in.tensor().shape().elements();
    call.importer.budget().take(16L * count);
    Shape shape = in.tensor().shape();
    Tensor tensor =
        in.isFloat()
            ? of(shape, type, doubles(in.tensor()))
            : of(shape, type, in.tensor().toLongs());
    return new Known(tensor, in.batch(), in.initializer());
  }

  /** All elements as doubles; whole numbers of four and eight bytes are not rounded to singles. */
  static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.shape().elements()];
    if (tensor.type() == Tensor.Type.F64) {
      MemorySegment.copy(tensor.data(), LittleEndian.DOUBLE, 0, values, 0, values.length);
      return values;
    }
    float[] singles = tensor.toFloats();
    boolean exact = tensor.type() != Tensor.Type.I64 && tensor.type() != Tensor.Type.I32;
    long[] wholes = exact ? null : tensor.toLongs();
    for (int i = 0; i < values.length; i++) {
      values[i] = exact ? singles[i] : wholes[i];
    }
    return values;
  }

  /** Fractions as a tensor of a type, cut off where it is whole. */
  static Tensor of(Shape shape, Tensor.Type type, double[] values) {
    switch (type) {
      case F32, F16, BF16 -> {
        float[] singles = new float[values.length];
        for (int i = 0; i < singles.length; i++) {
          singles[i] = (float) values[i];
          if (type == Tensor.Type.F16) {
            singles[i] = Float.float16ToFloat(Float.floatToFloat16(singles[i]));
          }
        }
        return Tensor.of(shape, singles);
      }
      case F64 -> {
        MemorySegment data = MemorySegment.ofArray(new byte[8 * values.length]);
        MemorySegment.copy(values, 0, data, LittleEndian.DOUBLE, 0, values.length);
        return new Tensor(shape, type, data);
      }
      case I8, U8, BOOL, I16, U16, I32, I64 -> {
        long[] wholes = new long[values.length];
        for (int i = 0; i < wholes.length; i++) {
          // A fraction below one is true, but no whole number but 0.
          boolean truth = type == Tensor.Type.BOOL && values[i] != 0;
          wholes[i] = truth ? 1 : (long) values[i];
        }
        return of(shape, type, wholes);
      }
    }
    throw new AssertionError(type);
  }

  /** Whole numbers as a tensor of a type; what does not fit keeps its lowest bytes. */
  static Tensor of(Shape shape, Tensor.Type type, long[] values) {
    return switch (type) {
      case F32, F16, BF16, F64 -> of(shape, type, LongStream.of(values).asDoubleStream().toArray());
      case I8, U8, BOOL, I16, U16, I32, I64 -> {
        ByteBuffer data = TensorData.buffer(values.length, type);
        for (long value : values) {
          TensorData.put(data, type, type == Tensor.Type.BOOL && value != 0 ? 1 : value);
        }
        yield new Tensor(shape, type, MemorySegment.ofBuffer(data.flip()));
      }
    };
  }
}
