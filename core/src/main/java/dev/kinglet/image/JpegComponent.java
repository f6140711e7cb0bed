package dev.kinglet.image;

import java.util.Arrays;

/** One colour component of a JPEG frame: how densely it is sampled, and its samples. */
final class JpegComponent {
  int id;
  int h;
  int v;
  int quantTable;

  /** Tables of the scan that is being read. */
  int dcTable;

  int acTable;

  /** Blocks that show the picture. */
  int blocksWide;

  int blocksHigh;

  /** Blocks of whole MCUs; what is beyond the picture is decoded and not shown. */
  int paddedWide;

  int paddedHigh;

  /** Samples that show the picture: the picture's size by the sampling factors, rounded up. */
  int width;

  int height;

  /** Dequantisation in zigzag order, as it was when the component's first scan began. */
  final int[] quant = new int[64];

  /**
   * For each zigzag position and the 16 after the last, the dequantisation (upper bits) and the
   * natural position (lower 8 bits).
   */
  final int[] steps = new int[JpegHeader.ZIGZAG.length];

  boolean quantKnown;

  /** The samples, {@link #stride} a row; reused when it fits. */
  final Bytes plane = new Bytes();

  /** Samples from row to row: a multiple of 16, since two blocks are transformed at once. */
  int stride;

  /** All coefficients of a picture in more than one scan, block after block; reused. */
  short[] coefficients = new short[0];

  /** The lowest bit known of each coefficient (in zigzag order) of a progressive picture, or -1. */
  final int[] known = new int[64];

  /** {@link #known} of the first coefficients before the last scan of the component. */
  final int[] knownBefore = new int[64];

  /** The DC value that the next block's difference adds to. */
  int prediction;

  void dequantiseBy(int[] table) {
    System.arraycopy(table, 0, quant, 0, 64);
    for (int k = 0; k < steps.length; k++) {
      steps[k] = quant[Math.min(k, 63)] << 8 | JpegHeader.ZIGZAG[k];
    }
    quantKnown = true;
  }

  void measure(JpegHeader header) {
    int maxH = header.maxH;
    int maxV = header.maxV;
    blocksWide = (int) (((long) header.width * h + 8L * maxH - 1) / (8L * maxH));
    blocksHigh = (int) (((long) header.height * v + 8L * maxV - 1) / (8L * maxV));
    paddedWide = header.mcusWide * h;
    paddedHigh = header.mcusHigh * v;
    width = (int) (((long) header.width * h + maxH - 1) / maxH);
    height = (int) (((long) header.height * v + maxV - 1) / maxV);
    stride = 8 * (paddedWide + 1 & ~1);
    quantKnown = false;
    Arrays.fill(quant, 0);
    Arrays.fill(known, -1);
    Arrays.fill(knownBefore, 0);
  }
}
