package dev.kinglet.image;

/** A picture may be in order, but its format or a feature it uses is left to other decoders. */
public final class UnsupportedPictureException extends PictureException {
  private static final long serialVersionUID = 1L;

  /** Made with the sentence that the user will read. */
  public UnsupportedPictureException(String message) {
    super(message);
  }
}
