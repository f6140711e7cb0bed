package dev.kinglet.image;

/**
 * The inverse DCT of coefficients that no picture has: sums wrap in 16 bits and the first pass
 * saturates, as in libjpeg-turbo's vector code, so that broken files too look as elsewhere.
 */
final class WildDct {
  private WildDct() {}

  static void block(short[] in, int at, int[] work, byte[] out, int to, int stride) {
    for (int x = 0; x < 8; x++) {
      int i = at + x;
      pass(
          in[i],
          in[i + 8],
          in[i + 16],
          in[i + 24],
          in[i + 32],
          in[i + 40],
          in[i + 48],
          in[i + 56],
          11,
          work,
          x,
          8);
    }
    int[] row = new int[8];
    for (int y = 0; y < 8; y++) {
      int i = 8 * y;
      pass(
          work[i],
          work[i + 1],
          work[i + 2],
          work[i + 3],
          work[i + 4],
          work[i + 5],
          work[i + 6],
          work[i + 7],
          18,
          row,
          0,
          1);
      for (int x = 0; x < 8; x++) {
        out[to + y * stride + x] = InverseDct.clip(row[x] + 128);
      }
    }
  }

  private static void pass(
      int s0,
      int s1,
      int s2,
      int s3,
      int s4,
      int s5,
      int s6,
      int s7,
      int shift,
      int[] out,
      int at,
      int step) {
    int z1 = (s2 + s6) * InverseDct.C0541;
    int e2 = z1 - s6 * InverseDct.C1847;
    int e3 = z1 + s2 * InverseDct.C0765;
    int round = 1 << shift - 1;
    int e0 = ((short) (s0 + s4) << 13) + round;
    int e1 = ((short) (s0 - s4) << 13) + round;
    int sum3 = (short) (s7 + s3);
    int sum4 = (short) (s5 + s1);
    int z5 = (sum3 + sum4) * InverseDct.C1175;
    int z3 = z5 - sum3 * InverseDct.C1961;
    int z4 = z5 - sum4 * InverseDct.C0390;
    int y1 = (s7 + s1) * InverseDct.C0899;
    int y2 = (s5 + s3) * InverseDct.C2562;
    int o0 = s7 * InverseDct.C0298 - y1 + z3;
    int o1 = s5 * InverseDct.C2053 - y2 + z4;
    int o2 = s3 * InverseDct.C3072 - y2 + z3;
    int o3 = s1 * InverseDct.C1501 - y1 + z4;
    out[at] = saturate(e0 + e3 + o3 >> shift);
    out[at + 7 * step] = saturate(e0 + e3 - o3 >> shift);
    out[at + step] = saturate(e1 + e2 + o2 >> shift);
    out[at + 6 * step] = saturate(e1 + e2 - o2 >> shift);
    out[at + 2 * step] = saturate(e1 - e2 + o1 >> shift);
    out[at + 5 * step] = saturate(e1 - e2 - o1 >> shift);
    out[at + 3 * step] = saturate(e0 - e3 + o0 >> shift);
    out[at + 4 * step] = saturate(e0 - e3 - o0 >> shift);
  }

  private static int saturate(int value) {
    return Math.max(-32768, Math.min(32767, value));
  }
}
