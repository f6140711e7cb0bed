package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;

/** What a name of an ONNX file stands for while the file is read. */
sealed interface Value {

  /**
   * A value that is not computed.
   *
   * @param reported whether the node that makes it is already among those refused
   */
  record Unknown(boolean reported) implements Value {}

  /**
   * A value that is known before any sample comes.
   *
   * @param tensor with ONNX's own sizes, a batch axis included where there is one
   * @param batch which elements depend on the size of the batch; null for none
   * @param initializer its name in the file, or null for a computed one
   */
  record Known(Tensor tensor, boolean[] batch, String initializer) implements Value {
    Known(Tensor tensor) {
      this(tensor, null, null);
    }

    /** Whether an element depends on the size of the batch. */
    boolean ofBatch() {
      if (batch != null) {
        for (boolean element : batch) {
          if (element) {
            return true;
          }
        }
      }
      return false;
    }

    int[] dims() {
      return tensor.shape().toArray();
    }

    boolean isFloat() {
      return switch (tensor.type()) {
        case F32, F16, BF16, F64 -> true;
        case I8, U8, BOOL, I16, U16, I32, I64 -> false;
      };
    }

    /** The first element, as a whole number. */
    long whole() {
      notEmpty();
      return tensor.toLongs()[0];
    }

    private void notEmpty() {
      if (tensor.shape().elements() == 0) {
        throw new Unsupported("has an empty constant where a number is needed");
      }
    }

    /** The first element, as single precision. */
    float number() {
      notEmpty();
      return tensor.toFloats()[0];
    }
  }

  /**
   * A value computed from the sample.
   *
   * <p>ONNX's tensors carry the batch, ours do not. Usually it is their first axis, and the draft's
   * shape is the rest. Between two reshapes it may be the outer factor of another axis (some write
   * the channel shuffle so): then the draft has all axes, and {@code dims[batch]} is what each
   * sample has of that axis.
   *
   * @param draft the node of ours
   * @param dims ONNX's sizes for a batch of one
   * @param batch the axis whose outer factor is the batch; -1 where the file has none
   * @param whole whether the elements are whole numbers, as those of an 8-bit picture
   */
  record Flow(Draft draft, int[] dims, int batch, boolean whole) implements Value {
    /** Whether the batch stands alone as the first axis. */
    boolean standard() {
      return batch == 0 && dims[0] == 1;
    }

    /** The axis of the draft that is this axis of ONNX's tensor; -1 for the batch. */
    int axis(int axis) {
      if (standard()) {
        return axis - 1;
      }
      return axis == batch ? -1 : axis;
    }

    /** The draft's shape for these sizes. */
    static Shape shape(int[] dims, int batch) {
      int skip = batch == 0 && dims[0] == 1 ? 1 : 0;
      if (dims.length == skip) {
        return Shape.of(1);
      }
      int[] sizes = new int[dims.length - skip];
      System.arraycopy(dims, skip, sizes, 0, sizes.length);
      return Shape.of(sizes);
    }
  }
}
