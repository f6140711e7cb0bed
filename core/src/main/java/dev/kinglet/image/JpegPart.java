package dev.kinglet.image;

/**
 * Which blocks and pixels of a JPEG are made: those of whole MCUs around what is wanted of it, with
 * the neighbours that upsampling looks at.
 */
final class JpegPart {
  /** How far upsampling looks, in pixels: one sample of a component of half the width or height. */
  private static final int REACH = 2;

  /** Columns that machine code turns into colours at once. */
  private static final int GROUP = 16;

  private final Part wanted = new Part();
  private int left;
  private int right;

  /** MCUs. */
  private int firstColumn;

  private int endColumn;
  private int firstRow;
  private int endRow;

  /** Takes what a geometry reads of the picture, or everything where that is null. */
  void start(JpegHeader header, Geometry reader) {
    int width = header.width;
    int height = header.height;
    if (reader == null) {
      wanted.all(width, height);
    } else {
      reader.part(width, height, wanted);
    }
    int wide = 8 * header.maxH;
    int unit = wide % GROUP == 0 ? wide : wide * GROUP / 8;
    int high = 8 * header.maxV;
    left = Math.max(0, wanted.left() - REACH) / unit * unit;
    long end = (wanted.right() + REACH + unit - 1L) / unit * unit;
    right = (int) Math.min(end, width);
    firstColumn = left / wide;
    endColumn = right == width ? header.mcusWide : right / wide;
    firstRow = Math.max(0, wanted.top() - REACH) / high;
    endRow = (int) Math.min(header.mcusHigh, (wanted.bottom() + REACH + high - 1L) / high);
  }

  /** The first column of pixels that is made, where an MCU begins. */
  int left() {
    return left;
  }

  /** The column after the last that is made. */
  int right() {
    return right;
  }

  /** The first row of pixels that is made. */
  int top() {
    return wanted.top();
  }

  /** The row after the last that is made. */
  int bottom() {
    return wanted.bottom();
  }

  /** The first MCU of each row that is made. */
  int firstColumn() {
    return firstColumn;
  }

  /** The MCU of each row after the last that is made. */
  int endColumn() {
    return endColumn;
  }

  /** Whether a row of a component's blocks is made. */
  boolean hasRow(JpegComponent c, int row) {
    return row >= firstRow * c.v && row < endRow(c);
  }

  /** The row of MCUs after the last that is made. */
  int endRow() {
    return endRow;
  }

  /** The row of a component's blocks after the last that is made. */
  int endRow(JpegComponent c) {
    return Math.min(endRow * c.v, c.blocksHigh);
  }

  /** The first block of each row of a component that is made. */
  int firstBlock(JpegComponent c) {
    return firstColumn * c.h;
  }

  /** The block of each row of a component after the last that is made. */
  int endBlock(JpegComponent c) {
    return Math.min(endColumn * c.h, c.blocksWide);
  }
}
