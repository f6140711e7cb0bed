package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Tail;
import dev.kinglet.graph.Op;

/** A tail over one session's memory: what is done with a result in place. */
final class Ending {
  private final float[][] before;
  private final Op.Activation activation;
  private final float[][] after;
  private final float[][] strips;

  /** For whole channels only. */
  Ending(Tail tail, Planes planes) {
    this(tail, planes, 0, 0);
  }

  /** For strips of channels, too, by several threads. */
  Ending(Tail tail, Planes planes, int threads, int longest) {
    before = tail.before().map(planes::of).orElse(null);
    activation = tail.activation().orElse(null);
    after = tail.after().map(planes::of).orElse(null);
    strips = before == null && after == null ? null : new float[threads][longest];
  }

  /** Finishes all positions of channel c, which lie in {@code x}. */
  void apply(float[] x, int c, int area) {
    if (before != null) {
      add(x, before[c], area);
    }
    if (activation != null) {
      Functions.apply(activation, x, area);
    }
    if (after != null) {
      add(x, after[c], area);
    }
  }

  /** Finishes {@code count} positions of channel c from {@code first}, which lie in {@code x}. */
  void apply(int part, float[] x, int c, int first, int count) {
    if (before != null) {
      System.arraycopy(before[c], first, strips[part], 0, count);
      add(x, strips[part], count);
    }
    if (activation != null) {
      Functions.apply(activation, x, count);
    }
    if (after != null) {
      System.arraycopy(after[c], first, strips[part], 0, count);
      add(x, strips[part], count);
    }
  }

  private static void add(float[] x, float[] y, int count) {
    for (int p = 0; p < count; p++) {
      x[p] += y[p];
    }
  }
}
