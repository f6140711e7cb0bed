package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.onnx.Value.Flow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Borders around a sample, and blocks of its positions moved to and from the channels. */
final class BlockOperators {
  private BlockOperators() {}

  static void pad(Call call) {
    Flow in = call.flow(0);
    int rank = in.dims().length;
    long[] pads =
        call.hasAttribute("paddings") ? call.numbers("paddings") : call.numbers("pads", 1);
    long[] axes = call.numbers(3, "axes");
    if (axes == null) {
      axes = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        axes[axis] = axis;
      }
    }
    if (pads == null || pads.length != 2 * axes.length) {
      throw new Unsupported("has pads for another number of axes");
    }
    int[] before = new int[in.draft().shape.rank()];
    int[] after = new int[before.length];
    int[] dims = in.dims().clone();
    for (int i = 0; i < axes.length; i++) {
      int front = Call.integer(pads[i], "padding");
      int back = Call.integer(pads[axes.length + i], "padding");
      if (front != 0 || back != 0) {
        int axis = Call.axis(axes[i], rank);
        int ours = Call.axis(in, axis);
        before[ours] = front;
        after[ours] = back;
        dims[axis] = Math.clamp((long) dims[axis] + front + back, 0, Integer.MAX_VALUE);
      }
    }
    Op.Pad.Mode mode =
        switch (call.text("mode", "constant")) {
          case "constant" -> Op.Pad.Mode.CONSTANT;
          case "reflect" -> Op.Pad.Mode.REFLECT;
          case "edge" -> Op.Pad.Mode.EDGE;
          case "wrap" -> Op.Pad.Mode.WRAP;
          default -> throw new Unsupported("has the unknown mode " + call.text("mode", ""));
        };
    float value = call.has(2) ? call.known(2, "value").number() : call.single("value", 0);
    if (mode != Op.Pad.Mode.CONSTANT) {
      value = call.importer.own() ? Hint.number(call.node.doc(), "value", 0) : 0;
    }
    Op pad = new Op.Pad(list(before), list(after), mode, value);
    call.output(new Flow(call.add(pad, in.draft()), dims, in.batch(), false));
  }

  static List<Integer> list(int... values) {
    List<Integer> list = new ArrayList<>(values.length);
    for (int value : values) {
      list.add(value);
    }
    return list;
  }

  static void depthToSpace(Call call) {
    Flow in = call.flow(0);
    int block = block(call, in);
    int c = in.dims()[1];
    int h = in.dims()[2];
    int w = in.dims()[3];
    if (c % (block * block) != 0) {
      throw new Unsupported("has " + c + " channels for blocks of " + block);
    }
    int left = c / (block * block);
    boolean depthFirst = call.text("mode", "DCR").equals("DCR");
    Draft split =
        call.add(
            new Op.Reshape(
                depthFirst
                    ? Shape.of(block, block, left, h, w)
                    : Shape.of(left, block, block, h, w)),
            call.sample(in));
    Draft moved =
        call.add(new Op.Transpose(depthFirst ? list(2, 3, 0, 4, 1) : list(0, 3, 1, 4, 2)), split);
    call.output(
        call.like(in, call.add(new Op.Reshape(Shape.of(left, h * block, w * block)), moved)));
  }

  static void spaceToDepth(Call call) {
    Flow in = call.flow(0);
    int block = block(call, in);
    int c = in.dims()[1];
    int h = in.dims()[2];
    int w = in.dims()[3];
    if (h % block != 0 || w % block != 0) {
      throw new Unsupported("has sizes " + Arrays.toString(in.dims()) + " for blocks of " + block);
    }
    Draft split =
        call.add(new Op.Reshape(Shape.of(c, h / block, block, w / block, block)), call.sample(in));
    Draft moved = call.add(new Op.Transpose(list(2, 4, 0, 1, 3)), split);
    Shape shape = Shape.of(c * block * block, h / block, w / block);
    call.output(call.like(in, call.add(new Op.Reshape(shape), moved)));
  }

  private static int block(Call call, Flow in) {
    int block = call.integer("blocksize", 0);
    if (block < 1 || block > 1 << 10 || in.dims().length != 4) {
      throw new Unsupported("has blocks of " + block + " in " + in.dims().length + " axes");
    }
    return block;
  }
}
