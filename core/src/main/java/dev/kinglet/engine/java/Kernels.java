package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;

/** The kernel for each step. */
final class Kernels {
  /** Below this many positions a loop over output channels is faster than one over positions. */
  static final int SMALL = 128;

  private Kernels() {}

  static Kernel of(Step step) {
    // Those of the machine code's tests by themselves: a switch over types, when it is first
    // reached, costs a new process a millisecond.
    if (step instanceof Step.Convolution s) {
      return convolution(s);
    }
    if (step instanceof Step.Linear s) {
      return Vectors.linear(s);
    }
    if (step instanceof Step.Binary s) {
      return Elementwise.binary(s);
    }
    if (step instanceof Step.Activate s) {
      return Elementwise.activate(s);
    }
    if (step instanceof Step.Pool s) {
      return new Pooling(s);
    }
    return other(step);
  }

  private static Kernel other(Step step) {
    return switch (step) {
      case Step.Convolution _, Step.Linear _, Step.Binary _, Step.Activate _, Step.Pool _ ->
          throw new AssertionError(step);
      case Step.Transposed s -> new TransposedConvolution(s);
      case Step.Affine s -> Elementwise.affine(s);
      case Step.PRelu s -> Elementwise.prelu(s);
      case Step.GlobalPool s -> Vectors.globalPool(s);
      case Step.SqueezeExcite s -> Vectors.squeezeExcite(s);
      case Step.Reduce s -> Reductions.reduce(s);
      case Step.Normalise s -> Reductions.normalise(s);
      case Step.Softmax s -> Reductions.softmax(s);
      case Step.Copy s -> Gather.copy(s);
      case Step.Concat s -> Gather.concat(s);
      case Step.Slice s -> Gather.slice(s);
      case Step.Transpose s -> Gather.transpose(s);
      case Step.Pad s -> Gather.pad(s);
      case Step.Resize s -> Resizing.of(s);
    };
  }

  private static Kernel convolution(Step.Convolution step) {
    Geometry geometry = Geometry.of(step.input().shape(), step.output().shape(), step.window());
    if (DepthwiseNine.fits(step, geometry)) {
      return new DepthwiseNine(step, geometry);
    }
    int outputs = step.output().channels() / step.groups();
    if (geometry.outArea() < SMALL && outputs > geometry.outArea() / 2) {
      return new ByChannel(step, geometry);
    }
    return geometry.pointwise() ? new Pointwise(step) : new Patched(step, geometry);
  }
}
