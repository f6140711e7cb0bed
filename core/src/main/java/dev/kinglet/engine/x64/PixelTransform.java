package dev.kinglet.engine.x64;

/**
 * JPEG's accurate integer inverse DCT for two blocks at once, one in each half of a vector: the
 * arithmetic of {@code dev.kinglet.image.InverseDct} in 16-bit words with 32-bit sums.
 *
 * <p>RDI: coefficients, 64 words a block. RSI: a byte for each block, 0 if only its mean is not
 * zero. RDX: samples. R8: pairs of blocks. R9: bytes from row to row of samples.
 */
final class PixelTransform extends PixelWriter {
  /** Where pass results lie before they are transposed: row 0 to row 7. */
  private static final int[] ROWS = {14, 8, 12, 10, 11, 13, 9, 15};

  private final int e2 = pairs(4433, 4433 - 15137);
  private final int e3 = pairs(4433 + 6270, 4433);
  private final int z3 = pairs(9633 - 16069, 9633);
  private final int z4 = pairs(9633, 9633 - 3196);
  private final int o0 = pairs(2446 - 7373, -7373);
  private final int o3 = pairs(-7373, 12299 - 7373);
  private final int o1 = pairs(16819 - 20995, -20995);
  private final int o2 = pairs(-20995, 25172 - 20995);
  private final int round1 = all(1 << 10);
  private final int round2 = all(1 << 17);
  private final int shift128 = all(0x80808080);
  private final int one = pairs(1, 1);

  byte[] write() {
    begin();
    opImm(SUB, RSP, 256);
    pool();
    int loop = here();
    int flat = label();
    int next = label();
    zero(RAX);
    load8(RAX, RSI, NONE, 1, 0);
    load8(R10, RSI, NONE, 1, 1);
    op(OR, RAX, R10);
    jumpIf(EQUAL, flat);
    for (int row = 0; row < 8; row++) {
      vLoad(MOVDQU_LOAD, XMM, row, RDI, 16 * row);
      vMem(INSERTI128, YMM, row, row, RDI, 128 + 16 * row);
      byte1(1);
    }
    pass(round1, 11);
    transpose();
    pass(round2, 18);
    transpose();
    samples();
    jump(next);
    place(flat);
    flat();
    place(next);
    add(RDI, 256);
    add(RSI, 2);
    add(RDX, 16);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    opImm(ADD, RSP, 256);
    return end();
  }

