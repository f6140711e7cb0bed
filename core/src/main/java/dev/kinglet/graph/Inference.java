package dev.kinglet.graph;

import dev.kinglet.graph.Op.Mismatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Shape and cost, as they follow from an operator and the shapes of its inputs. */
final class Inference {
  private Inference() {}

  static Shape shape(Op op, List<Shape> inputs) {
    // Those of most networks by themselves: a switch over types, when it is first reached, costs a
    // new process up to a millisecond.
    if (op instanceof Op.Conv conv) {
      return conv(conv, one(inputs));
    }
    if (op instanceof Op.BatchNorm) {
      return channelled(one(inputs));
    }
    if (op instanceof Op.Activation || op instanceof Op.Dropout) {
      return one(inputs);
    }
    if (op instanceof Op.Arithmetic) {
      return broadcast(inputs);
    }
    if (op instanceof Op.Input input) {
      return source(inputs, input.shape());
    }
    if (op instanceof Op.GlobalPool) {
      return globalPool(one(inputs));
    }
    if (op instanceof Op.Reshape reshape) {
      return reshape(reshape, one(inputs));
    }
    if (op instanceof Op.Linear linear) {
      return linear(linear, one(inputs));
    }
    if (op instanceof Op.Pool pool) {
      return windowed(pool.window(), pool.ceil(), one(inputs), one(inputs).channels());
    }
    return other(op, inputs);
  }

  private static Shape other(Op op, List<Shape> inputs) {
    return switch (op) {
      case Op.Input _,
          Op.Conv _,
          Op.Linear _,
          Op.BatchNorm _,
          Op.Activation _,
          Op.Dropout _,
          Op.Arithmetic _,
          Op.GlobalPool _,
          Op.Pool _,
          Op.Reshape _ ->
          throw new AssertionError(op);
      case Op.Constant constant -> source(inputs, constant.shape());
      case Op.ConvTranspose conv -> convTranspose(conv, one(inputs));
      case Op.PRelu _, Op.LocalResponseNorm _ -> channelled(one(inputs));
      case Op.DropPath _ -> one(inputs);
      case Op.Reduce reduce -> reduce(reduce, one(inputs));
      case Op.Softmax softmax -> {
        axis(softmax.axis(), one(inputs));
        yield one(inputs);
      }
      case Op.Concat concat -> concat(concat, inputs);
      case Op.Slice slice -> slice(slice, one(inputs));
      case Op.Shuffle shuffle -> {
        Shape in = channelled(one(inputs));
        if (!(shuffle.groups() > 0 && in.channels() % shuffle.groups() == 0)) {
          throw mismatch("channels divisible by " + shuffle.groups() + " groups", in.channels());
        }
        yield in;
      }
      case Op.Transpose transpose -> transpose(transpose, one(inputs));
      case Op.Pad pad -> pad(pad, one(inputs));
      case Op.Resize resize -> resize(resize, one(inputs));
    };
  }

  private static Shape linear(Op.Linear linear, Shape in) {
    require(in.rank() == 1, "a vector of features", in);
    require(linear.features() > 0, "at least one feature", linear.features());
    return Shape.of(linear.features());
  }

  private static Shape globalPool(Shape in) {
    require(in.rank() >= 2, "a map with spatial axes", in);
    int[] sizes = in.toArray();
    for (int axis = 1; axis < sizes.length; axis++) {
      sizes[axis] = 1;
    }
    return Shape.of(sizes);
  }

  private static Shape reshape(Op.Reshape reshape, Shape in) {
    if (in.elements() != reshape.shape().elements()) {
      throw mismatch(
          reshape.shape().elements() + " elements for " + reshape.shape(),
          in.elements() + " in " + in);
    }
    return reshape.shape();
  }

  static long macs(Op op, List<Shape> inputs, Shape output) {
    return switch (op) {
      case Op.Conv conv ->
          (long) output.elements()
              * conv.window().taps()
              * (inputs.getFirst().channels() / conv.groups());
      case Op.ConvTranspose conv ->
          (long) inputs.getFirst().elements()
              * conv.window().taps()
              * (conv.channels() / conv.groups());
      case Op.Linear _ -> (long) inputs.getFirst().elements() * output.channels();
      case Op.Constant _, Op.BatchNorm _, Op.PRelu _, Op.Weightless _ -> 0;
    };
  }

