package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Says what a foreign file computes in the words that our own networks use, so that an imported
 * network runs as fast: a mean over all positions is a global pooling, padding before a convolution
 * is the convolution's, moves that undo each other are nothing.
 *
 * <p>Every step keeps the function; only rounding may differ. Our own files are left as they are.
 */
final class Simplification {
  private final List<Draft> result = new ArrayList<>();

  private Simplification() {}

  /** The same graph in simpler words. */
  static Importer.Drafts apply(Importer.Drafts drafts) {
    Simplification simplification = new Simplification();
    Patterns patterns = new Patterns(false);
    for (Draft draft : drafts.nodes()) {
      for (int i = 0; i < draft.inputs.size(); i++) {
        draft.inputs.set(i, draft.inputs.get(i).resolved());
      }
      simplification.simplify(draft);
      patterns.apply(draft);
      simplification.result.add(draft);
    }
    // Last, because an activation that is spelled out may begin with an addition.
    Importer.Drafts simpler = new Importer.Drafts(simplification.result, drafts.output());
    Affine affine = new Affine(simpler);
    for (Draft draft : simpler.nodes()) {
      affine.apply(draft);
    }
    return simpler;
  }

  private void simplify(Draft draft) {
    if (draft.op instanceof Op.Reduce reduce) {
      reduce(draft, reduce);
    } else if (draft.op instanceof Op.Pool pool) {
      pool(draft, pool);
    } else if (draft.op instanceof Op.Transpose transpose) {
      transpose(draft, transpose);
    } else if (draft.op instanceof Op.Arithmetic arithmetic) {
      bound(draft, arithmetic);
    } else if (draft.op instanceof Op.Activation activation) {
      clip(draft, activation);
    } else if (draft.op instanceof Op.Conv conv) {
      padded(draft, conv);
    } else if (draft.op instanceof Op.Concat && draft.inputs.size() == 1) {
      draft.alias = draft.input();
    }
    if (draft.op instanceof Op.Reshape) {
      reshape(draft);
    }
  }

  private static void reshape(Draft draft) {
    while (draft.input().op instanceof Op.Reshape) {
      draft.inputs.set(0, draft.input().input());
    }
    if (draft.input().shape.equals(draft.shape)) {
      draft.alias = draft.input();
    }
  }

  private static void transpose(Draft draft, Op.Transpose transpose) {
    List<Integer> order = transpose.order();
    Draft from = draft.input();
    if (from.op instanceof Op.Transpose before) {
      List<Integer> both = new ArrayList<>(order.size());
      for (int axis : order) {
        both.add(before.order().get(axis));
      }
      order = both;
      from = from.input();
      draft.become(new Op.Transpose(order), from);
    }
    // The axes of size 1 may stand anywhere: only the order of the others moves elements.
    int last = -1;
    for (int axis : order) {
      if (from.shape.size(axis) > 1) {
        if (axis < last) {
          return;
        }
        last = axis;
      }
    }
    draft.become(new Op.Reshape(draft.shape), from);
  }

  private void reduce(Draft draft, Op.Reduce reduce) {
    Draft from = draft.input();
    List<Integer> axes = reduce.axes();
    if (from.op instanceof Op.Transpose transpose && !reduce.keep()) {
      List<Integer> there = new ArrayList<>();
      int last = -1;
      boolean ascending = true;
      for (int axis = 0; axis < from.shape.rank(); axis++) {
        int origin = transpose.order().get(axis);
        if (axes.contains(axis)) {
          there.add(origin);
        } else {
          ascending &= origin > last;
          last = origin;
        }
      }
      if (ascending) {
        there.sort(null);
        axes = there;
        from = from.input();
        draft.become(new Op.Reduce(reduce.kind(), axes, false), from);
      }
    }
    boolean spatial = from.shape.rank() > 1 && axes.size() == from.shape.rank() - 1;
    for (int i = 0; i < axes.size(); i++) {
      spatial &= axes.get(i) == i + 1;
    }
    if (!spatial || reduce.kind() != Op.Reduce.Kind.MEAN && reduce.kind() != Op.Reduce.Kind.MAX) {
      return;
    }
    boolean mean = reduce.kind() == Op.Reduce.Kind.MEAN;
    Op pooling = new Op.GlobalPool(mean ? PoolKind.AVERAGE : PoolKind.MAX);
    if (reduce.keep()) {
      draft.become(pooling, from);
      return;
    }
    int[] ones = new int[from.shape.rank()];
    Arrays.fill(ones, 1);
    ones[0] = from.shape.channels();
    List<Draft> inputs = new ArrayList<>(List.of(from));
    Draft pooled = new Draft(pooling, inputs, Shape.of(ones));
    pooled.name = draft.name + "/pool";
    result.add(pooled);
    draft.become(new Op.Reshape(draft.shape), pooled);
  }

