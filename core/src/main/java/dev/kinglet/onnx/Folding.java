package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Messages.AttributeMessage;
import dev.kinglet.onnx.Value.Known;
import java.util.Arrays;

/**
 * Computes a node all of whose inputs are known, as exporters leave hundreds of: the arithmetic of
 * shapes, and constants made of constants. Numbers out of nothing are made here; {@link
 * FoldedReshapes} renames elements, {@link FoldedMoves} moves them, {@link FoldedArithmetic}
 * computes with them.
 */
final class Folding {
  private Folding() {}

  static void fold(Call call) {
    switch (call.node.operator()) {
      case "Constant" -> constant(call);
      case "ConstantOfShape" -> constantOfShape(call);
      case "Identity", "Dropout" -> call.output(call.known(0, "value"));
      case "Shape" -> shape(call);
      case "Size" -> {
        Known in = call.known(0, "value");
        long size = in.tensor().shape().elements();
        call.output(integers(new long[] {size}, null, true));
      }
      case "Cast" ->
          call.output(
              TypedNumbers.cast(
                  call, call.known(0, "value"), TensorData.type(call.integer("to", 0))));
      case "CastLike" ->
          call.output(
              TypedNumbers.cast(
                  call, call.known(0, "value"), call.known(1, "type").tensor().type()));
      case "Reshape" -> FoldedReshapes.reshape(call);
      case "Flatten" -> FoldedReshapes.flatten(call);
      case "Squeeze" -> FoldedReshapes.squeeze(call);
      case "Unsqueeze" -> FoldedReshapes.unsqueeze(call);
      case "Transpose" -> FoldedMoves.transpose(call);
      case "Concat" -> FoldedMoves.concat(call);
      case "Slice" -> FoldedMoves.slice(call);
      case "Split" -> FoldedMoves.split(call);
      case "Gather" -> FoldedMoves.gather(call);
      case "Expand" -> FoldedMoves.expand(call);
      case "Tile" -> FoldedMoves.tile(call);
      case "Range" -> range(call);
      default -> FoldedArithmetic.fold(call);
    }
  }

  /** Whole numbers as a vector, or as a scalar. */
  static Known integers(long[] values, boolean[] batch, boolean scalar) {
    Shape shape = scalar ? Shape.of() : Shape.of(values.length);
    return new Known(Tensor.ofLongs(shape, values), batch, null);
  }

  private static void constant(Call call) {
    AttributeMessage tensor = call.attribute("value");
    if (tensor != null && tensor.tensor() != null) {
      call.output(
          new Known(TensorData.tensor(tensor.tensor(), call.importer.external()), null, null));
    } else if (call.hasAttribute("value_int")) {
      call.output(integers(new long[] {call.number("value_int", 0)}, null, true));
    } else if (call.hasAttribute("value_ints")) {
      call.output(integers(call.numbers("value_ints"), null, false));
    } else if (call.hasAttribute("value_float")) {
      call.output(new Known(Tensor.of(Shape.of(), call.single("value_float", 0))));
    } else if (call.hasAttribute("value_floats")) {
      float[] values = call.attribute("value_floats").singles();
      call.output(new Known(Tensor.of(Shape.of(values.length), values)));
    } else {
      throw new Unsupported("holds a text or a sparse tensor");
    }
  }

  private static void constantOfShape(Call call) {
    int[] dims = ints(call.numbers(0, "shape"));
    AttributeMessage attribute = call.attribute("value");
    Known value =
        attribute == null || attribute.tensor() == null
            ? new Known(Tensor.of(Shape.of(1), 0))
            : new Known(TensorData.tensor(attribute.tensor(), call.importer.external()));
    if (value.tensor().shape().elements() != 1) {
      throw new Unsupported("repeats a value that is not one number");
    }
    call.output(FoldedMoves.repeated(call, value, dims));
  }

  private static void shape(Call call) {
    int[] dims = call.known(0, "value").dims();
    int rank = dims.length;
    long start = call.number("start", 0);
    long end = call.number("end", rank);
    int first = Math.clamp(start < 0 ? start + rank : start, 0, rank);
    int last = Math.clamp(end < 0 ? end + rank : end, first, rank);
    call.output(integers(Arrays.copyOfRange(longs(dims), first, last), null, false));
  }

  private static void range(Call call) {
    Known start = call.known(0, "start");
    Known end = call.known(1, "limit");
    Known step = call.known(2, "delta");
    if (start.isFloat() || start.ofBatch() || end.ofBatch() || step.ofBatch()) {
      throw new Unsupported("counts by fractions or by the batch");
    }
    long first = start.whole();
    long by = step.whole();
    long span = Math.subtractExact(end.whole(), first);
    if (by == 0 || by == Long.MIN_VALUE) {
      throw new Unsupported("counts by " + by);
    }
    long count = Math.max(by > 0 ? Math.ceilDiv(span, by) : Math.ceilDiv(-span, -by), 0);
    call.importer.budget().take(Math.multiplyExact(count, 16L));
    long[] values = new long[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i * by;
    }
    call.output(integers(values, null, false));
  }

  static long[] longs(int[] values) {
    long[] longs = new long[values.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = values[i];
    }
    return longs;
  }

  static int[] ints(long[] values) {
    if (values == null) {
      throw new Unsupported("lacks its shape");
    }
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Call.integer(values[i], "size");
    }
    return ints;
  }
}