  private static Shape conv(Op.Conv conv, Shape in) {
    grouped(conv.groups(), conv.channels(), conv.window(), in);
    return windowed(conv.window(), false, in, conv.channels());
  }

  private static void grouped(int groups, int channels, Window window, Shape in) {
    if (!(in.spatialRank() == window.rank() && window.rank() >= 1)) {
      throw mismatch("a map with " + window.rank() + " spatial axes", in);
    }
    require(groups > 0, "at least one group", groups);
    if (!(in.channels() % groups == 0)) {
      throw mismatch("input channels divisible by " + groups + " groups", in.channels());
    }
    if (!(channels > 0 && channels % groups == 0)) {
      throw mismatch("output channels divisible by " + groups + " groups", channels);
    }
  }

  private static Shape convTranspose(Op.ConvTranspose conv, Shape in) {
    Window window = conv.window();
    grouped(conv.groups(), conv.channels(), window, in);
    require(
        conv.extra().size() == window.rank(), "one extra size a spatial axis", conv.extra().size());
    int[] sizes = in.toArray();
    sizes[0] = conv.channels();
    for (int axis = 0; axis < window.rank(); axis++) {
      int size =
          (in.size(axis + 1) - 1) * window.stride().get(axis)
              + window.extent(axis)
              + conv.extra().get(axis)
              - window.before().get(axis)
              - window.after().get(axis);
      require(size > 0, "a result of at least one element an axis", size);
      sizes[axis + 1] = size;
    }
    return Shape.of(sizes);
  }

  private static Shape windowed(Window window, boolean ceil, Shape in, int channels) {
    if (!(in.spatialRank() == window.rank() && window.rank() >= 1)) {
      throw mismatch("a map with " + window.rank() + " spatial axes", in);
    }
    int[] sizes = in.toArray();
    sizes[0] = channels;
    for (int axis = 0; axis < window.rank(); axis++) {
      int out = window.outputs(axis, in.size(axis + 1), ceil);
      if (out <= 0) {
        throw mismatch(
            "at least "
                + (window.extent(axis) - window.before().get(axis) - window.after().get(axis))
                + " elements along spatial axis "
                + axis
                + " for a kernel of "
                + window.kernel().get(axis),
            in.size(axis + 1) + " in " + in);
      }
      sizes[axis + 1] = out;
    }
    return Shape.of(sizes);
  }

