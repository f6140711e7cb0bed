package dev.kinglet.engine;

import dev.kinglet.graph.InvalidInputException;
import java.util.Optional;

/**
 * How a network is to be run.
 *
 * @param backend what runs it
 * @param isa the vector instructions to use; empty for the best that this computer has
 * @param threads how many threads share the work of one session, at least 1
 */
public record Options(Backend backend, Optional<Isa> isa, int threads) {

  /** Refuses what no engine can do. */
  public Options {
    if (threads < 1 || threads > 1024) {
      throw new InvalidInputException(
          "A network runs on 1 to 1024 threads, but " + threads + " were asked for.");
    }
    if (isa.isPresent() && backend == Backend.JAVA) {
      throw new InvalidInputException(
          "The java engine has no instruction set to choose; leave out "
              + isa.get()
              + " or choose the x64 engine.");
    }
  }

  /** The best engine of this computer, its best instructions, one thread. */
  public static Options defaults() {
    return new Options(Backend.AUTO, Optional.empty(), 1);
  }

  /** These options with another back end. */
  public Options withBackend(Backend other) {
    return new Options(other, isa, threads);
  }

  /** These options with this instruction set. */
  public Options withIsa(Isa other) {
    return new Options(backend, Optional.of(other), threads);
  }

  /** These options with another number of threads. */
  public Options withThreads(int other) {
    return new Options(backend, isa, other);
  }
}
