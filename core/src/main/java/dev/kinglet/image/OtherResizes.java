package dev.kinglet.image;

import java.util.Arrays;

/** The resizes of other libraries, for the checkpoints that were evaluated with them. */
final class OtherResizes {
  private OtherResizes() {}

  /** Pillow's nearest sample: the one under the output sample's centre. */
  static void nearest(byte[] rgb, int width, int height, CropWindow window, byte[] out) {
    int size = window.size();
    Arrays.fill(out, 0, 3 * size * size, (byte) 0);
    double dx = (double) width / window.width();
    double dy = (double) height / window.height();
    for (int y = window.fromY(); y < window.toY(); y++) {
      int sy = under(window.top() + y, dy, height);
      for (int x = window.fromX(); x < window.toX(); x++) {
        int sx = under(window.left() + x, dx, width);
        System.arraycopy(rgb, 3 * (sy * width + sx), out, 3 * (y * size + x), 3);
      }
    }
  }

  private static int under(int output, double scale, int side) {
    return Math.min(side - 1, (int) ((output + 0.5) * scale));
  }

  /** Sets what {@link #nearest} reads of a picture. */
  static Part nearestPart(int width, int height, CropWindow window, Part part) {
    double dx = (double) width / window.width();
    double dy = (double) height / window.height();
    return part.set(
        under(window.left() + window.fromX(), dx, width),
        under(window.top() + window.fromY(), dy, height),
        under(window.left() + window.toX() - 1, dx, width) + 1,
        under(window.top() + window.toY() - 1, dy, height) + 1);
  }

  /** OpenCV's bilinear resize of 8-bit pictures; an exact halving takes the mean of four. */
  static void openCv(byte[] rgb, int width, int height, CropWindow window, byte[] out) {
    int size = window.size();
    Arrays.fill(out, 0, 3 * size * size, (byte) 0);
    boolean halved = width == 2 * window.width() && height == 2 * window.height();
    double scaleX = 1 / ((double) window.width() / width);
    double scaleY = 1 / ((double) window.height() / height);
    for (int y = window.fromY(); y < window.toY(); y++) {
      float fy = between(window.top() + y, scaleY);
      int sy = (int) Math.floor(fy);
      fy -= sy;
      int b0 = (int) Math.rint((1 - fy) * 2048);
      int b1 = (int) Math.rint(fy * 2048);
      int row0 = 3 * width * Math.clamp(sy, 0, height - 1);
      int row1 = 3 * width * Math.clamp(sy + 1, 0, height - 1);
      for (int x = window.fromX(); x < window.toX(); x++) {
        float fx = between(window.left() + x, scaleX);
        int sx = (int) Math.floor(fx);
        fx -= sx;
        if (sx < 0) {
          fx = 0;
          sx = 0;
        } else if (sx >= width - 1) {
          fx = 0;
          sx = width - 1;
        }
        int a0 = (int) Math.rint((1 - fx) * 2048);
        int a1 = (int) Math.rint(fx * 2048);
        int left = 3 * sx;
        int right = 3 * Math.min(sx + 1, width - 1);
        int to = 3 * (y * size + x);
        for (int c = 0; c < 3; c++) {
          int p00 = rgb[row0 + left + c] & 0xFF;
          int p01 = rgb[row0 + right + c] & 0xFF;
          int p10 = rgb[row1 + left + c] & 0xFF;
          int p11 = rgb[row1 + right + c] & 0xFF;
          if (halved) {
            out[to + c] = (byte) (p00 + p01 + p10 + p11 + 2 >> 2);
          } else {
            int upper = p00 * a0 + p01 * a1 >> 4;
            int lower = p10 * a0 + p11 * a1 >> 4;
            out[to + c] = (byte) ((b0 * upper >> 16) + (b1 * lower >> 16) + 2 >> 2);
          }
        }
      }
    }
  }

  private static float between(int output, double scale) {
    return (float) ((output + 0.5) * scale - 0.5);
  }

  /** Sets what {@link #openCv} reads of a picture. */
  static Part openCvPart(int width, int height, CropWindow window, Part part) {
    double scaleX = 1 / ((double) window.width() / width);
    double scaleY = 1 / ((double) window.height() / height);
    int left = (int) Math.floor(between(window.left() + window.fromX(), scaleX));
    int top = (int) Math.floor(between(window.top() + window.fromY(), scaleY));
    int right = (int) Math.floor(between(window.left() + window.toX() - 1, scaleX)) + 2;
    int bottom = (int) Math.floor(between(window.top() + window.toY() - 1, scaleY)) + 2;
    return part.set(
        Math.clamp(left, 0, width - 1),
        Math.clamp(top, 0, height - 1),
        Math.clamp(right, 1, width),
        Math.clamp(bottom, 1, height));
  }

  /** TensorFlow 1's bilinear resize (align_corners false, no half-pixel centres) of a part. */
  static void tensorFlow(byte[] rgb, int width, Part part, int size, float[] out) {
    int left = part.left();
    int top = part.top();
    int w = part.right() - left;
    int h = part.bottom() - top;
    float scaleX = w / (float) size;
    float scaleY = h / (float) size;
    for (int y = 0; y < size; y++) {
      float fy = y * scaleY;
      int y0 = (int) fy;
      fy -= y0;
      int row0 = width * (top + y0);
      int row1 = width * (top + Math.min(y0 + 1, h - 1));
      for (int x = 0; x < size; x++) {
        float fx = x * scaleX;
        int x0 = (int) fx;
        fx -= x0;
        int column0 = left + x0;
        int column1 = left + Math.min(x0 + 1, w - 1);
        for (int c = 0; c < 3; c++) {
          float p00 = rgb[3 * (row0 + column0) + c] & 0xFF;
          float p01 = rgb[3 * (row0 + column1) + c] & 0xFF;
          float p10 = rgb[3 * (row1 + column0) + c] & 0xFF;
          float p11 = rgb[3 * (row1 + column1) + c] & 0xFF;
          float upper = p00 + (p01 - p00) * fx;
          float lower = p10 + (p11 - p10) * fx;
          out[3 * (y * size + x) + c] = upper + (lower - upper) * fy;
        }
      }
    }
  }
}
