package dev.kinglet.image;

/**
 * The accurate integer inverse DCT of libjpeg ("islow": Loeffler, Ligtenberg and Moschytz, 1989,
 * with 13-bit constants), as libjpeg-turbo's vector code rounds and saturates it.
 *
 * <p>Pass 1 goes down the columns and keeps two more bits, pass 2 along the rows.
 */
final class InverseDct {
  static final int C0298 = 2446;
  static final int C0390 = 3196;
  static final int C0541 = 4433;
  static final int C0765 = 6270;
  static final int C0899 = 7373;
  static final int C1175 = 9633;
  static final int C1501 = 12299;
  static final int C1847 = 15137;
  static final int C1961 = 16069;
  static final int C2053 = 16819;
  static final int C2562 = 20995;
  static final int C3072 = 25172;

  /** The last zigzag position whose coefficients all lie in the upper left 4 x 4. */
  private static final int QUARTER = 9;

  private static final int ROUND1 = 1 << 10;
  private static final int SHIFT1 = 11;

  /** Rounding of pass 2, and the 128 that samples are shifted by. */
  private static final int ROUND2 = (1 << 17) + (128 << 18);

  private static final int SHIFT2 = 18;

  private final int[] work = new int[64];

  /**
   * Turns blocks of dequantised coefficients, side by side, into samples.
   *
   * @param last for each block, the last zigzag position that is not zero, or {@link
   *     SequentialScan#WILD}
   */
  void blocks(
      short[] in, int at, byte[] last, int lastAt, int count, byte[] out, int to, int stride) {
    for (int b = 0; b < count; b++, at += 64, to += 8) {
      int end = last[lastAt + b];
      if (end == 0) {
        flat(in[at], out, to, stride);
      } else if (end <= QUARTER) {
        quarterColumns(in, at);
        quarterRows(out, to, stride);
      } else if (end < 64) {
        columns(in, at);
        rows(out, to, stride);
      } else {
        WildDct.block(in, at, work, out, to, stride);
      }
    }
  }

  /** Only the mean is not zero. */
  private static void flat(int mean, byte[] out, int to, int stride) {
    byte sample = clip((((short) (mean << 2)) + (1 << 4) >> 5) + 128);
    for (int y = 0; y < 8; y++, to += stride) {
      out[to] = sample;
      out[to + 1] = sample;
      out[to + 2] = sample;
      out[to + 3] = sample;
      out[to + 4] = sample;
      out[to + 5] = sample;
      out[to + 6] = sample;
      out[to + 7] = sample;
    }
  }

  private void columns(short[] in, int at) {
    int[] w = work;
    for (int x = 0; x < 8; x++) {
      int i = at + x;
      int s1 = in[i + 8];
      int s2 = in[i + 16];
      int s3 = in[i + 24];
      int s4 = in[i + 32];
      int s5 = in[i + 40];
      int s6 = in[i + 48];
      int s7 = in[i + 56];
      if ((s1 | s2 | s3 | s4 | s5 | s6 | s7) == 0) {
        int mean = in[i] << 2;
        w[x] = mean;
        w[x + 8] = mean;
        w[x + 16] = mean;
        w[x + 24] = mean;
        w[x + 32] = mean;
        w[x + 40] = mean;
        w[x + 48] = mean;
        w[x + 56] = mean;
        continue;
      }
      int z1 = (s2 + s6) * C0541;
      int e2 = z1 - s6 * C1847;
      int e3 = z1 + s2 * C0765;
      int e0 = (in[i] + s4 << 13) + ROUND1;
      int e1 = (in[i] - s4 << 13) + ROUND1;
      int z5 = (s7 + s3 + s5 + s1) * C1175;
      int z3 = z5 - (s7 + s3) * C1961;
      int z4 = z5 - (s5 + s1) * C0390;
      int y1 = (s7 + s1) * C0899;
      int y2 = (s5 + s3) * C2562;
      int o0 = s7 * C0298 - y1 + z3;
      int o1 = s5 * C2053 - y2 + z4;
      int o2 = s3 * C3072 - y2 + z3;
      int o3 = s1 * C1501 - y1 + z4;
      w[x] = e0 + e3 + o3 >> SHIFT1;
      w[x + 56] = e0 + e3 - o3 >> SHIFT1;
      w[x + 8] = e1 + e2 + o2 >> SHIFT1;
      w[x + 48] = e1 + e2 - o2 >> SHIFT1;
      w[x + 16] = e1 - e2 + o1 >> SHIFT1;
      w[x + 40] = e1 - e2 - o1 >> SHIFT1;
      w[x + 24] = e0 - e3 + o0 >> SHIFT1;
      w[x + 32] = e0 - e3 - o0 >> SHIFT1;
    }
  }

