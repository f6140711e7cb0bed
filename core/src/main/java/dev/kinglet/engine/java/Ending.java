package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Tail;
import dev.kinglet.graph.Op;

/** A tail over one session's memory: what is done with a result in place. */
final class Ending {
  private final float[][] before;
  private final Op.Activation activation;
  private final float[][] after;

  Ending(Tail tail, Planes planes) {
    before = tail.before().map(planes::of).orElse(null);
    activation = tail.activation().orElse(null);
    after = tail.after().map(planes::of).orElse(null);
  }

  /** Finishes positions lo to hi of channel c, which lie in {@code x}. */
  void apply(float[] x, int c, int lo, int hi) {
    if (before != null) {
      add(x, before[c], lo, hi);
    }
    if (activation != null) {
      Functions.apply(activation, x, lo, hi);
    }
    if (after != null) {
      add(x, after[c], lo, hi);
    }
  }

  private static void add(float[] x, float[] y, int lo, int hi) {
    for (int p = lo; p < hi; p++) {
      x[p] += y[p];
    }
  }
}
