package dev.kinglet.engine;

import dev.kinglet.graph.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a network is to be run.
 *
 * @param backend what runs it
 * @param isa the vector instructions to use; empty for the best that this computer has
 * @param threads how many threads share the work of one session, at least 1
 * @param planCache the folder in which compiled plans are kept for the next process; empty to keep
 *     none
 */
public record Options(Backend backend, Optional<Isa> isa, int threads, Optional<Path> planCache) {

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
    return new Options(Backend.AUTO, Optional.empty(), 1, Optional.empty());
  }

  /** These options with another back end. */
  public Options withBackend(Backend other) {
    return new Options(other, isa, threads, planCache);
  }

  /** These options with this instruction set. */
  public Options withIsa(Isa other) {
    return new Options(backend, Optional.of(other), threads, planCache);
  }

  /** These options with another number of threads. */
  public Options withThreads(int other) {
    return new Options(backend, isa, other, planCache);
  }

  /**
   * These options, with plans of machine code kept in a folder: a later process that compiles the
   * same network with the same weights reads its code and packed weights from there, which takes
   * milliseconds. The answers are the same, bit for bit.
   *
   * <p>A plan's file is as large as its weights in single precision. Files that are broken, not
   * this user's, or made by another Kinglet or for another processor are not used; a folder that
   * cannot be written keeps nothing. When all of them take more than a gigabyte, those go first
   * that have not been used for longest.
   *
   * @param folder made when the first plan is kept, for this user alone
   */
  public Options withPlanCache(Path folder) {
    return new Options(backend, isa, threads, Optional.of(folder));
  }
}
