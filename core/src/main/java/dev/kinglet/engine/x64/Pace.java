package dev.kinglet.engine.x64;

/**
 * Whether a session's workers help, decided by how long its runs take.
 *
 * <p>Threads that wait for each other at every stage need their processors at the same time. Where
 * other work holds one of them, or where two processors are one core in truth, they can take longer
 * than the caller alone. So the caller tries that once, and again when runs have become slow; while
 * it is the faster, the workers rest, and are tried again after ever longer pauses. Results do not
 * depend on it: every number is computed the same way, whoever does it. Batches of different sizes
 * are not compared; each size has a pace of its own.
 */
final class Pace {
  /** Runs with the workers before the first comparison. */
  private static final int WARM = 4;

  /** Runs with the workers, at least, between two comparisons. */
  private static final int APART = 64;

  /** How much longer runs have become when it is time to compare again. */
  private static final double SLOW = 1.4;

  /** Runs alone, and with the workers after a pause, that a comparison takes. */
  private static final int TRIAL = 3;

  /** The workers rest only where the caller alone is clearly faster. */
  private static final double CLEARLY = 0.95;

  private static final int SHORT_PAUSE = 16;
  private static final int LONG_PAUSE = 64;

  private enum Phase {
    HELPED,
    COMPARING,
    RESTING,
    TRYING
  }

  private Phase phase = Phase.HELPED;

  /** Runs in this phase so far. */
  private int runs;

  private int until = WARM;
  private int pause = SHORT_PAUSE;
  private double together;
  private double best = Double.MAX_VALUE;
  private double alone;

  /** Whether the next run is one with the workers. */
  boolean together() {
    return phase == Phase.HELPED || phase == Phase.TRYING;
  }

  /** Takes the time of a run as {@link #together} asked for it. */
  void took(double time) {
    runs++;
    switch (phase) {
      case HELPED -> {
        together = runs == 1 ? time : together + (Math.min(time, 2 * together) - together) / 4;
        boolean first = until == WARM;
        if (runs >= until && (first || together > SLOW * best)) {
          until = APART;
          begin(Phase.COMPARING);
        }
        if (runs >= WARM) {
          best = Math.min(best, together);
        }
      }
      case COMPARING -> {
        alone = runs == 1 ? time : Math.min(alone, time);
        if (runs == TRIAL) {
          decide();
        }
      }
      case RESTING -> {
        alone += (Math.min(time, 2 * alone) - alone) / 4;
        if (runs == pause) {
          pause = Math.min(2 * pause, LONG_PAUSE);
          begin(Phase.TRYING);
        }
      }
      case TRYING -> {
        together = runs == 1 ? time : Math.min(together, time);
        if (runs == TRIAL) {
          decide();
        }
      }
    }
  }

  private void decide() {
    if (alone < CLEARLY * together) {
      begin(Phase.RESTING);
    } else {
      pause = SHORT_PAUSE;
      best = together;
      begin(Phase.HELPED);
    }
  }

  private void begin(Phase next) {
    phase = next;
    runs = 0;
  }
}
