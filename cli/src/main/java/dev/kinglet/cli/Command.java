package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Syntax;
import java.io.IOException;

/** One word after {@code kinglet}: what it understands and what it does. */
interface Command {
  /** The words that it understands. */
  Syntax syntax();

  /**
   * Does it.
   *
   * @return the exit code: 0, or 2 if some of the input was at fault and has been named
   * @throws dev.kinglet.graph.InvalidInputException if the input as a whole is at fault
   */
  int run(Arguments arguments, Console console) throws IOException, InterruptedException;
}
