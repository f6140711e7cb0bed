package dev.kinglet.data;

import dev.kinglet.graph.Shape;
import java.util.SplittableRandom;

/**
 * Blends each sample of a batch with another one: mixup (Zhang et al. 2018) adds them, CutMix (Yun
 * et al. 2019) pastes a rectangle.
 *
 * @param mixup the Beta distribution's parameter of mixup, 0 for none
 * @param cutmix the one of CutMix, 0 for none; with both, a coin decides for each batch
 */
public record Mixing(double mixup, double cutmix) {
  /** No blending. */
  public static final Mixing NONE = new Mixing(0, 0);

  /**
   * Blends a batch with itself turned by one, in place.
   *
   * @param shape of one sample, {@code (C, H, W)}
   * @return the share of each sample that is still its own
   */
  public double apply(float[] batch, int size, Shape shape, SplittableRandom random) {
    boolean cut = cutmix > 0 && (mixup == 0 || random.nextBoolean());
    double alpha = cut ? cutmix : mixup;
    if (alpha == 0 || size < 2) {
      return 1;
    }
    double share = beta(alpha, random);
    float[] others = batch.clone();
    int elements = shape.elements();
    if (!cut) {
      for (int i = 0; i < size * elements; i++) {
        int other = (i + elements) % (size * elements);
        batch[i] = (float) (share * batch[i] + (1 - share) * others[other]);
      }
      return share;
    }
    int width = (int) Math.round(shape.width() * Math.sqrt(1 - share));
    int height = (int) Math.round(shape.height() * Math.sqrt(1 - share));
    int x = random.nextInt(shape.width());
    int y = random.nextInt(shape.height());
    int left = Math.max(0, x - width / 2);
    int right = Math.min(shape.width(), x - width / 2 + width);
    int top = Math.max(0, y - height / 2);
    int bottom = Math.min(shape.height(), y - height / 2 + height);
    int planes = elements / (shape.width() * shape.height());
    for (int plane = 0; plane < size * planes; plane++) {
      int to = plane * shape.width() * shape.height();
      int from = (to + elements) % (size * elements);
      for (int row = top; row < bottom; row++) {
        int at = row * shape.width() + left;
        System.arraycopy(others, from + at, batch, to + at, Math.max(0, right - left));
      }
    }
    double pasted = Math.max(0, right - left) * (double) Math.max(0, bottom - top);
    return 1 - pasted / (shape.width() * shape.height());
  }

  /** A draw of Beta(alpha, alpha) as a ratio of two draws of Gamma(alpha). */
  private static double beta(double alpha, SplittableRandom random) {
    double a = gamma(alpha, random);
    double b = gamma(alpha, random);
    return a + b == 0 ? 0.5 : a / (a + b);
  }

  /** Marsaglia and Tsang (2000); below 1 by their boost. */
  private static double gamma(double alpha, SplittableRandom random) {
    if (alpha < 1) {
      return gamma(alpha + 1, random) * Math.pow(random.nextDouble(), 1 / alpha);
    }
    double d = alpha - 1 / 3.0;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
