package dev.kinglet.engine.x64;

/** Machine code cannot be used here; the message is the reason, as the end of a sentence. */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unavailable(String reason) {
    super(reason);
  }

  Unavailable(String reason, Throwable cause) {
    super(reason, cause);
  }
}
