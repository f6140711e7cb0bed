package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Op.Function;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognises operators that ONNX files spell out in several nodes: activations as arithmetic, the
 * channel shuffle as two reshapes and a transposition.
 *
 * <p>In our own files only nodes that the writer marked as parts are joined; in others everything
 * that fits.
 */
final class Patterns {
  private static final float TOLERANCE = 1e-6f;
  private static final int MOST_FACTORS = 4;

  private final boolean own;

  Patterns(boolean own) {
    this.own = own;
  }

  /** Joins what ends in this draft, whose inputs have been seen before. */
  void apply(Draft draft) {
    if (draft.part()) {
      return;
    }
    if (draft.op instanceof Op.Arithmetic arithmetic
        && (arithmetic.kind() == Kind.MULTIPLY || arithmetic.kind() == Kind.DIVIDE)) {
      product(draft);
    } else if (draft.op instanceof Op.Activation activation
        && activation.function() == Function.CLIP) {
      hardSigmoid(draft, activation);
    } else if (draft.op instanceof Op.Reshape) {
      shuffle(draft);
      if (own) {
        reduce(draft);
      }
    }
  }

  /** Whether a draft may be joined into a later one. */
  private boolean inner(Draft draft) {
    return !own || draft.part();
  }

  /** The one number of a constant that is no node of ours by itself, or NaN. */
  private float number(Draft draft) {
    return inner(draft) ? draft.scalar() : Float.NaN;
  }

  private void product(Draft draft) {
    List<Draft> factors = new ArrayList<>(MOST_FACTORS);
    factors.add(draft);
    expand(draft, factors, 0, 1);
  }

  /**
   * Tries the factors found so far; where nothing fits, takes one more product apart and tries
   * again.
   */
  private boolean expand(Draft target, List<Draft> factors, int from, float scale) {
    if (factors.size() <= 2 && joined(target, factors, scale)) {
      return true;
    }
    for (int i = from; i < factors.size(); i++) {
      Draft factor = factors.get(i);
      if (!(factor.op instanceof Op.Arithmetic arithmetic)
          || factor != target && !inner(factor)
          || factors.size() == MOST_FACTORS) {
        continue;
      }
      Draft left = factor.inputs.getFirst();
      Draft right = factor.inputs.getLast();
      List<Draft> more = new ArrayList<>(factors);
      more.remove(i);
      float number = scale;
      if (arithmetic.kind() == Kind.DIVIDE && !Float.isNaN(number(right))) {
        number /= number(right);
        more.add(i, left);
      } else if (arithmetic.kind() == Kind.MULTIPLY && !Float.isNaN(number(right))) {
        number *= number(right);
        more.add(i, left);
      } else if (arithmetic.kind() == Kind.MULTIPLY && !Float.isNaN(number(left))) {
        number *= number(left);
        more.add(i, right);
      } else if (arithmetic.kind() == Kind.MULTIPLY) {
        more.add(i, right);
        more.add(i, left);
      } else {
        continue;
      }
      if (expand(target, more, i, number)) {
        return true;
      }
    }
    return false;
  }

  private boolean joined(Draft target, List<Draft> factors, float scale) {
    Draft a = factors.getFirst();
    Draft b = factors.getLast();
    if (factors.size() == 1) {
      Draft shifted = clipped(a, 0, 6);
      if (shifted != null && close(scale, 1 / 6f)) {
        Draft x = added(shifted, 3);
        return x != null
            && become(target, new Op.Activation(Function.HARD_SIGMOID, 1 / 6f, 0.5f), x);
      }
      return false;
    }
    return gated(target, a, b, scale) || gated(target, b, a, scale);
  }

  /** x times a function of x. */
  private boolean gated(Draft target, Draft x, Draft gate, float scale) {
    if (!inner(gate) || !x.shape.equals(target.shape)) {
      return false;
    }
    if (gate.op instanceof Op.Activation activation) {
      return switch (activation.function()) {
        case SIGMOID ->
            close(scale, 1)
                && gate.input() == x
                && become(target, new Op.Activation(Function.SILU), x);
        case HARD_SIGMOID ->
            close(scale, 1)
                && gate.input() == x
                && close(activation.alpha(), 1 / 6f)
                && close(activation.beta(), 0.5f)
                && become(target, new Op.Activation(Function.HARD_SWISH), x);
        case RELU6, CLIP -> {
          Draft shifted = clipped(gate, 0, 6);
          yield close(scale, 1 / 6f)
              && shifted != null
              && added(shifted, 3) == x
              && become(target, new Op.Activation(Function.HARD_SWISH), x);
        }
        case TANH ->
            close(scale, 1)
                && is(gate.input(), Function.SOFTPLUS)
                && gate.input().input() == x
                && become(target, new Op.Activation(Function.MISH), x);
        default -> false;
      };
    }
    Draft raised = close(scale, 0.5f) ? added(gate, 1) : null;
    if (raised == null || !inner(raised)) {
      return false;
    }
    if (is(raised, Function.ERF) && scaled(raised.input(), ActivationEncoder.ROOT_HALF) == x) {
      return become(target, new Op.Activation(Function.GELU), x);
    }
    return is(raised, Function.TANH)
        && bent(scaled(raised.input(), ActivationEncoder.ROOT_TWO_OVER_PI), x)
        && become(target, new Op.Activation(Function.GELU_TANH), x);
  }

