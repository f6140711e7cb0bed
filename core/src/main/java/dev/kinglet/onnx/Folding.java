package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Messages.AttributeMessage;
import dev.kinglet.onnx.Value.Known;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes a node all of whose inputs are known, as exporters leave hundreds of: the arithmetic of
 * shapes, and constants made of constants. This class moves elements; {@link FoldedArithmetic}
 * computes them.
 */
final class Folding {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
              FoldedArithmetic.cast(
                  call, call.known(0, "value"), TensorData.type(call.integer("to", 0))));
      case "CastLike" ->
          call.output(
              FoldedArithmetic.cast(
                  call, call.known(0, "value"), call.known(1, "type").tensor().type()));
      case "Reshape" -> reshape(call);
      case "Flatten" -> flatten(call);
      case "Squeeze" -> squeeze(call);
      case "Unsqueeze" -> {
        Known in = call.known(0, "value");
        long[] axes = call.numbers("axes", 1);
        if (axes == null) {
          throw new Unsupported("lacks its axes");
        }
        call.output(shaped(in, ShapeOperators.unsqueezed(longs(in.dims()), axes)));
      }
      case "Transpose" -> transpose(call);
      case "Concat" -> concat(call);
      case "Slice" -> slice(call);
      case "Split" -> split(call);
      case "Gather" -> gather(call);
      case "Expand" -> {
        Known in = call.known(0, "value");
        int[] wanted = ints(call.numbers(1, "shape"));
        call.output(expanded(call, in, FoldedArithmetic.broadcast(in.dims(), wanted)));
      }
      case "Tile" -> tile(call);
      case "Range" -> range(call);
      default -> FoldedArithmetic.fold(call);
    }
  }

  /** Whole numbers as a vector, or as a scalar. */
  static Known integers(long[] values, boolean[] batch, boolean scalar) {
    MemorySegment data = MemorySegment.ofArray(new byte[8 * values.length]);
    MemorySegment.copy(values, 0, data, LONG, 0, values.length);
    Shape shape = scalar ? Shape.of() : Shape.of(values.length);
    return new Known(new Tensor(shape, Tensor.Type.I64, data), batch, null);
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
    int[] from = new int[elements(call, dims, value.tensor().type())];
    call.output(select(call, value, dims, from));
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

  /** The same elements under other sizes. */
  private static Known shaped(Known in, long[] sizes) {
    Tensor tensor = Call.reshaped(in.tensor(), Shape.of(ints(sizes)));
    return new Known(tensor, in.batch(), in.initializer());
  }

  private static void reshape(Call call) {
    Known in = call.known(0, "value");
    long[] sizes = call.numbers("shape", 1);
    if (sizes == null) {
      throw new Unsupported("lacks its shape");
    }
    sizes = sizes.clone();
    long all = in.tensor().shape().elements();
    long known = 1;
    int open = -1;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 0 && !call.flag("allowzero", false) && axis < in.dims().length) {
        sizes[axis] = in.dims()[axis];
      }
      if (sizes[axis] == -1) {
        open = axis;
      } else {
        known = sizes[axis] < 0 || sizes[axis] > Integer.MAX_VALUE ? -1 : known * sizes[axis];
      }
    }
    if (open >= 0 && known > 0) {
      sizes[open] = all / known;
      known *= sizes[open];
    }
    if (known != all) {
      throw new Unsupported("reshapes to another number of elements");
    }
    call.output(shaped(in, sizes));
  }

  private static void flatten(Call call) {
    Known in = call.known(0, "value");
    long axis = call.number("axis", 1);
    axis += axis < 0 ? in.dims().length : 0;
    long[] sizes = {1, 1};
    for (int i = 0; i < in.dims().length; i++) {
      sizes[i < axis ? 0 : 1] *= in.dims()[i];
    }
    call.output(shaped(in, sizes));
  }

  private static void squeeze(Call call) {
    Known in = call.known(0, "value");
    long[] axes = call.numbers("axes", 1);
    int rank = in.dims().length;
    boolean[] gone = new boolean[rank];
    for (int axis = 0; axis < rank; axis++) {
      gone[axis] = axes == null && in.dims()[axis] == 1;
    }
    for (int i = 0; axes != null && i < axes.length; i++) {
      int axis = Call.axis(axes[i], rank);
      if (in.dims()[axis] != 1) {
        throw new Unsupported("removes axis " + axis + " of size " + in.dims()[axis]);
      }
      gone[axis] = true;
    }
    long[] sizes = new long[rank];
    int left = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (!gone[axis]) {
        sizes[left++] = in.dims()[axis];
      }
    }
    call.output(shaped(in, Arrays.copyOf(sizes, left)));
  }

  private static void transpose(Call call) {
    Known in = call.known(0, "value");
    int[] order = ShapeOperators.order(call, in.dims().length);
    int[] steps = steps(in.dims());
    int[] dims = new int[order.length];
    int[] moved = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      dims[axis] = in.dims()[order[axis]];
      moved[axis] = steps[order[axis]];
    }
    Known result = select(call, in, dims, walk(call, dims, moved, 0, in.tensor().type()));
    call.output(new Known(result.tensor(), result.batch(), in.initializer()));
  }

  private static void slice(Call call) {
    Known in = call.known(0, "value");
    long[] starts = call.numbers("starts", 1);
    long[] ends = call.numbers("ends", 2);
    long[] axes = call.numbers("axes", 3);
    long[] by = call.numbers(4, "steps");
    int[] dims = in.dims().clone();
    int[] steps = steps(dims);
    int offset = 0;
    if (starts == null
        || ends == null
        || starts.length != ends.length
        || axes != null && axes.length != starts.length
        || by != null && by.length != starts.length) {
      throw new Unsupported("has starts, ends, axes and steps of different lengths");
    }
    for (int i = 0; i < starts.length; i++) {
      int axis = Call.axis(axes == null ? i : axes[i], dims.length);
      int size = in.dims()[axis];
      int step = by == null ? 1 : Call.integer(by[i], "step");
      if (step == 0 || step == Integer.MIN_VALUE) {
        throw new Unsupported("has a step of " + step);
      }
      long start = starts[i] < 0 ? starts[i] + size : starts[i];
      long end = ends[i] < 0 ? ends[i] + size : ends[i];
      start = step > 0 ? Math.clamp(start, 0, size) : Math.clamp(start, -1, size - 1);
      end = step > 0 ? Math.clamp(end, 0, size) : Math.clamp(end, -1, size - 1);
      long count = step > 0 ? Math.ceilDiv(end - start, step) : Math.ceilDiv(start - end, -step);
      dims[axis] = (int) Math.max(count, 0);
      offset += dims[axis] == 0 ? 0 : (int) start * steps[axis];
      steps[axis] *= step;
    }
    call.output(select(call, in, dims, walk(call, dims, steps, offset, in.tensor().type())));
  }

  private static void split(Call call) {
    Known in = call.known(0, "value");
    int axis = Call.axis(call.number("axis", 0), in.dims().length);
    int outputs = call.node.outputs().size();
    int size = in.dims()[axis];
    long[] parts = call.numbers("split", 1);
    int each = Math.ceilDiv(size, outputs);
    int start = 0;
    for (int i = 0; i < outputs; i++) {
      long part = parts == null ? Math.min(each, size - start) : i < parts.length ? parts[i] : -1;
      if (part < 0 || part > size - start) {
        throw new Unsupported("has parts that do not make up the whole");
      }
      int[] dims = in.dims().clone();
      dims[axis] = (int) part;
      int[] steps = steps(in.dims());
      int[] from = walk(call, dims, steps, start * steps[axis], in.tensor().type());
      call.output(i, select(call, in, dims, from));
      start += (int) part;
    }
  }

  private static void gather(Call call) {
    Known in = call.known(0, "value");
    Known indices = call.known(1, "indices");
    int[] from = in.dims();
    int axis = Call.axis(call.number("axis", 0), from.length);
    long[] wanted = indices.tensor().toLongs();
    int[] inner = indices.dims();
    int[] dims = new int[from.length - 1 + inner.length];
    System.arraycopy(from, 0, dims, 0, axis);
    System.arraycopy(inner, 0, dims, axis, inner.length);
    System.arraycopy(from, axis + 1, dims, axis + inner.length, from.length - axis - 1);
    int[] source = new int[elements(call, dims, in.tensor().type())];
    int step = steps(from)[axis];
    int outer = source.length == 0 ? 0 : source.length / (wanted.length * step);
    int next = 0;
    for (int block = 0; block < outer; block++) {
      for (long index : wanted) {
        long at = index < 0 ? index + from[axis] : index;
        if (at < 0 || at >= from[axis]) {
          throw new Unsupported("gathers element " + index + " of " + from[axis]);
        }
        int base = (block * from[axis] + (int) at) * step;
        for (int i = 0; i < step; i++) {
          source[next++] = base + i;
        }
      }
    }
    call.output(select(call, in, dims, source));
  }

  private static void tile(Call call) {
    Known in = call.known(0, "value");
    long[] repeats = call.numbers(1, "repeats");
    int rank = in.dims().length;
    if (repeats == null || repeats.length != rank) {
      throw new Unsupported("has repeats for another number of axes");
    }
    long[] sizes = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = Call.integer(repeats[axis], "repeat") * (long) in.dims()[axis];
    }
    int[] dims = ints(sizes);
    int[] from = new int[elements(call, dims, in.tensor().type())];
    int[] steps = steps(in.dims());
    for (int i = 0; i < from.length; i++) {
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        from[i] += rest % dims[axis] % in.dims()[axis] * steps[axis];
        rest /= dims[axis];
      }
    }
    call.output(select(call, in, dims, from));
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

  private static void concat(Call call) {
    List<Known> parts = new ArrayList<>(call.count());
    for (int i = 0; i < call.count(); i++) {
      parts.add(call.known(i, "values"));
    }
    if (parts.isEmpty()) {
      throw new Unsupported("joins nothing");
    }
    Known first = parts.getFirst();
    int axis = Call.axis(call.number("axis", 1), first.dims().length);
    int[] dims = first.dims().clone();
    long sum = 0;
    boolean batch = false;
    for (Known part : parts) {
      int[] other = part.dims();
      if (other.length != dims.length || part.tensor().type() != first.tensor().type()) {
        throw new Unsupported("joins tensors of different ranks or types");
      }
      sum += other[axis];
      batch |= part.ofBatch();
      for (int i = 0; i < dims.length; i++) {
        if (i != axis && other[i] != dims[i]) {
          throw new Unsupported("joins tensors of different sizes");
        }
      }
    }
    dims[axis] = Call.integer(sum, "size");
    int bytes = first.tensor().type().bytes();
    int all = elements(call, dims, first.tensor().type());
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(all, bytes)]);
    boolean[] mask = batch ? new boolean[all] : null;
    int step = steps(dims)[axis];
    int outer = all == 0 ? 0 : all / (dims[axis] * step);
    int at = 0;
    for (int block = 0; block < outer; block++) {
      for (Known part : parts) {
        int count = part.dims()[axis] * step;
        MemorySegment.copy(
            part.tensor().data(),
            (long) block * count * bytes,
            data,
            (long) at * bytes,
            (long) count * bytes);
        if (batch && part.batch() != null) {
          System.arraycopy(part.batch(), block * count, mask, at, count);
        }
        at += count;
      }
    }
    call.output(new Known(new Tensor(Shape.of(dims), first.tensor().type(), data), mask, null));
  }

  /** The tensor repeated to sizes that it fits. */
  static Known expanded(Call call, Known in, int[] dims) {
    if (Arrays.equals(dims, in.dims())) {
      return in;
    }
    int[] own = in.dims();
    int[] ownSteps = steps(own);
    int[] steps = new int[dims.length];
    for (int axis = 0; axis < own.length; axis++) {
      steps[dims.length - own.length + axis] = own[axis] == 1 ? 0 : ownSteps[axis];
    }
    return select(call, in, dims, walk(call, dims, steps, 0, in.tensor().type()));
  }

  /** The source of each element of a result that is walked with these steps. */
  private static int[] walk(Call call, int[] dims, int[] steps, int offset, Tensor.Type type) {
    int[] from = new int[elements(call, dims, type)];
    int[] index = new int[dims.length];
    int at = offset;
    for (int i = 0; i < from.length; i++) {
      from[i] = at;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        at += steps[axis];
        if (++index[axis] < dims[axis]) {
          break;
        }
        at -= steps[axis] * dims[axis];
        index[axis] = 0;
      }
    }
    return from;
  }

  /** The number of elements; takes what they and their sources need from the budget. */
  static int elements(Call call, int[] dims, Tensor.Type type) {
    int elements = Shape.of(dims).elements();
    call.importer.budget().take((4L + type.bytes()) * elements);
    return elements;
  }

  private static Known select(Call call, Known in, int[] dims, int[] from) {
    int bytes = in.tensor().type().bytes();
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(from.length, bytes)]);
    boolean[] mask = in.ofBatch() ? new boolean[from.length] : null;
    for (int i = 0; i < from.length; i++) {
      MemorySegment.copy(in.tensor().data(), (long) from[i] * bytes, data, (long) i * bytes, bytes);
      if (mask != null) {
        mask[i] = in.batch()[from[i]];
      }
    }
    return new Known(new Tensor(Shape.of(dims), in.tensor().type(), data), mask, null);
  }

  /** How far apart neighbours along each axis lie. */
  static int[] steps(int[] dims) {
    int[] steps = new int[dims.length];
    int step = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= dims[axis];
    }
    return steps;
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