  private void rows(byte[] out, int to, int stride) {
    int[] w = work;
    for (int i = 0; i < 64; i += 8, to += stride) {
      int s1 = w[i + 1];
      int s2 = w[i + 2];
      int s3 = w[i + 3];
      int s4 = w[i + 4];
      int s5 = w[i + 5];
      int s6 = w[i + 6];
      int s7 = w[i + 7];
      int z1 = (s2 + s6) * C0541;
      int e2 = z1 - s6 * C1847;
      int e3 = z1 + s2 * C0765;
      int e0 = (w[i] + s4 << 13) + ROUND2;
      int e1 = (w[i] - s4 << 13) + ROUND2;
      int z5 = (s7 + s3 + s5 + s1) * C1175;
      int z3 = z5 - (s7 + s3) * C1961;
      int z4 = z5 - (s5 + s1) * C0390;
      int y1 = (s7 + s1) * C0899;
      int y2 = (s5 + s3) * C2562;
      int o0 = s7 * C0298 - y1 + z3;
      int o1 = s5 * C2053 - y2 + z4;
      int o2 = s3 * C3072 - y2 + z3;
      int o3 = s1 * C1501 - y1 + z4;
      out[to] = clip(e0 + e3 + o3 >> SHIFT2);
      out[to + 7] = clip(e0 + e3 - o3 >> SHIFT2);
      out[to + 1] = clip(e1 + e2 + o2 >> SHIFT2);
      out[to + 6] = clip(e1 + e2 - o2 >> SHIFT2);
      out[to + 2] = clip(e1 - e2 + o1 >> SHIFT2);
      out[to + 5] = clip(e1 - e2 - o1 >> SHIFT2);
      out[to + 3] = clip(e0 - e3 + o0 >> SHIFT2);
      out[to + 4] = clip(e0 - e3 - o0 >> SHIFT2);
    }
  }

  /** The columns of a block that is zero outside its upper left 4 x 4. */
  private void quarterColumns(short[] in, int at) {
    int[] w = work;
    for (int x = 0; x < 4; x++) {
      int i = at + x;
      int s1 = in[i + 8];
      int s2 = in[i + 16];
      int s3 = in[i + 24];
      int e2 = s2 * C0541;
      int e3 = s2 * (C0541 + C0765);
      int e0 = (in[i] << 13) + ROUND1;
      int z5 = (s3 + s1) * C1175;
      int o0 = z5 - s3 * C1961 - s1 * C0899;
      int o1 = z5 - s1 * C0390 - s3 * C2562;
      int o2 = z5 + s3 * (C3072 - C2562 - C1961);
      int o3 = z5 + s1 * (C1501 - C0899 - C0390);
      w[x] = e0 + e3 + o3 >> SHIFT1;
      w[x + 56] = e0 + e3 - o3 >> SHIFT1;
      w[x + 8] = e0 + e2 + o2 >> SHIFT1;
      w[x + 48] = e0 + e2 - o2 >> SHIFT1;
      w[x + 16] = e0 - e2 + o1 >> SHIFT1;
      w[x + 40] = e0 - e2 - o1 >> SHIFT1;
      w[x + 24] = e0 - e3 + o0 >> SHIFT1;
      w[x + 32] = e0 - e3 - o0 >> SHIFT1;
    }
  }

  private void quarterRows(byte[] out, int to, int stride) {
    int[] w = work;
    for (int i = 0; i < 64; i += 8, to += stride) {
      int s1 = w[i + 1];
      int s2 = w[i + 2];
      int s3 = w[i + 3];
      int e2 = s2 * C0541;
      int e3 = s2 * (C0541 + C0765);
      int e0 = (w[i] << 13) + ROUND2;
      int z5 = (s3 + s1) * C1175;
      int o0 = z5 - s3 * C1961 - s1 * C0899;
      int o1 = z5 - s1 * C0390 - s3 * C2562;
      int o2 = z5 + s3 * (C3072 - C2562 - C1961);
      int o3 = z5 + s1 * (C1501 - C0899 - C0390);
      out[to] = clip(e0 + e3 + o3 >> SHIFT2);
      out[to + 7] = clip(e0 + e3 - o3 >> SHIFT2);
      out[to + 1] = clip(e0 + e2 + o2 >> SHIFT2);
      out[to + 6] = clip(e0 + e2 - o2 >> SHIFT2);
      out[to + 2] = clip(e0 - e2 + o1 >> SHIFT2);
      out[to + 5] = clip(e0 - e2 - o1 >> SHIFT2);
      out[to + 3] = clip(e0 - e3 + o0 >> SHIFT2);
      out[to + 4] = clip(e0 - e3 - o0 >> SHIFT2);
    }
  }

  static byte clip(int sample) {
    return (byte) Math.max(0, Math.min(255, sample));
  }
}
