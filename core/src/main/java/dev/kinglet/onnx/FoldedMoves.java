package dev.kinglet.onnx;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Elements of known values at other places: each result names the source of every element. */
final class FoldedMoves {
  private FoldedMoves() {}

  static void transpose(Call call) {
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

  static void slice(Call call) {
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

  static void split(Call call) {
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

  static void gather(Call call) {
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

  static void tile(Call call) {
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
    int[] dims = Folding.ints(sizes);
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

  static void concat(Call call) {
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

  static void expand(Call call) {
    Known in = call.known(0, "value");
    int[] wanted = Folding.ints(call.numbers(1, "shape"));
    call.output(expanded(call, in, FoldedArithmetic.broadcast(in.dims(), wanted)));
  }

  /** One number everywhere. */
  static Known repeated(Call call, Known value, int[] dims) {
    return select(call, value, dims, new int[elements(call, dims, value.tensor().type())]);
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
}
