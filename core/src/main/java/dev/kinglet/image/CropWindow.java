package dev.kinglet.image;

/**
 * A square crop out of a resized picture, by torchvision's rounding; one for many pictures.
 *
 * <p>Along one axis the crop starts at {@code offset} of the resized picture; a negative offset
 * means that the picture is smaller than the crop and black is added in front.
 */
final class CropWindow {
  private int width;
  private int height;
  private int left;
  private int top;
  private int size;

  private CropWindow set(int width, int height, int left, int top, int size) {
    this.width = width;
    this.height = height;
    this.left = left;
    this.top = top;
    this.size = size;
    return this;
  }

  /** The shorter side is brought to {@code resize}, the longer one follows, truncated. */
  CropWindow ofShorterSide(int width, int height, int resize, int size) {
    double longer = (double) ((long) resize * Math.max(width, height)) / Math.min(width, height);
    if (longer > Integer.MAX_VALUE) {
      throw new PictureException(
          "A picture of "
              + width
              + " x "
              + height
              + " is too narrow to be resized to "
              + resize
              + ".");
    }
    int w = width <= height ? resize : (int) longer;
    int h = width <= height ? (int) longer : resize;
    return set(w, h, offset(w, size), offset(h, size), size);
  }

  /** As {@link #ofShorterSide}, with the longer side rounded to nearest. */
  CropWindow ofShorterSideRounded(int width, int height, int resize, int size) {
    ofShorterSide(width, height, resize, size);
    int longW = width < height ? resize : (int) ((double) resize / height * width + 0.5);
    int longH = width < height ? (int) ((double) resize / width * height + 0.5) : resize;
    return set(longW, longH, offset(longW, size), offset(longH, size), size);
  }

  /** Both sides are brought to {@code size}, whatever the ratio was. */
  CropWindow ofStretch(int size) {
    return set(size, size, 0, 0, size);
  }

  /** Columns of the resized picture. */
  int width() {
    return width;
  }

  /** Rows of the resized picture. */
  int height() {
    return height;
  }

  /** The crop's first column. */
  int left() {
    return left;
  }

  /** The crop's first row. */
  int top() {
    return top;
  }

  /** Columns and rows of the crop. */
  int size() {
    return size;
  }

  /** torchvision's centre: half to even where a crop is taken, truncated where black is added. */
  private static int offset(int side, int size) {
    return side >= size ? (int) Math.rint((side - size) / 2.0) : -((size - side) / 2);
  }

  /** The crop's first column that shows the picture. */
  int fromX() {
    return Math.max(0, -left);
  }

  /** The crop's column after the last that shows the picture. */
  int toX() {
    return Math.min(size, width - left);
  }

  /** The crop's first row that shows the picture. */
  int fromY() {
    return Math.max(0, -top);
  }

  /** The crop's row after the last that shows the picture. */
  int toY() {
    return Math.min(size, height - top);
  }
}
