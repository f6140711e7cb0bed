package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One operation of a lowered network: reads views, writes one value as a whole.
 *
 * <p>Both back ends switch over these without {@code default}; a rewrite that changes some asks the
 * others only whether they have weights or a tail. Each is named after the graph's node that it
 * comes from; a fused step bears the name of the one that does the most work.
 */
public sealed interface Step {
  /** The name of the node that this comes from. */
  String name();

  /** What it writes. */
  Value output();

  /** A step with a product of weights: a scale and a shift a channel can become part of them. */
  sealed interface Weighted extends Step {
    /** Weights and bias. */
    Weighting weighting();

    /** The same step with other weights. */
    Step with(Weighting other);
  }

  /** A step whose result a tail may change before it is stored. */
  sealed interface Tailed extends Step {
    /** The same step with another tail. */
    Step with(Tail other);
  }

  /** A step whose result is stored as it is. */
  sealed interface Tailless extends Step {
    @Override
    default Tail tail() {
      return Tail.NONE;
    }
  }

  /** A convolution over 1 to 3 spatial axes; weight {@code (out, in / groups, kernel...)}. */
  record Convolution(
      String name,
      View input,
      Window window,
      int groups,
      Weighting weighting,
      Tail tail,
      Value output)
      implements Weighted, Tailed {
    @Override
    public Step with(Weighting other) {
      return new Convolution(name, input, window, groups, other, tail, output);
    }

    @Override
    public Step with(Tail other) {
      return new Convolution(name, input, window, groups, weighting, other, output);
    }

    /** Whether every output channel reads one input channel of its own. */
    public boolean depthwise() {
      return groups == input.channels() && groups == output.channels();
    }

    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Convolution(
          name, change.apply(input), window, groups, weighting, tail.reading(change), output);
    }
  }

  /**
   * A transposed convolution; weight {@code (in, out / groups, kernel...)}; extra sizes of the
   * output follow from its shape.
   */
  record Transposed(
      String name, View input, Window window, int groups, Weighting weighting, Value output)
      implements Weighted, Tailless {
    @Override
    public Step with(Weighting other) {
      return new Transposed(name, input, window, groups, other, output);
    }

    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Transposed(name, change.apply(input), window, groups, weighting, output);
    }
  }

  /**
   * A matrix product over all elements of the input in row-major order of its shape; weight {@code
   * (out, elements)}, or any shape stored in that order.
   */
  record Linear(String name, View input, Weighting weighting, Tail tail, Value output)
      implements Weighted, Tailed {
    @Override
    public Step with(Weighting other) {
      return new Linear(name, input, other, tail, output);
    }

    @Override
    public Step with(Tail other) {
      return new Linear(name, input, weighting, other, output);
    }

    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Linear(name, change.apply(input), weighting, tail.reading(change), output);
    }
  }

  /** {@code scale[c] * x + shift[c]} a channel: a normalisation that no product takes in. */
  record Affine(String name, View input, float[] scale, float[] shift, Tail tail, Value output)
      implements Tailed {
    @Override
    public Step with(Tail other) {
      return new Affine(name, input, scale, shift, other, output);
    }

    /** The same step as a batch norm with these parameters and statistics. */
    public Affine normalising(
        double epsilon, float[] gamma, float[] beta, float[] mean, float[] variance) {
      float[] scales = new float[gamma.length];
      float[] shifts = new float[gamma.length];
      for (int c = 0; c < gamma.length; c++) {
        double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
        scales[c] = (float) factor;
        shifts[c] = (float) (beta[c] - mean[c] * factor);
      }
      return new Affine(name, input, scales, shifts, tail, output);
    }

    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Affine(name, change.apply(input), scale, shift, tail.reading(change), output);
    }
  }

  /**
   * Two inputs combined element by element; an axis of size 1 is repeated to the other's size. A
   * gate is a product with {@code (C, 1, 1)}.
   */
  record Binary(
      String name, Op.Arithmetic.Kind kind, View left, View right, Tail tail, Value output)
      implements Tailed {
    @Override
    public Step with(Tail other) {
      return new Binary(name, kind, left, right, other, output);
    }

    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Binary(
          name, kind, change.apply(left), change.apply(right), tail.reading(change), output);
    }
  }

  /** A function of one number, applied to each. */
  record Activate(String name, View input, Op.Activation activation, Value output)
      implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Activate(name, change.apply(input), activation, output);
    }
  }

  /** x for x >= 0, else {@code slope[c] * x}. */
  record PRelu(String name, View input, float[] slope, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new PRelu(name, change.apply(input), slope, output);
    }
  }

  /** The maximum or the mean of each window; {@code ceil} follows from the output's shape. */
  record Pool(
      String name, View input, Op.PoolKind kind, Window window, boolean countPadding, Value output)
      implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Pool(name, change.apply(input), kind, window, countPadding, output);
    }
  }

  /** All positions of each channel pooled into one. */
  record GlobalPool(String name, View input, Op.PoolKind kind, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new GlobalPool(name, change.apply(input), kind, output);
    }
  }

  /**
   * The gate of squeeze-excite, {@code outer(expand * inner(squeeze * mean(x) + b) + b)}, {@code
   * (C, 1, 1)}: the mean of each channel, two products with a function behind each. Applying the
   * gate is a {@link Binary} of its own.
   */
  record SqueezeExcite(
      String name,
      View input,
      Weighting squeeze,
      Optional<Op.Activation> inner,
      Weighting expand,
      Optional<Op.Activation> outer,
      Value output)
      implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new SqueezeExcite(name, change.apply(input), squeeze, inner, expand, outer, output);
    }
  }

  /** Axes of a sample reduced to one number; they are of size 1 or gone in the output. */
  record Reduce(String name, View input, Op.Reduce.Kind kind, List<Integer> axes, Value output)
      implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Reduce(name, change.apply(input), kind, axes, output);
    }
  }

  /** {@code x / (bias + alpha / size * sum of squares over size neighbouring channels)^beta}. */
  record Normalise(String name, View input, Op.LocalResponseNorm norm, Value output)
      implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Normalise(name, change.apply(input), norm, output);
    }
  }

  /** Exponentials divided by their sum along an axis. */
  record Softmax(String name, View input, int axis, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Softmax(name, change.apply(input), axis, output);
    }
  }

  /**
   * All elements in row-major order under the output's shape: a reshape that changes the number of
   * channels, or a view made contiguous.
   */
  record Copy(String name, View input, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Copy(name, change.apply(input), output);
    }
  }

  /** The inputs behind each other along an axis that is not the channels. */
  record Concat(String name, List<View> parts, int axis, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Concat(name, parts.stream().map(change).toList(), axis, output);
    }
  }

  /** Elements {@code start, start + step, ...} along an axis that is not the channels. */
  record Slice(String name, View input, int axis, int start, int step, Value output)
      implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Slice(name, change.apply(input), axis, start, step, output);
    }
  }

  /** Output axis i is input axis {@code order[i]}. */
  record Transpose(String name, View input, List<Integer> order, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Transpose(name, change.apply(input), order, output);
    }
  }

  /** Elements added around a sample, or cut where negative. */
  record Pad(String name, View input, Op.Pad pad, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Pad(name, change.apply(input), pad, output);
    }
  }

  /** The spatial axes at other sizes. */
  record Resize(String name, View input, Op.Resize resize, Value output) implements Tailless {
    @Override
    public Step reading(UnaryOperator<View> change) {
      return new Resize(name, change.apply(input), resize, output);
    }
  }

  /** One line: what is written, what is computed of what, and the name. */
  default String description() {
    return Describe.step(this);
  }

  /** What is done with the result before it is stored. */
  Tail tail();

  /** Everything that is read: the operands, then the tail's views. */
  default List<View> inputs() {
    List<View> reads = new ArrayList<>();
    reading(
        view -> {
          reads.add(view);
          return view;
        });
    return reads;
  }

  /** The same step reading other views. */
  Step reading(UnaryOperator<View> change);
}
