package dev.kinglet.image;

/** Decodes the blocks of a baseline or extended scan: every coefficient of a block at once. */
final class SequentialScan {
  /**
   * A block whose dequantised coefficients have no larger sum of magnitudes cannot overflow 16 bits
   * in the inverse transform: each pass grows a column's or row's sum by at most 5.55.
   */
  static final int TAME = 5900;

  /** Stands for a block that may overflow; otherwise a block's last zigzag position is kept. */
  static final byte WILD = 127;

  private SequentialScan() {}

  /**
   * Decodes one block: coefficients times {@code quant} into 64 zeroed shorts in natural order.
   *
   * @return the last zigzag position that is not zero, or {@link #WILD}
   */
  static int block(
      JpegBits in,
      HuffmanTable dc,
      HuffmanTable ac,
      int[] quant,
      JpegComponent component,
      short[] out,
      int at) {
    if (in.bits < 32) {
      in.refill();
    }
    long buffer = in.buffer;
    int bits = in.bits;
    int entry = dc.look[(int) (buffer >>> 64 - HuffmanTable.LOOK)];
    if (entry >> 16 != 0) {
      buffer <<= entry;
      bits -= entry & 0xFF;
      component.prediction += entry >> 16;
    } else {
      if (entry == 0) {
        entry = dc.longCode((int) (buffer >>> 48));
      }
      buffer <<= entry;
      bits -= entry & 0xFF;
      int size = entry >> 8;
      if (size > 0) {
        component.prediction += HuffmanTable.extend((int) (buffer >>> 64 - size), size);
        buffer <<= size;
        bits -= size;
      }
    }
    int value = (short) component.prediction * quant[0];
    out[at] = (short) value;
    long sum = Math.abs(value);
    int last = 0;
    int[] look = ac.look;
    int[] zigzag = JpegHeader.ZIGZAG;
    for (int k = 1; k < 64; k++) {
      if (bits < 32) {
        in.buffer = buffer;
        in.bits = bits;
        in.refill();
        buffer = in.buffer;
        bits = in.bits;
      }
      entry = look[(int) (buffer >>> 64 - HuffmanTable.LOOK)];
      int coefficient = entry >> 16;
      if (coefficient != 0) {
        buffer <<= entry;
        bits -= entry & 0xFF;
        k += entry >> 8 & 0xFF;
      } else {
        if (entry == 0) {
          entry = ac.longCode((int) (buffer >>> 48));
        }
        buffer <<= entry;
        bits -= entry & 0xFF;
        int size = entry >> 8 & 15;
        if (size == 0) {
          if (entry >> 12 != 15) {
            break;
          }
          k += 15;
          continue;
        }
        k += entry >> 12;
        coefficient = HuffmanTable.extend((int) (buffer >>> 64 - size), size);
        buffer <<= size;
        bits -= size;
      }
      value = coefficient * quant[k];
      out[at + zigzag[k]] = (short) value;
      sum += Math.abs(value);
      last = k;
    }
    in.buffer = buffer;
    in.bits = bits;
    return sum > TAME ? WILD : Math.min(last, 63);
  }
}
