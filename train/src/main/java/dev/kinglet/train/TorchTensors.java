package dev.kinglet.train;

import dev.kinglet.graph.Shape;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Numbers in and out of LibTorch's tensors. */
final class TorchTensors {
  private TorchTensors() {}

  /** A fresh tensor of these values, row-major. */
  static Tensor of(float[] values, long... sizes) {
    Tensor tensor =
        torch.empty(sizes, new TensorOptions(ScalarType.Float), new MemoryFormatOptional());
    if (tensor.numel() != values.length) {
      throw new IllegalArgumentException(values.length + " numbers for another shape");
    }
    tensor.data_ptr_float().put(values, 0, values.length);
    return tensor;
  }

  /** A fresh tensor of these whole numbers. */
  static Tensor of(long... values) {
    Tensor tensor =
        torch.empty(
            new long[] {values.length},
            new TensorOptions(ScalarType.Long),
            new MemoryFormatOptional());
    try (LongPointer data = tensor.data_ptr_long()) {
      data.put(values, 0, values.length);
    }
    return tensor;
  }

  /** All values, row-major whatever the tensor's layout, as single-precision numbers. */
  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    tensor.detach().to(ScalarType.Float).contiguous().data_ptr_float().get(values);
    return values;
  }

  /** All values, row-major whatever the tensor's layout. */
  static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    tensor.detach().to(ScalarType.Double).contiguous().data_ptr_double().get(values);
    return values;
  }

  static long[] longs(Iterable<Integer> sizes) {
    return StreamSupport.stream(sizes.spliterator(), false).mapToLong(Integer::longValue).toArray();
  }

  /** The sizes of a batch of samples of this shape. */
  static long[] batch(long size, Shape shape) {
    long[] sizes = new long[shape.rank() + 1];
    sizes[0] = size;
    for (int axis = 0; axis < shape.rank(); axis++) {
      sizes[axis + 1] = shape.size(axis);
    }
    return sizes;
  }

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  static TensorOptional some(Tensor tensor) {
    return new TensorOptional(tensor);
  }

  static TensorOptional none() {
    return new TensorOptional();
  }

  static LongOptional noLong() {
    return new LongOptional();
  }

  static ScalarTypeOptional sameType() {
    return new ScalarTypeOptional();
  }
}
