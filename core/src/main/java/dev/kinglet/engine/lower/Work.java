package dev.kinglet.engine.lower;

import dev.kinglet.graph.Window;

/**
 * What a step has to do, whatever the engine: multiply-adds, and numbers that come and go once.
 *
 * @param macs multiply-adds of a convolution, a linear layer or a gate; 0 for all else
 * @param read elements of the values read, each value once
 * @param weights elements of the weights
 * @param written elements written
 */
public record Work(long macs, long read, long weights, long written) {

  /** The work of one sample. */
  public static Work of(Step step) {
    long read = 0;
    for (View view : step.inputs()) {
      read += view.shape().elements();
    }
    long written = step.output().shape().elements();
    int area = step.output().area();
    return switch (step) {
      case Step.Convolution s -> {
        long weights = s.weighting().weight().shape().elements();
        yield new Work(weights * area, touched(s, read), weights, written);
      }
      case Step.Transposed s -> {
        long weights = s.weighting().weight().shape().elements();
        yield new Work(weights * s.input().area(), read, weights, written);
      }
      case Step.Linear s -> {
        long weights = s.weighting().weight().shape().elements();
        yield new Work(weights, read, weights, written);
      }
      case Step.SqueezeExcite s -> {
        long weights =
            (long) s.squeeze().weight().shape().elements() + s.expand().weight().shape().elements();
        yield new Work(weights, read, weights, written);
      }
      case Step.Affine _,
          Step.Binary _,
          Step.Activate _,
          Step.PRelu _,
          Step.Pool _,
          Step.GlobalPool _,
          Step.Reduce _,
          Step.Normalise _,
          Step.Softmax _,
          Step.Copy _,
          Step.Concat _,
          Step.Slice _,
          Step.Transpose _,
          Step.Pad _,
          Step.Resize _ ->
          new Work(0, read, 0, written);
    };
  }

  /** A convolution whose stride is larger than its window leaves some of its input unread. */
  private static long touched(Step.Convolution s, long read) {
    Window window = s.window();
    long positions = s.output().area();
    for (int kernel : window.kernel()) {
      positions *= kernel;
    }
    long all = s.input().shape().elements();
    return read - all + Math.min(all, positions * s.input().channels());
  }
}
