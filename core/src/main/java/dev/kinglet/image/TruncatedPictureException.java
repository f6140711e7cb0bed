package dev.kinglet.image;

/** A picture's data end too early. */
final class TruncatedPictureException extends PictureException {
  private static final long serialVersionUID = 1L;

  TruncatedPictureException(String message) {
    super(message);
  }
}
