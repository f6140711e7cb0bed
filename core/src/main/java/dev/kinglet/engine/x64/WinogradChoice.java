package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import java.util.Optional;

/** Which convolutions are made by {@link Winograd}, and in what tiles. */
interface WinogradChoice {
  /** By an estimate of the time, or as a test wishes. */
  WinogradChoice ESTIMATE =
      (task, input, lanes) -> possible(task, input) ? estimated(task, lanes) : Optional.empty();

  /**
   * The tiles of a product; none for the product itself.
   *
   * @param input of the network, which lies as it is given
   * @param lanes floats a vector
   */
  Optional<Winograd> size(Task.Product task, Value input, int lanes);

  /** Whether a product is made by {@link Strassen}. */
  default boolean strassen(Task.Product task, int lanes, int threads, boolean pairs) {
    return Strassen.of(task, lanes, threads, pairs);
  }

  /** Whether a product is a convolution of 3x3 taps and stride 1 of something computed. */
  private static boolean possible(Task.Product task, Value input) {
    if (task.reach() == null || task.groups() > 1 || task.input().values().contains(input)) {
      return false;
    }
    int[] kernel = task.reach().kernel();
    int[] stride = task.reach().stride();
    int[] dilation = task.reach().dilation();
    return kernel[0] == 1
        && kernel[1] == 3
        && kernel[2] == 3
        && stride[0] == 1
        && stride[1] == 1
        && stride[2] == 1
        && task.reach().before()[0] == 0
        && dilation[1] == 1
        && dilation[2] == 1;
  }

  private static Optional<Winograd> estimated(Task.Product task, int lanes) {
    Integer wish = Hooks.tile();
    double least = wish == null ? direct(task, lanes) : Double.MAX_VALUE;
    Winograd best = null;
    for (Winograd size : Winograd.values()) {
      double time = wish == null || wish == size.outputs ? tiled(task, size, lanes) : least;
      if (time < least) {
        least = time;
        best = size;
      }
    }
    return Optional.ofNullable(best);
  }

  // Times are cycles of one core of a Zen 4, measured layer by layer on SE-ResNet-18.

  private static double direct(Task.Product task, int lanes) {
    int[] sizes = Reach.sizes(task.output().shape());
    return sums((double) sizes[0] * sizes[1] * sizes[2], 9, task, lanes);
  }

  private static double tiled(Task.Product task, Winograd size, int lanes) {
    int[] sizes = Reach.sizes(task.output().shape());
    double tiles =
        (double) sizes[0]
            * Math.ceilDiv(sizes[1], size.outputs)
            * Math.ceilDiv(sizes[2], size.outputs);
    double there = size == Winograd.TWO ? 6 : 18;
    double back = size == Winograd.TWO ? 4 : 13;
    return 5_000
        + sums(tiles, size.products(), task, lanes)
        + tiles * padded(task.input().channels(), lanes) * there
        + tiles * padded(task.output().channels(), lanes) * back;
  }

  /** Multiplied at some 15 a cycle, or read at some 5 bytes a cycle, whichever takes longer. */
  private static double sums(double pixels, int products, Task.Product task, int lanes) {
    double weights =
        (double) products * task.input().channels() * padded(task.output().channels(), lanes);
    return weights * Math.max(pixels / 15, 4 / 5.0);
  }

  private static int padded(int channels, int lanes) {
    return Math.ceilDiv(channels, lanes) * lanes;
  }
}
