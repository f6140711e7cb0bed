package dev.kinglet.image;

/**
 * The rectangle of a picture that somebody is going to read; one for many pictures.
 *
 * <p>A decoder may leave everything outside as it was, but reads a file to its end all the same, so
 * that damaged pictures are refused whatever is wanted of them.
 */
final class Part {
  /** Where a crop lies in the resized picture. */
  final CropWindow window = new CropWindow();

  private int left;
  private int top;
  private int right;
  private int bottom;

  /** Everything. */
  Part all(int width, int height) {
    return set(0, 0, width, height);
  }

  Part set(int left, int top, int right, int bottom) {
    this.left = left;
    this.top = top;
    this.right = right;
    this.bottom = bottom;
    return this;
  }

  /** The first column. */
  int left() {
    return left;
  }

  /** The first row. */
  int top() {
    return top;
  }

  /** The column after the last. */
  int right() {
    return right;
  }

  /** The row after the last. */
  int bottom() {
    return bottom;
  }
}
