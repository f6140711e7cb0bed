package dev.kinglet.data;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on where they are used, not on what was drawn before.
 *
 * <p>So a resumed run draws what the run would have drawn that was never stopped, and the number of
 * loading threads changes nothing.
 */
public final class Seeds {
  private Seeds() {}

  /** A seed for one place, such as (the run's seed, epoch, sample). */
  public static long mix(long... parts) {
    long z = 0x9E3779B97F4A7C15L;
    for (long part : parts) {
      z += part * 0xD1B54A32D192ED03L + 0x632BE59BD9B4E019L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
    }
    return z;
  }

  /** Random numbers for one place. */
  public static SplittableRandom at(long... parts) {
    return new SplittableRandom(mix(parts));
  }

  /** The whole numbers below {@code count} in random order. */
  public static int[] shuffled(int count, SplittableRandom random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
