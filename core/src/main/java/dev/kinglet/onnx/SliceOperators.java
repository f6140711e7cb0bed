package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.util.ArrayList;
import java.util.List;

/** Operators that put parts together or take them apart. */
final class SliceOperators {
  /** A gather becomes one slice a run of neighbours; more runs than this are no network's. */
  private static final int MOST_RUNS = 4096;

  private SliceOperators() {}

  static void concat(Call call) {
    Flow first = null;
    for (int i = 0; i < call.count(); i++) {
      if (call.input(i) instanceof Flow) {
        Flow flow = call.flow(i);
        if (first != null && (flow.batch() != first.batch() || !sameLayout(flow, first))) {
          throw new Unsupported("joins values whose batches lie along different axes");
        }
        first = first == null ? flow : first;
      }
    }
    int axis = Call.axis(call.number("axis", 1), first.dims().length);
    int ours = Call.axis(first, axis);
    int[] dims = first.dims().clone();
    dims[axis] = 0;
    List<Draft> parts = new ArrayList<>(call.count());
    for (int i = 0; i < call.count(); i++) {
      if (call.input(i) instanceof Flow flow) {
        parts.add(flow.draft());
        dims[axis] += flow.dims()[axis];
      } else {
        Known known = call.known(i, "values");
        parts.add(constant(call, known, first));
        dims[axis] += known.tensor().shape().size(axis);
      }
    }
    call.output(new Flow(call.add(new Op.Concat(ours), parts), dims, first.batch(), false));
  }

  private static boolean sameLayout(Flow a, Flow b) {
    return a.dims().length == b.dims().length
        && (a.batch() < 0 || a.dims()[a.batch()] == b.dims()[b.batch()]);
  }

  /**
   * A known value beside one that depends on the sample; it must have a batch of one, as theirs.
   */
  private static Draft constant(Call call, Known known, Flow beside) {
    int[] dims = known.dims();
    if (dims.length != beside.dims().length
        || beside.batch() >= 0 && (call.importer.batchSize() != 1 || dims[beside.batch()] != 1)
        || known.ofBatch()) {
      throw new Unsupported("joins a constant to each sample, which only a batch of 1 allows");
    }
    return call.constant(known.tensor(), Flow.shape(dims, beside.batch()));
  }

  static void slice(Call call) {
    Flow in = call.any(0);
    long[] starts = call.numbers("starts", 1);
    long[] ends = call.numbers("ends", 2);
    long[] axes = call.numbers("axes", 3);
    long[] steps = call.numbers(4, "steps");
    int rank = in.dims().length;
    if (starts == null
        || ends == null
        || starts.length != ends.length
        || axes != null && axes.length != starts.length
        || steps != null && steps.length != starts.length) {
      throw new Unsupported("has starts, ends, axes and steps of different lengths");
    }
    Flow flow = in;
    for (int i = 0; i < starts.length; i++) {
      int axis = Call.axis(axes == null ? i : axes[i], rank);
      long step = steps == null ? 1 : steps[i];
      if (step < 1) {
        throw new Unsupported("slices backwards");
      }
      long size = in.dims()[axis] * (axis == in.batch() ? (long) call.importer.batchSize() : 1);
      long start = bound(starts[i], size);
      long end = bound(ends[i], size);
      if (start >= end) {
        throw new Unsupported("takes nothing of axis " + axis);
      }
      if (start == 0 && end == size && step == 1 && !call.importer.own()) {
        continue;
      }
      flow = cut(call, flow, axis, (int) start, (int) end, Call.integer(step, "step"));
    }
    call.output(flow);
  }

  private static long bound(long index, long size) {
    return Math.clamp(index < 0 ? index + size : index, 0, size);
  }

  private static Flow cut(Call call, Flow in, int axis, int start, int end, int step) {
    Draft draft = call.add(new Op.Slice(Call.axis(in, axis), start, end, step), in.draft());
    int[] dims = in.dims().clone();
    dims[axis] = Math.ceilDiv(end - start, step);
    return new Flow(draft, dims, in.batch(), in.whole());
  }

