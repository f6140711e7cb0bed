package dev.kinglet.image;

import dev.kinglet.graph.InvalidInputException;

/** A picture cannot be read: it is broken, truncated, too large, or of a kind not known here. */
public class PictureException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  /** Made with the sentence that the user will read. */
  public PictureException(String message) {
    super(message);
  }

  /** Made with the sentence that the user will read, and what led to it. */
  public PictureException(String message, Throwable cause) {
    super(message, cause);
  }
}
