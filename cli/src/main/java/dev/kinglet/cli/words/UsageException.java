package dev.kinglet.cli.words;

import dev.kinglet.graph.InvalidInputException;

/** Words that the command does not understand; the sentence names the help to read. */
public final class UsageException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /** Made with what is wrong, without a full stop, and the command whose help explains it. */
  public UsageException(String wrong, String command) {
    super(wrong + "; see: kinglet help" + (command.isEmpty() ? "" : " " + command));
  }
}
