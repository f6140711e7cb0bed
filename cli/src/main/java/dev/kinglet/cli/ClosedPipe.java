package dev.kinglet.cli;

/** Whoever read our output has stopped; there is nobody left to tell. */
final class ClosedPipe extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClosedPipe(Throwable cause) {
    super("The reader of the output has gone.", cause, false, false);
  }
}
