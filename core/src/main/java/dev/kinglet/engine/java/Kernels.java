package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;

/** The kernel for each step. */
final class Kernels {
  /** Below this many positions a loop over output channels is faster than one over positions. */
  static final int SMALL = 128;

  private Kernels() {}

  static Kernel of(Step step) {
    return switch (step) {
      case Step.Convolution s -> convolution(s);
      case Step.Transposed s -> new TransposedConvolution(s);
      case Step.Linear s -> Vectors.linear(s);
      case Step.Affine s -> Elementwise.affine(s);
      case Step.Binary s -> Elementwise.binary(s);
      case Step.Activate s -> Elementwise.activate(s);
      case Step.PRelu s -> Elementwise.prelu(s);
      case Step.Pool s -> new Pooling(s);
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