  private static void pool(Draft draft, Op.Pool pool) {
    Window window = pool.window();
    boolean whole = true;
    for (int axis = 0; axis < window.rank(); axis++) {
      whole &=
          window.kernel().get(axis) == draft.input().shape.size(axis + 1)
              && window.before().get(axis) == 0
              && window.after().get(axis) == 0
              && window.dilation().get(axis) == 1
              && draft.shape.size(axis + 1) == 1;
    }
    if (whole) {
      draft.become(new Op.GlobalPool(pool.kind()), draft.input());
    }
  }

  /** The larger or smaller of a value and a number is a clip. */
  private static void bound(Draft draft, Op.Arithmetic arithmetic) {
    boolean most = arithmetic.kind() == Kind.MINIMUM;
    if (!most && arithmetic.kind() != Kind.MAXIMUM) {
      return;
    }
    Draft left = draft.inputs.getFirst();
    Draft right = draft.inputs.getLast();
    float number = Float.isNaN(right.scalar()) ? left.scalar() : right.scalar();
    Draft x = Float.isNaN(right.scalar()) ? right : left;
    if (Float.isNaN(number) || !x.shape.equals(draft.shape) || x.op instanceof Op.Constant) {
      return;
    }
    Op.Activation clip =
        most
            ? Activations.clip(Float.NEGATIVE_INFINITY, number)
            : Activations.clip(number, Float.POSITIVE_INFINITY);
    draft.become(clip, x);
    clip(draft, clip);
  }

  /** A clip of a clip is one. */
  private static void clip(Draft draft, Op.Activation outer) {
    if (!(draft.input().op instanceof Op.Activation inner) || !clips(outer) || !clips(inner)) {
      return;
    }
    float low = low(outer);
    float high = high(outer);
    if (low > high || low(inner) > high(inner)) {
      return;
    }
    Op.Activation both =
        Activations.clip(
            Math.min(Math.max(low(inner), low), high), Math.min(Math.max(high(inner), low), high));
    draft.become(both, draft.input().input());
  }

  private static boolean clips(Op.Activation activation) {
    return activation.function() == Function.CLIP
        || activation.function() == Function.RELU
        || activation.function() == Function.RELU6;
  }

  private static float low(Op.Activation clip) {
    return clip.function() == Function.CLIP ? clip.alpha() : 0;
  }

  private static float high(Op.Activation clip) {
    return switch (clip.function()) {
      case CLIP -> clip.beta();
      case RELU6 -> 6;
      default -> Float.POSITIVE_INFINITY;
    };
  }

  /** Zeros around the input of a convolution are the convolution's own padding. */
  private static void padded(Draft draft, Op.Conv conv) {
    if (!(draft.input().op instanceof Op.Pad pad)
        || pad.mode() != Op.Pad.Mode.CONSTANT
        || pad.value() != 0
        || pad.before().getFirst() != 0
        || pad.after().getFirst() != 0) {
      return;
    }
    Window window = conv.window();
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int axis = 0; axis < window.rank(); axis++) {
      int front = pad.before().get(axis + 1);
      int back = pad.after().get(axis + 1);
      if (front < 0 || back < 0) {
        return;
      }
      before.add(window.before().get(axis) + front);
      after.add(window.after().get(axis) + back);
    }
    Window wider = new Window(window.kernel(), window.stride(), before, after, window.dilation());
    draft.op = new Op.Conv(conv.channels(), wider, conv.groups(), conv.bias());
    draft.inputs.set(0, draft.input().input());
  }
}
