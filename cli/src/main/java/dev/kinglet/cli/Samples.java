package dev.kinglet.cli;

import dev.kinglet.graph.Shape;
import java.util.SplittableRandom;

/** Input by chance, the same every time. */
final class Samples {
  private Samples() {}

  /** Numbers from -1 to 1. */
  static float[] uniform(Shape shape) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
