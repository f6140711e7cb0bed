package dev.kinglet.house;

import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine; without it the test is skipped, and says why. */
public final class Skip {
  private Skip() {}

  /** Skips the running test unless this holds. */
  public static void unless(boolean holds, String reason) {
    if (!holds) {
      System.out.println("Skipped: " + reason);
    }
    Assumptions.assumeTrue(holds, reason);
  }
}
