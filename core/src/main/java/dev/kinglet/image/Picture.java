package dev.kinglet.image;

import dev.kinglet.graph.InvalidInputException;

/**
 * A picture in memory: interleaved red, green and blue, 8 bits each, rows from the top.
 *
 * <p>The array is not copied; whoever makes a picture hands the array over.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param rgb {@code 3 * width * height} bytes
 */
public record Picture(int width, int height, byte[] rgb) {

  /**
   * Checks that the array has the size that width and height ask for.
   *
   * @throws InvalidInputException when it has not
   */
  public Picture {
    if (width < 1 || height < 1) {
      throw new InvalidInputException(
          "A picture has at least one column and one row, not " + width + " x " + height + ".");
    }
    if (3L * width * height != rgb.length) {
      throw new InvalidInputException(
          "A picture of "
              + width
              + " x "
              + height
              + " has "
              + 3L * width * height
              + " bytes, not "
              + rgb.length
              + ".");
    }
  }

  /**
   * The picture as its camera was held, by the EXIF orientation (1 to 8) that {@link
   * PictureHeader#orientation()} gives; 1 and anything out of range change nothing.
   */
  public Picture upright(int orientation) {
    if (orientation < 2 || orientation > 8) {
      return this;
    }
    boolean turned = orientation >= 5;
    int w = turned ? height : width;
    int h = turned ? width : height;
    byte[] out = new byte[rgb.length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int sx = turned ? y : x;
        int sy = turned ? x : y;
        // Which of the stored axes run backwards: EXIF 2.32, table 6, tag 0x0112.
        if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {
          sx = width - 1 - sx;
        }
        if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) {
          sy = height - 1 - sy;
        }
        int from = 3 * (sy * width + sx);
        int to = 3 * (y * w + x);
        out[to] = rgb[from];
        out[to + 1] = rgb[from + 1];
        out[to + 2] = rgb[from + 2];
      }
    }
    return new Picture(w, h, out);
  }
}
