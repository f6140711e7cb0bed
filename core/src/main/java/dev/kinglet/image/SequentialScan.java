package dev.kinglet.image;

import dev.kinglet.engine.x64.ScanState;
import java.nio.ByteBuffer;

/** Decodes the blocks of a baseline or extended scan: every coefficient of a block at once. */
final class SequentialScan {
  /** Stands for a block that may overflow; otherwise a block's last zigzag position is kept. */
  static final byte WILD = 127;

  private SequentialScan() {}

  /**
   * Where only the first row of a block is not zero, libjpeg-turbo takes four times its values in
   * 16 bits for the columns; values that this changes occur in broken files only.
   */
  static void wrapFirstRow(short[] block, int at) {
    for (int i = 8; i < 64; i++) {
      if (block[at + i] != 0) {
        return;
      }
    }
    for (int i = 0; i < 8; i++) {
      block[at + i] = (short) ((short) (block[at + i] << 2) >> 2);
    }
  }

  /**
   * Decodes one block: coefficients times the step's size into 64 zeroed shorts in natural order.
   *
   * @param steps for each zigzag position, the dequantisation (upper bits) and the natural position
   *     (lower 8 bits), as {@link JpegComponent#steps}
   * @return the last zigzag position that is not zero, or {@link #WILD}
   */
  static int block(
      JpegBits in,
      HuffmanTable dc,
      HuffmanTable ac,
      int[] steps,
      JpegComponent component,
      short[] out,
      int at) {
    if (in.bits < 32) {
      in.refill();
    }
    long buffer = in.buffer;
    int bits = in.bits;
    int entry = dc.entry(buffer);
    if ((entry & HuffmanTable.SIZE) != 0) {
      component.prediction += HuffmanTable.extend(buffer << (entry >> 8), entry >> 16);
    }
    buffer <<= entry;
    bits -= entry & 0xFF;
    int value = (short) component.prediction * (steps[0] >> 8);
    out[at] = (short) value;
    int sum = Math.abs(value);
    int last = 0;
    int[] look = ac.words;
    boolean full = false;
    ByteBuffer words = in.words;
    int next8 = in.at();
    int lastWord = in.lastWord();
    for (int k = 1; k < 64; k++) {
      // 57 bits are enough for two codes of which one is found in the table; to refill before every
      // other one is a jump that processors foresee.
      if (!full) {
        long next;
        if (next8 <= lastWord && JpegBits.plain(next = words.getLong(next8))) {
          buffer |= next >>> bits;
          int taken = 63 - bits >> 3;
          next8 += taken;
          bits += taken << 3;
        } else {
          in.save(buffer, bits, next8);
          in.refill();
          buffer = in.buffer;
          bits = in.bits;
          next8 = in.at();
          lastWord = in.lastWord();
        }
      }
      full = !full;
      entry = look[(int) (buffer >>> 64 - HuffmanTable.LOOK)];
      if ((entry & HuffmanTable.SIZE) == 0) {
        if (entry == 0) {
          entry = ac.longCode((int) (buffer >>> 48));
          full = false;
        }
        if ((entry & HuffmanTable.SIZE) == 0) {
          buffer <<= entry;
          bits -= entry & 0xFF;
          if (entry >>> 24 != 15) {
            break;
          }
          k += 15;
          continue;
        }
      }
      k += entry >>> 24;
      // Shifts take the lower six bits of their count.
      int coefficient = HuffmanTable.extend(buffer << (entry >> 8), entry >> 16);
      buffer <<= entry;
      bits -= entry & 0xFF;
      int step = steps[k];
      value = coefficient * (step >> 8);
      out[at + (step & 0xFF)] = (short) value;
      sum += Math.abs(value);
      last = k;
    }
    in.save(buffer, bits, next8);
    if (sum > ScanState.TAME || sum < 0) {
      wrapFirstRow(out, at);
      return last == 0 ? 0 : WILD;
    }
    return Math.min(last, 63);
  }
}
