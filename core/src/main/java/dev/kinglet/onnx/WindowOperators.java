package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Window;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.util.ArrayList;
import java.util.List;

/** Operators that move a window over the spatial axes. */
final class WindowOperators {
  private WindowOperators() {}

  static void conv(Call call) {
    Flow in = call.flow(0);
    Draft sample = call.sample(in);
    Known weight = kernels(call, in);
    Known bias = call.has(2) ? call.known(2, "biases") : null;
    int[] dims = weight.dims();
    Window window = window(call, dims, 2, sample.shape);
    Op.Conv conv = new Op.Conv(dims[0], window, call.integer("group", 1), bias != null);
    call.output(call.like(in, weighted(call.add(conv, sample), weight, bias)));
  }

  static void convTranspose(Call call) {
    Flow in = call.flow(0);
    Draft sample = call.sample(in);
    Known weight = kernels(call, in);
    Known bias = call.has(2) ? call.known(2, "biases") : null;
    int[] dims = weight.dims();
    int rank = dims.length - 2;
    int groups = call.integer("group", 1);
    int[] kernel = sizes(call, "kernel_shape", kernel(dims, 2), rank);
    int[] stride = sizes(call, "strides", null, rank);
    int[] dilation = sizes(call, "dilations", null, rank);
    int[] extra = padding(call.numbers("output_padding"), rank, 0, rank);
    long[] pads = call.numbers("pads");
    int[] before = padding(pads, rank, 0, 2 * rank);
    int[] after = padding(pads, rank, rank, 2 * rank);
    long[] wanted = call.numbers("output_shape");
    String auto = call.text("auto_pad", "NOTSET");
    if (wanted != null || auto.startsWith("SAME")) {
      for (int axis = 0; axis < rank; axis++) {
        long full =
            (long) stride[axis] * (sample.shape.size(axis + 1) - 1)
                + (kernel[axis] - 1L) * dilation[axis]
                + 1
                + extra[axis];
        long target =
            wanted != null && wanted.length >= rank
                ? wanted[wanted.length - rank + axis]
                : (long) sample.shape.size(axis + 1) * stride[axis];
        long total = full - target;
        if (total < 0) {
          throw new Unsupported("asks for a larger result than its kernel reaches");
        }
        // ONNX: the odd element goes after for SAME_UPPER, before for everything else.
        boolean upper = auto.equals("SAME_UPPER");
        before[axis] = Call.integer(upper ? total / 2 : total - total / 2, "padding");
        after[axis] = Call.integer(upper ? total - total / 2 : total / 2, "padding");
      }
    }
    Op.ConvTranspose conv =
        new Op.ConvTranspose(
            Call.integer((long) dims[1] * groups, "number of channels"),
            window(kernel, stride, before, after, dilation),
            BlockOperators.list(extra),
            groups,
            bias != null);
    call.output(call.like(in, weighted(call.add(conv, sample), weight, bias)));
  }

  static void pool(Call call, Op.PoolKind kind) {
    Flow in = call.flow(0);
    Draft sample = call.sample(in);
    if (call.hasAttribute("storage_order") && call.number("storage_order", 0) != 0) {
      throw new Unsupported("has column-major indices");
    }
    long[] kernel = call.numbers("kernel_shape");
    if (kernel == null || kernel.length != sample.shape.spatialRank()) {
      throw new Unsupported("has a kernel for another number of axes");
    }
    int[] sizes = new int[kernel.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = Call.integer(kernel[axis], "kernel");
    }
    Window window = window(call, sizes, 0, sample.shape);
    boolean count =
        kind == Op.PoolKind.AVERAGE
            ? call.flag("count_include_pad", false)
            : call.importer.own() && Hint.find(call.node.doc(), "count_padding") != null;
    Op pool = new Op.Pool(kind, window, call.flag("ceil_mode", false), count);
    call.output(call.like(in, call.add(pool, sample)));
  }

  static void globalPool(Call call, Op.PoolKind kind) {
    Flow in = call.flow(0);
    call.output(call.like(in, call.add(new Op.GlobalPool(kind), call.sample(in))));
  }