  /** One dimension, from registers 0 to 7 to {@link #ROWS}. */
  private void pass(int round, int shift) {
    v(PUNPCKLWD, YMM, 8, 2, 6);
    v(PUNPCKHWD, YMM, 9, 2, 6);
    vMem(PMADDWD, YMM, 10, 8, POOL, e3);
    vMem(PMADDWD, YMM, 11, 9, POOL, e3);
    vMem(PMADDWD, YMM, 8, 8, POOL, e2);
    vMem(PMADDWD, YMM, 9, 9, POOL, e2);
    v(PADDW, YMM, 2, 0, 4);
    v(PSUBW, YMM, 6, 0, 4);
    v(PXOR, YMM, 12, 12, 12);
    // A word in the upper half of a double word, shifted down by 3, is the word times 2^13.
    v(PUNPCKLWD, YMM, 0, 12, 2);
    v(PUNPCKHWD, YMM, 4, 12, 2);
    v(PUNPCKLWD, YMM, 2, 12, 6);
    v(PUNPCKHWD, YMM, 6, 12, 6);
    for (int r : new int[] {0, 4, 2, 6}) {
      vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, YMM, r, r, 3);
      vMem(PADDD, YMM, r, r, POOL, round);
    }
    sumAndDifference(0, 10, 0, 6);
    sumAndDifference(4, 11, 1, 7);
    sumAndDifference(2, 8, 2, 4);
    sumAndDifference(6, 9, 3, 5);
    v(PADDW, YMM, 8, 7, 3);
    v(PADDW, YMM, 9, 5, 1);
    v(PUNPCKLWD, YMM, 10, 8, 9);
    v(PUNPCKHWD, YMM, 11, 8, 9);
    vMem(PMADDWD, YMM, 12, 10, POOL, z3);
    vMem(PMADDWD, YMM, 13, 11, POOL, z3);
    vMem(PMADDWD, YMM, 10, 10, POOL, z4);
    vMem(PMADDWD, YMM, 11, 11, POOL, z4);
    v(PUNPCKLWD, YMM, 8, 7, 1);
    v(PUNPCKHWD, YMM, 9, 7, 1);
    vMem(PMADDWD, YMM, 0, 8, POOL, o0);
    vMem(PMADDWD, YMM, 2, 9, POOL, o0);
    v(PADDD, YMM, 0, 0, 12);
    v(PADDD, YMM, 2, 2, 13);
    vMem(PMADDWD, YMM, 8, 8, POOL, o3);
    vMem(PMADDWD, YMM, 9, 9, POOL, o3);
    v(PADDD, YMM, 8, 8, 10);
    v(PADDD, YMM, 9, 9, 11);
    v(PUNPCKLWD, YMM, 4, 5, 3);
    v(PUNPCKHWD, YMM, 6, 5, 3);
    vMem(PMADDWD, YMM, 14, 4, POOL, o1);
    vMem(PMADDWD, YMM, 15, 6, POOL, o1);
    v(PADDD, YMM, 10, 10, 14);
    v(PADDD, YMM, 11, 11, 15);
    vMem(PMADDWD, YMM, 14, 4, POOL, o2);
    vMem(PMADDWD, YMM, 15, 6, POOL, o2);
    v(PADDD, YMM, 12, 12, 14);
    v(PADDD, YMM, 13, 13, 15);
    outputs(0, 8, 9, shift, ROWS[0], ROWS[7]);
    outputs(2, 12, 13, shift, ROWS[1], ROWS[6]);
    outputs(4, 10, 11, shift, ROWS[2], ROWS[5]);
    outputs(6, 0, 2, shift, ROWS[3], ROWS[4]);
  }

  /** Sum and difference of two registers to places of the stack. */
  private void sumAndDifference(int a, int b, int sum, int difference) {
    v(PADDD, YMM, 12, a, b);
    vStore(MOVDQU_STORE, YMM, RSP, 32 * sum, 12);
    v(PSUBD, YMM, a, a, b);
    vStore(MOVDQU_STORE, YMM, RSP, 32 * difference, a);
  }

  /** Even part of the stack plus and minus the odd part, scaled back to words. */
  private void outputs(int even, int oddLow, int oddHigh, int shift, int plus, int minus) {
    vLoad(MOVDQU_LOAD, YMM, 1, RSP, 32 * even);
    v(PADDD, YMM, 3, 1, oddLow);
    v(PSUBD, YMM, 1, 1, oddLow);
    vLoad(MOVDQU_LOAD, YMM, 5, RSP, 32 * even + 32);
    v(PADDD, YMM, 7, 5, oddHigh);
    v(PSUBD, YMM, 5, 5, oddHigh);
    for (int r : new int[] {3, 7, 1, 5}) {
      vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, YMM, r, r, shift);
    }
    v(PACKSSDW, YMM, plus, 3, 7);
    v(PACKSSDW, YMM, minus, 1, 5);
  }

  /** 8 x 8 words in each half, from {@link #ROWS} to registers 0 to 7. */
  private void transpose() {
    for (int i = 0; i < 4; i++) {
      v(PUNPCKLWD, YMM, 2 * i, ROWS[2 * i], ROWS[2 * i + 1]);
      v(PUNPCKHWD, YMM, 2 * i + 1, ROWS[2 * i], ROWS[2 * i + 1]);
    }
    for (int i = 0; i < 4; i++) {
      int a = 4 * (i >> 1) + (i & 1);
      v(PUNPCKLDQ, YMM, 8 + 2 * i, a, a + 2);
      v(PUNPCKHDQ, YMM, 9 + 2 * i, a, a + 2);
    }
    for (int i = 0; i < 4; i++) {
      v(PUNPCKLQDQ, YMM, 2 * i, 8 + i, 12 + i);
      v(PUNPCKHQDQ, YMM, 2 * i + 1, 8 + i, 12 + i);
    }
  }

  /** Rows of words in registers 0 to 7 to bytes, both blocks side by side. */
  private void samples() {
    mov(R10, RDX);
    for (int i = 0; i < 8; i += 2) {
      v(PACKSSWB, YMM, i, i, i + 1);
      vMem(PADDB, YMM, i, i, POOL, shift128);
      v2Imm(PERMQ, YMM, i, i, 0xD8);
      vStore(MOVDQU_STORE, XMM, R10, 0, i);
      op(ADD, R10, R9);
      v2Imm(EXTRACTI128, YMM, i, i + 1, 1);
      vStore(MOVDQU_STORE, XMM, R10, 0, i + 1);
      op(ADD, R10, R9);
    }
  }

  private void flat() {
    vLoad(PBROADCASTW, XMM, 0, RDI, 0);
    vLoad(PBROADCASTW, XMM, 1, RDI, 128);
    vImm(INSERTI128, YMM, 0, 0, 1, 1);
    vShift(SHIFT_WORDS, LEFT, YMM, 0, 0, 2);
    // (x + 16) >> 5 without leaving 16 bits.
    vShift(SHIFT_WORDS, ARITHMETIC_RIGHT, YMM, 0, 0, 4);
    vMem(PADDW, YMM, 0, 0, POOL, one);
    vShift(SHIFT_WORDS, ARITHMETIC_RIGHT, YMM, 0, 0, 1);
    v(PACKSSWB, YMM, 0, 0, 0);
    vMem(PADDB, YMM, 0, 0, POOL, shift128);
    v2Imm(PERMQ, YMM, 0, 0, 0x08);
    mov(R10, RDX);
    for (int row = 0; row < 8; row++) {
      vStore(MOVDQU_STORE, XMM, R10, 0, 0);
      op(ADD, R10, R9);
    }
  }
}