  private static Shape broadcast(List<Shape> inputs) {
    require(inputs.size() == 2, "two inputs", inputs.size());
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    if (a.rank() != b.rank()) {
      throw mismatch("two shapes of the same rank", a + " and " + b);
    }
    int[] sizes = a.toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      int other = b.size(axis);
      if (!(sizes[axis] == other || sizes[axis] == 1 || other == 1)) {
        throw mismatch("shapes that are equal or 1 along every axis", a + " and " + b);
      }
      sizes[axis] = sizes[axis] == 1 ? other : sizes[axis];
    }
    return Shape.of(sizes);
  }

  private static Shape reduce(Op.Reduce reduce, Shape in) {
    List<Integer> sizes = new ArrayList<>(in.toList());
    for (int axis : reduce.axes()) {
      sizes.set(axis(axis, in), 1);
    }
    if (!reduce.keep()) {
      List<Integer> kept = new ArrayList<>();
      for (int axis = 0; axis < in.rank(); axis++) {
        if (!reduce.axes().contains(axis)) {
          kept.add(in.size(axis));
        }
      }
      sizes = kept.isEmpty() ? List.of(1) : kept;
    }
    return Shape.of(sizes);
  }

  private static Shape concat(Op.Concat concat, List<Shape> inputs) {
    require(!inputs.isEmpty(), "at least one input", 0);
    Shape first = inputs.getFirst();
    int axis = axis(concat.axis(), first);
    int sum = 0;
    for (Shape in : inputs) {
      if (!(in.rank() == first.rank() && in.with(axis, 1).equals(first.with(axis, 1)))) {
        throw mismatch("shapes that are equal but for axis " + axis, inputs);
      }
      sum += in.size(axis);
    }
    return first.with(axis, sum);
  }

  private static Shape slice(Op.Slice slice, Shape in) {
    int axis = axis(slice.axis(), in);
    if (!(slice.step() > 0
        && 0 <= slice.start()
        && slice.start() < slice.end()
        && slice.end() <= in.size(axis))) {
      throw mismatch(
          "a range within 0.." + in.size(axis) + " with a positive step",
          slice.start() + ".." + slice.end() + " by " + slice.step());
    }
    return in.with(axis, Math.ceilDiv(slice.end() - slice.start(), slice.step()));
  }

  private static Shape transpose(Op.Transpose transpose, Shape in) {
    List<Integer> sorted = new ArrayList<>(transpose.order());
    Collections.sort(sorted);
    List<Integer> sizes = new ArrayList<>();
    for (int axis = 0; axis < in.rank(); axis++) {
      if (!(sorted.size() == in.rank() && sorted.get(axis) == axis)) {
        throw mismatch("each of the " + in.rank() + " axes once", transpose.order());
      }
      sizes.add(in.size(transpose.order().get(axis)));
    }
    return Shape.of(sizes);
  }

  private static Shape pad(Op.Pad pad, Shape in) {
    if (!(pad.before().size() == in.rank() && pad.after().size() == in.rank())) {
      throw mismatch(
          "paddings for " + in.rank() + " axes",
          pad.before().size() + " and " + pad.after().size());
    }
    int[] sizes = in.toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      int before = pad.before().get(axis);
      int after = pad.after().get(axis);
      int size = sizes[axis] + before + after;
      if (size <= 0) {
        throw mismatch("a result of at least one element along axis " + axis, size);
      }
      int reach = Math.max(before, after);
      boolean fits =
          switch (pad.mode()) {
            case CONSTANT, EDGE -> true;
            case REFLECT -> reach < sizes[axis];
            case WRAP -> reach <= sizes[axis];
          };
      if (!(fits)) {
        throw mismatch("padding that the " + sizes[axis] + " elements of an axis can fill", reach);
      }
      sizes[axis] = size;
    }
    return Shape.of(sizes);
  }

  private static Shape resize(Op.Resize resize, Shape in) {
    if (!(resize.spatial().size() == in.spatialRank()
        && resize.scale().size() == in.spatialRank())) {
      throw mismatch(
          "a size and a scale for each of " + in.spatialRank() + " spatial axes",
          resize.spatial() + " and " + resize.scale());
    }
    int[] sizes = in.toArray();
    for (int axis = 1; axis < sizes.length; axis++) {
      sizes[axis] = resize.spatial().get(axis - 1);
      require(sizes[axis] > 0, "sizes of at least 1", resize.spatial());
      require(resize.scale().get(axis - 1) > 0, "scales above 0", resize.scale());
    }
    return Shape.of(sizes);
  }

  private static Shape source(List<Shape> inputs, Shape shape) {
    require(inputs.isEmpty(), "no inputs", inputs.size());
    return shape;
  }

  private static Shape one(List<Shape> inputs) {
    require(inputs.size() == 1, "one input", inputs.size());
    return inputs.getFirst();
  }

  private static Shape channelled(Shape in) {
    require(in.rank() >= 1, "a shape with channels", in);
    return in;
  }

  private static int axis(int axis, Shape in) {
    if (!(axis >= 0 && axis < in.rank())) {
      throw mismatch("an axis below " + in.rank(), axis);
    }
    return axis;
  }

  private static void require(boolean holds, String expected, Object found) {
    if (!holds) {
      throw mismatch(expected, found);
    }
  }

  /** Made only where something is wrong: every node of every graph passes here. */
  private static Mismatch mismatch(String expected, Object found) {
    return new Mismatch("expected " + expected + ", but found " + found);
  }
}
