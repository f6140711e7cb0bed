package dev.kinglet.image;

/**
 * Decodes portable bitmaps, greymaps and pixmaps, plain ({@code P1-P3}) and raw ({@code P4-P6}).
 */
final class PnmDecoder {
  /** Pillow's limit for a number in the header and in plain data. */
  private static final int LONGEST_TOKEN = 10;

  private final Source source;
  private int at = 2;
  private int kind;
  private int width;
  private int height;
  private int most = 1;

  private PnmDecoder(Source source) {
    this.source = source;
    kind = source.bytes[1] - '0';
    width = (int) Math.min(Integer.MAX_VALUE, headerNumber());
    height = (int) Math.min(Integer.MAX_VALUE, headerNumber());
    if (kind != 1 && kind != 4) {
      long most = headerNumber();
      if (most < 1 || most > 65535) {
        throw source.broken("its largest value is " + most + ", not between 1 and 65535");
      }
      this.most = (int) most;
    }
  }

  static boolean isSpace(int c) {
    return c == ' ' || c >= 9 && c <= 13;
  }

  static PictureHeader header(Source source) {
    PnmDecoder d = new PnmDecoder(source);
    if (d.width < 1 || d.height < 1) {
      throw source.broken("its header gives a size of " + d.width + " x " + d.height);
    }
    return new PictureHeader(PictureFormat.PNM, d.width, d.height, 1);
  }

  static void decode(Source source, long limit, Raster raster) {
    PnmDecoder d = new PnmDecoder(source);
    source.checkSize(d.width, d.height, limit);
    int channels = d.kind == 3 || d.kind == 6 ? 3 : 1;
    long samples = (long) d.width * d.height * channels;
    long needed =
        switch (d.kind) {
          case 1 -> samples;
          case 4 -> (d.width + 7L) / 8 * d.height;
          case 5, 6 -> samples * (d.most > 255 ? 2 : 1);
          default -> 2 * samples - 1;
        };
    if (source.length - d.at < needed) {
      throw source.truncated();
    }
    byte[] rgb = raster.start(d.width, d.height);
    switch (d.kind) {
      case 1 -> d.plainBits(rgb);
      case 4 -> d.rawBits(rgb);
      default -> d.samples(rgb, channels);
    }
  }

  private void plainBits(byte[] rgb) {
    int pixels = width * height;
    for (int i = 0; i < pixels; ) {
      int c = nextPlain();
      if (c < 0) {
        throw source.truncated();
      }
      if (isSpace(c)) {
        continue;
      }
      if (c != '0' && c != '1') {
        throw source.broken("a pixel of a plain bitmap is neither 0 nor 1");
      }
      set(rgb, 3 * i++, c == '0' ? (byte) 255 : 0);
    }
  }

  private void rawBits(byte[] rgb) {
    int stride = (width + 7) / 8;
    for (int y = 0, out = 0; y < height; y++, at += stride) {
      for (int x = 0; x < width; x++, out += 3) {
        boolean black = (source.bytes[at + (x >> 3)] >> (7 - (x & 7)) & 1) != 0;
        set(rgb, out, black ? 0 : (byte) 255);
      }
    }
  }

  private void samples(byte[] rgb, int channels) {
    byte[] scaled = scaled(channels);
    boolean plain = kind < 4;
    int wide = most > 255 ? 2 : 1;
    int samples = width * height * channels;
    for (int i = 0; i < samples; i++) {
      int value;
      if (plain) {
        value = plainNumber();
      } else if (wide == 1) {
        value = source.bytes[at++] & 0xFF;
      } else {
        value = (source.bytes[at] & 0xFF) << 8 | source.bytes[at + 1] & 0xFF;
        at += 2;
      }
      byte pixel = value < scaled.length ? scaled[value] : (byte) 255;
      if (channels == 3) {
        rgb[i] = pixel;
      } else {
        set(rgb, 3 * i, pixel);
      }
    }
  }

  /**
   * Every value's 8-bit pixel: Pillow scales (half to even), but clips grey values beyond 8 bits.
   */
  private byte[] scaled(int channels) {
    int range = channels == 1 && most > 255 ? 65535 : 255;
    byte[] table = new byte[most + 1];
    for (int v = 0; v <= most; v++) {
      table[v] = (byte) Math.min(255, Math.rint((double) v / most * range));
    }
    return table;
  }

  private int plainNumber() {
    int c = nextPlain();
    while (c >= 0 && isSpace(c)) {
      c = nextPlain();
    }
    if (c < 0) {
      throw source.truncated();
    }
    long value = 0;
    for (int digits = 0; c >= 0 && !isSpace(c); digits++) {
      value = digit(value, c, digits);
      c = nextPlain();
    }
    if (value > most) {
      throw source.broken("it has a value of " + value + " above its largest, " + most);
    }
    return (int) value;
  }

  /** The next character outside comments, which vanish even inside a number; -1 at the end. */
  private int nextPlain() {
    while (at < source.length) {
      int c = source.bytes[at++];
      if (c != '#') {
        return c & 0xFF;
      }
      skipComment();
    }
    return -1;
  }

  private void skipComment() {
    while (at < source.length) {
      int c = source.bytes[at++];
      if (c == '\n' || c == '\r') {
        return;
      }
    }
  }

  private long headerNumber() {
    long value = 0;
    int digits = 0;
    while (true) {
      if (at >= source.length) {
        throw source.truncated();
      }
      int c = nextPlain();
      if (c < 0) {
        throw source.truncated();
      }
      if (isSpace(c)) {
        if (digits > 0) {
          return value;
        }
        continue;
      }
      value = digit(value, c, digits++);
    }
  }

  private long digit(long value, int c, int digits) {
    if (c < '0' || c > '9') {
      throw source.broken("byte " + (at - 1) + " is not part of a number");
    }
    if (digits >= LONGEST_TOKEN) {
      throw source.broken("it has a number of more than " + LONGEST_TOKEN + " digits");
    }
    return 10 * value + c - '0';
  }

  private static void set(byte[] rgb, int out, byte value) {
    rgb[out] = value;
    rgb[out + 1] = value;
    rgb[out + 2] = value;
  }
}
