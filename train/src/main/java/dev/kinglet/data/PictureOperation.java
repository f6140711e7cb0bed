package dev.kinglet.data;

import dev.kinglet.image.Picture;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The operations of TrivialAugment and RandAugment with the wide ranges of the former's table
 * (Müller, Hutter 2021, Table 6).
 */
enum PictureOperation {
  IDENTITY,
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X,
  TRANSLATE_Y,
  ROTATE,
  BRIGHTNESS,
  COLOUR,
  CONTRAST,
  SHARPNESS,
  POSTERIZE,
  SOLARIZE,
  AUTOCONTRAST,
  EQUALIZE;

  private static final PictureOperation[] ALL = values();

  static PictureOperation drawn(SplittableRandom random) {
    return ALL[random.nextInt(ALL.length)];
  }

  /**
   * The operation at a strength from 0 to 1, in either direction where it has two.
   *
   * @return another picture, or the same one where nothing changes
   */
  Picture apply(Picture in, double strength, SplittableRandom random) {
    double sign = random.nextBoolean() ? 1 : -1;
    double signed = sign * strength;
    return switch (this) {
      case IDENTITY -> in;
      case SHEAR_X -> moved(in, 1, 0.99 * signed, 0, 1, 0, 0);
      case SHEAR_Y -> moved(in, 1, 0, 0.99 * signed, 1, 0, 0);
      case TRANSLATE_X -> moved(in, 1, 0, 0, 1, signed * in.width() / 3, 0);
      case TRANSLATE_Y -> moved(in, 1, 0, 0, 1, 0, signed * in.height() / 3);
      case ROTATE -> {
        double angle = Math.toRadians(135 * signed);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        yield moved(in, cos, sin, -sin, cos, 0, 0);
      }
      case BRIGHTNESS, COLOUR, CONTRAST, SHARPNESS -> blended(in, 1 + 0.99 * signed);
      case POSTERIZE -> {
        int bits = 8 - (int) Math.round(6 * strength);
        int mask = 0xFF << 8 - bits & 0xFF;
        yield mapped(in, value -> value & mask);
      }
      case SOLARIZE -> {
        double limit = 255 * (1 - strength);
        yield mapped(in, value -> value > limit ? 255 - value : value);
      }
      case AUTOCONTRAST -> perChannel(in, PictureOperation::stretch);
      case EQUALIZE -> perChannel(in, PictureOperation::flatten);
    };
  }

  /** The picture moved away from (above 1) or towards its degenerate form. */
  Picture blended(Picture in, double factor) {
    byte[] rgb = in.rgb();
    byte[] out = new byte[rgb.length];
    float f = (float) factor;
    double mean = this == CONTRAST ? meanGrey(rgb) : 0;
    for (int pixel = 0; pixel < rgb.length; pixel += 3) {
      double grey = this == COLOUR ? grey(rgb, pixel) : mean;
      for (int i = pixel; i < pixel + 3; i++) {
        double base = this == SHARPNESS ? smooth(in, i) : grey;
        double value = base + f * ((rgb[i] & 0xFF) - base);
        out[i] = (byte) Math.clamp(Math.round(value), 0, 255);
      }
    }
    return new Picture(in.width(), in.height(), out);
  }

  private static double grey(byte[] rgb, int at) {
    return 0.299 * (rgb[at] & 0xFF) + 0.587 * (rgb[at + 1] & 0xFF) + 0.114 * (rgb[at + 2] & 0xFF);
  }

  private static double meanGrey(byte[] rgb) {
    double sum = 0;
    for (int pixel = 0; pixel < rgb.length; pixel += 3) {
      sum += grey(rgb, pixel);
    }
    return Math.round(sum / (rgb.length / 3.0));
  }

  /** A mean over the 3 by 3 neighbours with weight 5 in the middle; borders stay. */
  private static double smooth(Picture in, int at) {
    int row = 3 * in.width();
    int y = at / row;
    int x = at % row / 3;
    byte[] rgb = in.rgb();
    if (x == 0 || y == 0 || x == in.width() - 1 || y == in.height() - 1) {
      return rgb[at] & 0xFF;
    }
    int sum = 4 * (rgb[at] & 0xFF);
    for (int dy = -row; dy <= row; dy += row) {
      sum += (rgb[at + dy - 3] & 0xFF) + (rgb[at + dy] & 0xFF) + (rgb[at + dy + 3] & 0xFF);
    }
    return sum / 13.0;
  }

  /** Each pixel from its place under an affine map about the middle; black where there is none. */
  private static Picture moved(
      Picture in, double xx, double xy, double yx, double yy, double left, double top) {
    byte[] out = new byte[in.rgb().length];
    double cx = (in.width() - 1) / 2.0;
    double cy = (in.height() - 1) / 2.0;
    for (int y = 0; y < in.height(); y++) {
      for (int x = 0; x < in.width(); x++) {
        long fromX = Math.round(xx * (x - cx) + xy * (y - cy) + cx - left);
        long fromY = Math.round(yx * (x - cx) + yy * (y - cy) + cy - top);
        if (fromX >= 0 && fromX < in.width() && fromY >= 0 && fromY < in.height()) {
          int from = 3 * (int) (fromY * in.width() + fromX);
          System.arraycopy(in.rgb(), from, out, 3 * (y * in.width() + x), 3);
        }
      }
    }
    return new Picture(in.width(), in.height(), out);
  }

  private static Picture mapped(Picture in, IntUnaryOperator map) {
    byte[] table = new byte[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (byte) map.applyAsInt(i);
    }
    byte[] out = new byte[in.rgb().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = table[in.rgb()[i] & 0xFF];
    }
    return new Picture(in.width(), in.height(), out);
  }

  private static Picture perChannel(Picture in, UnaryOperator<int[]> table) {
    byte[] out = new byte[in.rgb().length];
    for (int channel = 0; channel < 3; channel++) {
      int[] histogram = new int[256];
      for (int i = channel; i < out.length; i += 3) {
        histogram[in.rgb()[i] & 0xFF]++;
      }
      int[] map = table.apply(histogram);
      for (int i = channel; i < out.length; i += 3) {
        out[i] = (byte) map[in.rgb()[i] & 0xFF];
      }
    }
    return new Picture(in.width(), in.height(), out);
  }

  private static int[] stretch(int[] histogram) {
    int low = 0;
    int high = 255;
    while (low < 255 && histogram[low] == 0) {
      low++;
    }
    while (high > 0 && histogram[high] == 0) {
      high--;
    }
    int[] map = new int[256];
    for (int i = 0; i < 256; i++) {
      map[i] = high <= low ? i : Math.clamp(Math.round(255.0 * (i - low) / (high - low)), 0, 255);
    }
    return map;
  }

  private static int[] flatten(int[] histogram) {
    int last = 255;
    while (last > 0 && histogram[last] == 0) {
      last--;
    }
    int step = (Arrays.stream(histogram).sum() - histogram[last]) / 255;
    int[] map = new int[256];
    int sum = step / 2;
    for (int i = 0; i < 256; i++) {
      map[i] = step == 0 ? i : Math.min(255, sum / step);
      sum += histogram[i];
    }
    return map;
  }
}
