package dev.kinglet.engine.x64;

/** Pillow's fixed-point resize, across and down, and the scaling of pixels to float32. */
final class PixelResize extends PixelWriter {
  private static final int PRECISION = 22;

  /**
   * One row of the horizontal pass. RDI: the row's RGB. RSI: for each output the byte where its
   * input starts. RDX: for each output and pair of taps eight weights, four times the first and
   * four times the second. RCX: RGB, one byte more. R8: outputs. R9: pairs of taps.
   */
  byte[] across() {
    begin();
    int half = 1 << PRECISION - 1;
    int rounding = eight(half, half, half, half, 0, 0, 0, 0);
    int spread = bytes(0, 1, 2, -1, 3, 4, 5, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    pool();
    vLoad(MOVDQU_LOAD, YMM, 14, POOL, rounding);
    vLoad(MOVDQU_LOAD, YMM, 15, POOL, spread);
    int loop = here();
    load32(RAX, RSI, NONE, 1, 0);
    lea(R10, RDI, RAX, 1, 0);
    mov(RAX, R9);
    v2(MOVDQU_LOAD, YMM, 0, 14);
    int taps = here();
    vLoad(MOVQ_LOAD, XMM, 1, R10, 0);
    v(PSHUFB, XMM, 1, 1, 15);
    v2(PMOVZXBD, YMM, 1, 1);
    vMem(PMULLD, YMM, 1, 1, RDX, 0);
    v(PADDD, YMM, 0, 0, 1);
    add(R10, 6);
    add(RDX, 32);
    dec(RAX);
    jumpIf(NOT_EQUAL, taps);
    v2Imm(EXTRACTI128, YMM, 0, 1, 1);
    v(PADDD, XMM, 0, 0, 1);
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
