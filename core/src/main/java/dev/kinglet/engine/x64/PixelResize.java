package dev.kinglet.engine.x64;

/** Pillow's fixed-point resize, across and down, and the scaling of pixels to float32. */
final class PixelResize extends PixelWriter {
  private static final int PRECISION = 22;

  /** Bits of a weight that make one word; what is above them makes another, with its sign. */
  static final int LOWER = 12;

  /**
   * One row of the horizontal pass. RDI: the row's RGB. RSI: for each output the byte where its
   * input starts. RDX: for each output and four taps, as pairs of words, the lower {@link #LOWER}
   * bits of the weights, four times the first two and four times the others, and then the upper
   * bits alike. RCX: RGB, two bytes more. R8: outputs. R9: fours of taps.
   *
   * <p>A product of 16-bit words, added in pairs, does the work of two 32-bit products; the two
   * sums joined are the exact one.
   */
  byte[] across() {
    begin();
    constants();
    int loop = here();
    load32(RAX, RSI, NONE, 1, 0);
    lea(R10, RDI, RAX, 1, 0);
    mov(RAX, R9);
    v(PXOR, YMM, 0, 0, 0);
    v(PXOR, YMM, 1, 1, 1);
    int taps = here();
    vLoad(BROADCASTF128, YMM, 2, R10, 0);
    v(PSHUFB, YMM, 2, 2, 15);
    vMem(PMADDWD, YMM, 3, 2, RDX, 0);
    vMem(PMADDWD, YMM, 2, 2, RDX, 32);
    v(PADDD, YMM, 0, 0, 3);
    v(PADDD, YMM, 1, 1, 2);
    add(R10, 12);
    add(RDX, 64);
    dec(RAX);
    jumpIf(NOT_EQUAL, taps);
    vShift(SHIFT_DWORDS, LEFT, YMM, 1, 1, LOWER);
    v(PADDD, YMM, 0, 0, 1);
    v2Imm(EXTRACTI128, YMM, 0, 1, 1);
    v(PADDD, XMM, 0, 0, 1);
    v(PADDD, XMM, 0, 0, 14);
    vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, XMM, 0, 0, PRECISION);
    v(PACKSSDW, XMM, 0, 0, 0);
    v(PACKUSWB, XMM, 0, 0, 0);
    vStore(MOVD_STORE, XMM, RCX, 0, 0);
    add(RSI, 4);
    add(RCX, 3);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    return end();
  }

  /** As {@link #across()}, four outputs at a time; R8: fours of outputs. */
  byte[] acrossByFour(int fours) {
    begin();
    constants();
    int loop = here();
    for (int output = 0; output < 4; output++) {
      int sum = 4 + output;
      load32(RAX, RSI, NONE, 1, 4 * output);
      for (int four = 0; four < fours; four++) {
        int weights = 64 * (output * fours + four);
        int lower = four == 0 ? sum : 2;
        int upper = four == 0 ? 1 : 3;
        vLoad(BROADCASTF128, YMM, 0, RDI, RAX, 1, 12 * four);
        v(PSHUFB, YMM, 0, 0, 15);
        vMem(PMADDWD, YMM, lower, 0, RDX, weights);
        vMem(PMADDWD, YMM, upper, 0, RDX, weights + 32);
        if (four > 0) {
          v(PADDD, YMM, sum, sum, lower);
          v(PADDD, YMM, 1, 1, upper);
        }
      }
      vShift(SHIFT_DWORDS, LEFT, YMM, 1, 1, LOWER);
      v(PADDD, YMM, sum, sum, 1);
    }
    // The halves of outputs 0 and 2, and of 1 and 3: so the words come out in order.
    for (int output = 0; output < 2; output++) {
      vImm(PERM2F128, YMM, output, 4 + output, 6 + output, 0x20);
      vImm(PERM2F128, YMM, 2 + output, 4 + output, 6 + output, 0x31);
      v(PADDD, YMM, output, output, 2 + output);
      v(PADDD, YMM, output, output, 14);
      vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, YMM, output, output, PRECISION);
    }
    v(PACKSSDW, YMM, 0, 0, 1);
    v(PACKUSWB, YMM, 0, 0, 0);
    v(PSHUFB, YMM, 0, 0, 13);
    vStore(MOVQ_STORE, XMM, RCX, 0, 0);
    v2Imm(EXTRACTI128, YMM, 0, 1, 1);
    vStore(MOVQ_STORE, XMM, RCX, 6, 1);
    add(RSI, 16);
    add(RDX, 256 * fours);
    add(RCX, 12);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    return end();
  }

  /** Half a unit in register 14, the order of four pixels' samples in 15, of two outputs' in 13. */
  private void constants() {
    int rounding = all(1 << PRECISION - 1);
    int first = bytes(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
    int second = bytes(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
    int close = bytes(0, 1, 2, 4, 5, 6, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    pool();
    vLoad(MOVDQU_LOAD, YMM, 13, POOL, close);
    vLoad(MOVDQU_LOAD, YMM, 14, POOL, rounding);
    vLoad(MOVDQU_LOAD, XMM, 15, POOL, first);
    vMem(INSERTI128, YMM, 15, 15, POOL, second);
    byte1(1);
  }

  /**
   * One row of the vertical pass. RDI: the first input row. RSI: the weights. RDX: output. RCX:
   * taps, as a number. R8: groups of 32 samples. R9: bytes from row to row.
   */
  byte[] down() {
    begin();
    int half = all(1 << PRECISION - 1);
    int order = eight(0, 4, 1, 5, 2, 6, 3, 7);
    pool();
    vLoad(MOVDQU_LOAD, YMM, 14, POOL, half);
    vLoad(MOVDQU_LOAD, YMM, 15, POOL, order);
    push(RBX);
    int loop = here();
    for (int i = 0; i < 4; i++) {
      v2(MOVDQU_LOAD, YMM, i, 14);
    }
    mov(R10, RDI);
    mov(RBX, RSI);
    mov(RAX, RCX);
    int taps = here();
    vLoad(PBROADCASTD, YMM, 8, RBX, 0);
    for (int i = 0; i < 4; i++) {
      vLoad(PMOVZXBD, YMM, 4 + i, R10, 8 * i);
      v(PMULLD, YMM, 4 + i, 4 + i, 8);
      v(PADDD, YMM, i, i, 4 + i);
    }
    op(ADD, R10, R9);
    add(RBX, 4);
    dec(RAX);
    jumpIf(NOT_EQUAL, taps);
    for (int i = 0; i < 4; i++) {
      vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, YMM, i, i, PRECISION);
    }
    v(PACKSSDW, YMM, 0, 0, 1);
    v(PACKSSDW, YMM, 2, 2, 3);
    v(PACKUSWB, YMM, 0, 0, 2);
    v(PERMD, YMM, 0, 15, 0);
    vStore(MOVDQU_STORE, YMM, RDX, 0, 0);
    add(RDI, 32);
    add(RDX, 32);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    pop(RBX);
    return end();
  }

  /**
   * Interleaved RGB to three planes of {@code (v / divisor - mean) / std}. RDI: RGB, 4 bytes more.
   * RSI: divisor, three means, three deviations. RDX: floats. R8: groups of 8 pixels. R9: bytes
   * from plane to plane.
   */
  byte[] scale(boolean bgr) {
    begin();
    int[] pick = new int[3];
    for (int c = 0; c < 3; c++) {
      pick[c] = bytes(c, -1, -1, -1, c + 3, -1, -1, -1, c + 6, -1, -1, -1, c + 9, -1, -1, -1);
    }
    pool();
    for (int i = 0; i < 7; i++) {
      vLoad(BROADCASTSS, YMM, 8 + i, RSI, 4 * i);
    }
    int loop = here();
    vLoad(MOVDQU_LOAD, XMM, 0, RDI, 0);
    vMem(INSERTI128, YMM, 0, 0, RDI, 12);
    byte1(1);
    mov(R10, RDX);
    for (int c = 0; c < 3; c++) {
      vMem(PSHUFB, YMM, 1, 0, POOL, pick[bgr ? 2 - c : c]);
      v2(CVTDQ2PS, YMM, 1, 1);
      v(DIVPS, YMM, 1, 1, 8);
      v(SUBPS, YMM, 1, 1, 9 + c);
      v(DIVPS, YMM, 1, 1, 12 + c);
      vStore(MOVUPS_STORE, YMM, R10, 0, 1);
      op(ADD, R10, R9);
    }
    add(RDI, 24);
    add(RDX, 32);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    return end();
  }
}