  static void split(Call call) {
    Flow in = call.any(0);
    int axis = Call.axis(call.number("axis", 0), in.dims().length);
    int size = in.dims()[axis];
    int outputs = call.node.outputs().size();
    long[] parts = call.numbers("split", 1);
    if (parts == null) {
      int count = call.integer("num_outputs", outputs);
      long part = Math.ceilDiv(size, Math.max(count, 1));
      parts = new long[outputs];
      for (int i = 0; i < outputs; i++) {
        parts[i] = i == outputs - 1 ? size - part * i : part;
      }
    }
    long start = 0;
    for (int i = 0; i < parts.length && i < outputs; i++) {
      long end = start + parts[i];
      if (parts[i] <= 0 || end > size) {
        throw new Unsupported("has a part of " + parts[i] + " of " + size);
      }
      if (!call.node.outputs().get(i).isEmpty()) {
        call.output(i, cut(call, in, axis, (int) start, (int) end, 1));
      }
      start = end;
    }
    if (start != size || parts.length != outputs) {
      throw new Unsupported("has parts that do not make up the whole of " + size);
    }
  }

  static void gather(Call call) {
    Flow in = call.any(0);
    Known indices = call.known(1, "indices");
    if (indices.ofBatch()) {
      throw new Unsupported("gathers by the size of the batch");
    }
    int axis = Call.axis(call.number("axis", 0), in.dims().length);
    int size = in.dims()[axis];
    int ours = Call.axis(in, axis);
    long[] wanted = indices.tensor().toLongs();
    if (wanted.length == 0) {
      throw new Unsupported("gathers nothing");
    }
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] += wanted[i] < 0 ? size : 0;
      if (wanted[i] < 0 || wanted[i] >= size) {
        throw new Unsupported("gathers element " + wanted[i] + " of " + size);
      }
    }
    Draft draft = gathered(call, in.draft(), ours, size, wanted);
    int[] inner = indices.dims();
    int[] dims = new int[in.dims().length - 1 + inner.length];
    System.arraycopy(in.dims(), 0, dims, 0, axis);
    System.arraycopy(inner, 0, dims, axis, inner.length);
    System.arraycopy(in.dims(), axis + 1, dims, axis + inner.length, in.dims().length - axis - 1);
    int batch = in.batch() > axis ? in.batch() - 1 + inner.length : in.batch();
    draft = call.shaped(draft, Flow.shape(dims, batch));
    call.output(new Flow(draft, dims, batch, in.whole()));
  }

  private static Draft gathered(Call call, Draft from, int axis, int size, long[] wanted) {
    int groups = shuffle(axis, size, wanted);
    if (groups > 1) {
      return call.add(new Op.Shuffle(groups), from);
    }
    List<Draft> runs = new ArrayList<>();
    for (int i = 0; i < wanted.length; ) {
      int end = i + 1;
      while (end < wanted.length && wanted[end] == wanted[end - 1] + 1) {
        end++;
      }
      int start = (int) wanted[i];
      int count = end - i;
      runs.add(count == size ? from : call.add(new Op.Slice(axis, start, start + count, 1), from));
      if (runs.size() > MOST_RUNS) {
        throw new Unsupported("gathers from more than " + MOST_RUNS + " places");
      }
      i = end;
    }
    return runs.size() == 1 ? runs.getFirst() : call.add(new Op.Concat(axis), runs);
  }

  /** The groups of the channel shuffle that these indices are, or 0. */
  private static int shuffle(int axis, int size, long[] wanted) {
    if (axis != 0 || wanted.length != size || size < 4 || wanted[0] != 0 || wanted[1] < 2) {
      return 0;
    }
    int each = (int) wanted[1];
    if (size % each != 0) {
      return 0;
    }
    int groups = size / each;
    for (int i = 0; i < size; i++) {
      if (wanted[i] != (long) (i % groups) * each + i / groups) {
        return 0;
      }
    }
    return groups;
  }

  static void tile(Call call) {
    Flow in = call.any(0);
    long[] repeats = call.numbers(1, "repeats");
    if (repeats == null || repeats.length != in.dims().length) {
      throw new Unsupported("has repeats for another number of axes");
    }
    Draft draft = in.draft();
    int[] dims = in.dims().clone();
    for (int axis = 0; axis < dims.length; axis++) {
      if (repeats[axis] == 1) {
        continue;
      }
      if (repeats[axis] < 1 || repeats[axis] > MOST_RUNS) {
        throw new Unsupported("repeats " + repeats[axis] + " times");
      }
      List<Draft> copies = new ArrayList<>();
      for (int i = 0; i < repeats[axis]; i++) {
        copies.add(draft);
      }
      draft = call.add(new Op.Concat(Call.axis(in, axis)), copies);
      dims[axis] = draft.shape.size(Call.axis(in, axis));
    }
    Shape.of(dims);
    call.output(new Flow(draft, dims, in.batch(), in.whole()));
  }
}
