package dev.kinglet.formats.pull;

import java.time.Duration;

/**
 * How long to wait for a server, and how often to try again.
 *
 * @param connect until there is a connection and an answer
 * @param stall until a silent connection counts as broken
 * @param attempts in a row that may bring nothing; one that brings bytes starts the count anew
 * @param pause before the second attempt, doubled before each further one
 */
public record Patience(Duration connect, Duration stall, int attempts, Duration pause) {
  /** Twenty seconds, thirty seconds, five attempts, one second. */
  public static Patience defaults() {
    return new Patience(Duration.ofSeconds(20), Duration.ofSeconds(30), 5, Duration.ofSeconds(1));
  }
}
