package dev.kinglet.image;

/** The file formats that this package decodes, told apart by their first bytes. */
public enum PictureFormat {
  /** Joint Photographic Experts Group, ITU-T T.81. */
  JPEG,
  /** Portable Network Graphics, third edition. */
  PNG,
  /** Portable bitmap, greymap and pixmap, plain and raw ({@code P1} to {@code P6}). */
  PNM,
  /** Windows and OS/2 bitmap. */
  BMP;

  static PictureFormat of(Source source) {
    byte[] b = source.bytes;
    int n = source.length;
    if (n >= 3 && (b[0] & 0xFF) == 0xFF && (b[1] & 0xFF) == 0xD8 && (b[2] & 0xFF) == 0xFF) {
      return JPEG;
    }
    if (n >= 8 && PngDecoder.isPng(b)) {
      return PNG;
    }
    if (n >= 3 && b[0] == 'P' && b[1] >= '1' && b[1] <= '6' && PnmDecoder.isSpace(b[2])) {
      return PNM;
    }
    if (n >= 2 && b[0] == 'B' && b[1] == 'M') {
      return BMP;
    }
    if (n == 0) {
      throw new PictureException(source.name + " is empty.");
    }
    throw new UnsupportedPictureException(
        source.name + " is not a picture in JPEG, PNG, PNM or BMP format" + otherName(b, n) + ".");
  }

  private static String otherName(byte[] b, int n) {
    if (n >= 4 && b[0] == 'G' && b[1] == 'I' && b[2] == 'F' && b[3] == '8') {
      return " but in GIF format";
    }
    if (n >= 12 && b[0] == 'R' && b[1] == 'I' && b[2] == 'F' && b[3] == 'F' && b[8] == 'W') {
      return " but in WebP format";
    }
    if (n >= 4 && (b[0] == 'I' && b[1] == 'I' && b[2] == 42 || b[0] == 'M' && b[3] == 42)) {
      return " but in TIFF format";
    }
    return "";
  }
}
