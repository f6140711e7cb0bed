package dev.kinglet.engine;

import dev.kinglet.graph.Graph;
import java.util.Optional;

/**
 * A network ready to run. Immutable: any number of threads may use one plan, each with a {@link
 * Session} of its own. Nothing needs closing.
 */
public interface Plan {
  /** What is computed. */
  Graph graph();

  /** What runs it: {@link Backend#X64} or {@link Backend#JAVA}. */
  Backend backend();

  /** The vector instructions in use; empty for the java engine. */
  Optional<Isa> isa();

  /** How many threads share the work of one session. */
  int threads();

  /** Memory for one thread's runs of single samples. */
  default Session session() {
    return session(1);
  }

  /**
   * Memory for one thread's runs of up to {@code maxBatch} samples at once.
   *
   * @throws dev.kinglet.graph.InvalidInputException if it is not positive, or needs more memory
   *     than one array can hold
   */
  Session session(int maxBatch);
}
