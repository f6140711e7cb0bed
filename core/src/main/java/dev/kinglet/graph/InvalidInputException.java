package dev.kinglet.graph;

/**
 * Something that the caller supplied is at fault: a file, a name, a size.
 *
 * <p>The message is one sentence for the person at the keyboard: what is wrong, where, and what to
 * do about it. The command line prints it without a stack trace and ends with exit code 2. Every
 * parser of this project ends in a result or in this exception, whatever bytes it is given.
 */
public class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Made with the sentence that the user will read. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** Made with the sentence that the user will read, and what led to it. */
  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
