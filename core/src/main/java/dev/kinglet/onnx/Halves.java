package dev.kinglet.onnx;

import dev.kinglet.graph.LittleEndian;
import dev.kinglet.graph.Tensor;
import java.lang.foreign.MemorySegment;

/** Weights in the precision in which a file stores them. */
final class Halves {
  private static final float LARGEST_HALF = 65504;

  private Halves() {}

  /** The tensor as a floating-point type of ONNX that is no wider than single precision. */
  static Tensor floating(Tensor tensor) {
    return switch (tensor.type()) {
      case F32, F16, BF16 -> tensor;
      case F64, I8, U8, BOOL, I16, U16, I32, I64 -> Tensor.of(tensor.shape(), tensor.toFloats());
    };
  }

  /**
   * The tensor in half precision, rounded to nearest even.
   *
   * <p>Vectors stay in single precision: biases and batch norms are a hundredth of a file, but a
   * running variance may lie outside half's range. So does any tensor with a value beyond it.
   */
  static Tensor halved(Tensor tensor) {
    Tensor floating = floating(tensor);
    if (floating.shape().rank() < 2 || floating.type() == Tensor.Type.F16) {
      return floating;
    }
    float[] values = floating.toFloats();
    MemorySegment data = MemorySegment.ofArray(new byte[2 * values.length]);
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]) <= LARGEST_HALF)) {
        return floating;
      }
      data.setAtIndex(LittleEndian.SHORT, i, Float.floatToFloat16(values[i]));
    }
    return new Tensor(tensor.shape(), Tensor.Type.F16, data);
  }
}