  /** The window that the attributes describe. */
  private static Window window(Call call, int[] dims, int skip, Shape sample) {
    int rank = dims.length - skip;
    int[] kernel = sizes(call, "kernel_shape", kernel(dims, skip), rank);
    int[] stride = sizes(call, "strides", null, rank);
    int[] dilation = sizes(call, "dilations", null, rank);
    long[] pads = call.numbers("pads");
    int[] before = padding(pads, rank, 0, 2 * rank);
    int[] after = padding(pads, rank, rank, 2 * rank);
    String auto = call.text("auto_pad", "NOTSET");
    Window window = window(kernel, stride, before, after, dilation);
    return switch (auto) {
      case "", "NOTSET" -> window;
      case "VALID" -> window(kernel, stride, new int[rank], new int[rank], dilation);
      case "SAME_UPPER" -> window.same(sample);
      case "SAME_LOWER" -> {
        Window same = window.same(sample);
        yield new Window(
            same.kernel(), same.stride(), same.after(), same.before(), same.dilation());
      }
      default -> throw new Unsupported("has the unknown auto_pad " + auto);
    };
  }

  private static Window window(
      int[] kernel, int[] stride, int[] before, int[] after, int[] dilation) {
    try {
      return new Window(
          BlockOperators.list(kernel),
          BlockOperators.list(stride),
          BlockOperators.list(before),
          BlockOperators.list(after),
          BlockOperators.list(dilation));
    } catch (InvalidInputException wrong) {
      throw new Unsupported("has a window that cannot be: " + wrong.getMessage());
    }
  }

  private static int[] kernel(int[] dims, int skip) {
    int[] kernel = new int[dims.length - skip];
    System.arraycopy(dims, skip, kernel, 0, kernel.length);
    return kernel;
  }

  /** An attribute with one entry an axis; ones where it is left out and nothing else is known. */
  private static int[] sizes(Call call, String name, int[] otherwise, int rank) {
    long[] found = call.numbers(name);
    if (found == null && otherwise != null) {
      return otherwise;
    }
    if (found != null && found.length != rank) {
      throw new Unsupported("has " + name + " for another number of axes");
    }
    int[] sizes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = found == null ? 1 : Call.integer(found[axis], name);
      if (otherwise != null && otherwise[axis] != sizes[axis]) {
        throw new Unsupported("has a kernel_shape that is not its weights'");
      }
    }
    return sizes;
  }

  private static int[] padding(long[] pads, int rank, int from, int expected) {
    int[] side = new int[rank];
    if (pads != null && pads.length != expected) {
      throw new Unsupported("has paddings for another number of axes");
    }
    for (int axis = 0; axis < rank && pads != null; axis++) {
      side[axis] = Call.integer(pads[from + axis], "padding");
    }
    return side;
  }

  /** The weights of a convolution over as many axes as its input has. */
  private static Known kernels(Call call, Flow in) {
    Known weight = call.known(1, "weights");
    int rank = weight.dims().length;
    if (rank < 3 || rank != in.dims().length) {
      throw new Unsupported(
          "has weights of " + weight.tensor().shape() + " for " + in.draft().shape);
    }
    return weight;
  }

  /** Gives a draft its weight and, unless it is null, its bias. */
  private static Draft weighted(Draft draft, Known weight, Known bias) {
    parameter(draft, "weight", weight, weight.tensor().shape());
    if (bias != null) {
      parameter(draft, "bias", bias, bias.tensor().shape());
    }
    checkParameters(draft);
    return draft;
  }

  /** Gives a draft one of its parameters. */
  static void parameter(Draft draft, String part, Known value, Shape shape) {
    if (value.ofBatch()) {
      throw new Unsupported("has a " + part + " that depends on the size of the batch");
    }
    Tensor tensor = Call.reshaped(value.tensor(), shape);
    draft.parameters.put(part, new Known(tensor, null, value.initializer()));
  }

  /** Refuses parameters of other shapes than the operator's. */
  static void checkParameters(Draft draft) {
    List<Shape> shapes = new ArrayList<>(draft.inputs.size());
    for (Draft input : draft.inputs) {
      shapes.add(input.shape);
    }
    for (Parameter parameter : draft.op.parameters(shapes)) {
      Known found = draft.parameters.get(parameter.name());
      if (found != null && !found.tensor().shape().equals(parameter.shape())) {
        throw new Unsupported(
            "has a "
                + parameter.name()
                + " of "
                + found.tensor().shape()
                + " where "
                + parameter.shape()
                + " is needed");
      }
      if (found != null && !found.isFloat()) {
        throw new Unsupported("has a " + parameter.name() + " of whole numbers");
      }
    }
  }
}