  /** Whether a draft is x + 0.044715 x^3. */
  private boolean bent(Draft sum, Draft x) {
    if (sum == null || !is(sum, Kind.ADD)) {
      return false;
    }
    Draft other = sum.inputs.getFirst() == x ? sum.inputs.getLast() : sum.inputs.getFirst();
    Draft cube = scaled(other, 0.044715f);
    if (cube == null || sum.inputs.getFirst() != x && sum.inputs.getLast() != x) {
      return false;
    }
    if (is(cube, Kind.POWER)) {
      return cube.input() == x && number(cube.inputs.getLast()) == 3;
    }
    if (!is(cube, Kind.MULTIPLY)) {
      return false;
    }
    Draft square = cube.inputs.getFirst() == x ? cube.inputs.getLast() : cube.inputs.getFirst();
    return (cube.inputs.getFirst() == x || cube.inputs.getLast() == x)
        && is(square, Kind.MULTIPLY)
        && square.inputs.getFirst() == x
        && square.inputs.getLast() == x;
  }

  /** min(max(a x + b, 0), 1). */
  private void hardSigmoid(Draft draft, Op.Activation clip) {
    Draft sum = draft.input();
    if (clip.alpha() != 0 || clip.beta() != 1 || !inner(sum) || !is(sum, Kind.ADD)) {
      return;
    }
    Draft constant = Float.isNaN(number(sum.inputs.getLast())) ? sum.input() : sum.inputs.getLast();
    Draft product = constant == sum.input() ? sum.inputs.getLast() : sum.input();
    float beta = number(constant);
    if (Float.isNaN(beta) || !inner(product) || !(product.op instanceof Op.Arithmetic operator)) {
      return;
    }
    float right = number(product.inputs.getLast());
    float left = number(product.inputs.getFirst());
    if (operator.kind() == Kind.MULTIPLY && !Float.isNaN(right)) {
      become(draft, new Op.Activation(Function.HARD_SIGMOID, right, beta), product.input());
    } else if (operator.kind() == Kind.MULTIPLY && !Float.isNaN(left)) {
      Draft x = product.inputs.getLast();
      become(draft, new Op.Activation(Function.HARD_SIGMOID, left, beta), x);
    } else if (operator.kind() == Kind.DIVIDE && !Float.isNaN(right)) {
      become(draft, new Op.Activation(Function.HARD_SIGMOID, 1 / right, beta), product.input());
    }
  }

  /** Channels seen as groups, transposed, and flat again. */
  private void shuffle(Draft draft) {
    Draft swapped = draft.input();
    if (!inner(swapped) || !(swapped.op instanceof Op.Transpose transpose)) {
      return;
    }
    Draft split = swapped.input();
    Draft x = split.inputs.isEmpty() ? null : split.input();
    if (x == null
        || !inner(split)
        || !(split.op instanceof Op.Reshape)
        || !x.shape.equals(draft.shape)
        || split.shape.rank() < 2
        || (long) split.shape.size(0) * split.shape.size(1) != x.shape.channels()) {
      return;
    }
    for (int axis = 0; axis < transpose.order().size(); axis++) {
      int wanted = axis == 0 ? 1 : axis == 1 ? 0 : axis;
      if (transpose.order().get(axis) != wanted) {
        return;
      }
    }
    become(draft, new Op.Shuffle(split.shape.size(0)), x);
  }

  /** A reduction to one number, which the writer gives back its axis by a reshape. */
  private void reduce(Draft draft) {
    Draft kept = draft.input();
    if (kept.part() && kept.op instanceof Op.Reduce reduce && reduce.keep()) {
      become(draft, new Op.Reduce(reduce.kind(), reduce.axes(), false), kept.input());
    }
  }

  private boolean become(Draft target, Op op, Draft x) {
    if (!x.shape.equals(target.shape) && !(op instanceof Op.Reduce)) {
      return false;
    }
    target.become(
        own && op instanceof Op.Activation found ? Activations.hinted(found, target.doc) : op, x);
    return true;
  }

  /** What a draft clips between these bounds, or null. */
  private Draft clipped(Draft draft, float low, float high) {
    if (!inner(draft) || !(draft.op instanceof Op.Activation activation)) {
      return null;
    }
    boolean clips =
        switch (activation.function()) {
          case RELU6 -> low == 0 && high == 6;
          case CLIP -> activation.alpha() == low && activation.beta() == high;
          default -> false;
        };
    return clips ? draft.input() : null;
  }

  /** What a draft adds this number to, or null. */
  private Draft added(Draft draft, float number) {
    return other(draft, Kind.ADD, number);
  }

  /** What a draft multiplies by this number, or divides by its inverse, or null. */
  private Draft scaled(Draft draft, float number) {
    if (inner(draft)
        && is(draft, Kind.DIVIDE)
        && close(number(draft.inputs.getLast()), 1 / number)) {
      return draft.input();
    }
    return other(draft, Kind.MULTIPLY, number);
  }

  private Draft other(Draft draft, Kind kind, float number) {
    if (!inner(draft) || !is(draft, kind)) {
      return null;
    }
    if (close(number(draft.inputs.getLast()), number)) {
      return draft.inputs.getFirst();
    }
    return close(number(draft.inputs.getFirst()), number) ? draft.inputs.getLast() : null;
  }

  private static boolean is(Draft draft, Kind kind) {
    return draft.op instanceof Op.Arithmetic arithmetic && arithmetic.kind() == kind;
  }

  private static boolean is(Draft draft, Function function) {
    return draft.op instanceof Op.Activation activation && activation.function() == function;
  }

  private static boolean close(float found, float expected) {
    return Math.abs(found - expected) <= TOLERANCE * Math.abs(expected);
  }
}
