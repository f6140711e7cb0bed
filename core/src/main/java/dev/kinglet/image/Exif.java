package dev.kinglet.image;

/** The one EXIF entry that concerns pixels: how the camera was held. */
final class Exif {
  private static final int ORIENTATION = 0x0112;

  private Exif() {}

  /**
   * The orientation (1 to 8) in a TIFF structure between two places of the bytes; 1 when there is
   * none or the structure is broken, since no pixel depends on it.
   */
  static int orientation(byte[] b, int from, int to) {
    if (to - from < 8) {
      return 1;
    }
    boolean little = b[from] == 'I' && b[from + 1] == 'I';
    if (!little && !(b[from] == 'M' && b[from + 1] == 'M')) {
      return 1;
    }
    long directory = from + u32(b, from + 4, little);
    if (directory + 2 > to) {
      return 1;
    }
    int entries = u16(b, (int) directory, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > to) {
        return 1;
      }
      if (u16(b, (int) entry, little) == ORIENTATION) {
        int value = u16(b, (int) entry + 8, little);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }

  private static int u16(byte[] b, int at, boolean little) {
    int first = b[at] & 0xFF;
    int second = b[at + 1] & 0xFF;
    return little ? first | second << 8 : first << 8 | second;
  }

  private static long u32(byte[] b, int at, boolean little) {
    long first = u16(b, at, little);
    long second = u16(b, at + 2, little);
    return little ? first | second << 16 : first << 16 | second;
  }
}
