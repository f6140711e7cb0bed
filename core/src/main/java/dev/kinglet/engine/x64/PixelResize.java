package dev.kinglet.engine.x64;

/** Pillow's fixed-point resize, across and down, and the scaling of pixels to float32. */
final class PixelResize {
  private static final int PRECISION = 22;

  private PixelResize() {}

  /**
   * One row of the horizontal pass. RDI: the row's RGB. RSI: for each output the byte where its
   * input starts. RDX: for each output and pair of taps eight weights, four times the first and
   * four times the second. RCX: RGB, one byte more. R8: outputs. R9: pairs of taps.
   */
  static byte[] across() {
    PixelWriter w = new PixelWriter();
    w.begin();
    int half = 1 << PRECISION - 1;
    int rounding = w.eight(half, half, half, half, 0, 0, 0, 0);
    int spread = w.bytes(0, 1, 2, -1, 3, 4, 5, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    w.pool();
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 14, PixelWriter.POOL, rounding);
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 15, PixelWriter.POOL, spread);
    int loop = w.here();
    w.load32(Assembler.RAX, Assembler.RSI, Assembler.NONE, 1, 0);
    w.lea(Assembler.R10, Assembler.RDI, Assembler.RAX, 1, 0);
    w.mov(Assembler.RAX, Assembler.R9);
    w.v2(Vectors.MOVDQU_LOAD, Vectors.YMM, 0, 14);
    int taps = w.here();
    w.vLoad(Vectors.MOVQ_LOAD, Vectors.XMM, 1, Assembler.R10, 0);
    w.v(Vectors.PSHUFB, Vectors.XMM, 1, 1, 15);
    w.v2(Vectors.PMOVZXBD, Vectors.YMM, 1, 1);
    w.vMem(Vectors.PMULLD, Vectors.YMM, 1, 1, Assembler.RDX, 0);
    w.v(Vectors.PADDD, Vectors.YMM, 0, 0, 1);
    w.add(Assembler.R10, 6);
    w.add(Assembler.RDX, 32);
    w.dec(Assembler.RAX);
    w.jumpIf(Assembler.NOT_EQUAL, taps);
    w.v2Imm(Vectors.EXTRACTI128, Vectors.YMM, 0, 1, 1);
    w.v(Vectors.PADDD, Vectors.XMM, 0, 0, 1);
    w.vShift(Vectors.SHIFT_DWORDS, Vectors.ARITHMETIC_RIGHT, Vectors.XMM, 0, 0, PRECISION);
    w.v(Vectors.PACKSSDW, Vectors.XMM, 0, 0, 0);
    w.v(Vectors.PACKUSWB, Vectors.XMM, 0, 0, 0);
    w.vStore(Vectors.MOVD_STORE, Vectors.XMM, Assembler.RCX, 0, 0);
    w.add(Assembler.RSI, 4);
    w.add(Assembler.RCX, 3);
    w.dec(Assembler.R8);
    w.jumpIf(Assembler.NOT_EQUAL, loop);
    return w.end();
  }

  /**
   * One row of the vertical pass. RDI: the first input row. RSI: the weights. RDX: output. RCX:
   * taps, as a number. R8: groups of 32 samples. R9: bytes from row to row.
   */
  static byte[] down() {
    PixelWriter w = new PixelWriter();
    w.begin();
    int half = w.all(1 << PRECISION - 1);
    int order = w.eight(0, 4, 1, 5, 2, 6, 3, 7);
    w.pool();
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 14, PixelWriter.POOL, half);
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 15, PixelWriter.POOL, order);
    w.push(Assembler.RBX);
    int loop = w.here();
    for (int i = 0; i < 4; i++) {
      w.v2(Vectors.MOVDQU_LOAD, Vectors.YMM, i, 14);
    }
    w.mov(Assembler.R10, Assembler.RDI);
    w.mov(Assembler.RBX, Assembler.RSI);
    w.mov(Assembler.RAX, Assembler.RCX);
    int taps = w.here();
    w.vLoad(Vectors.PBROADCASTD, Vectors.YMM, 8, Assembler.RBX, 0);
    for (int i = 0; i < 4; i++) {
      w.vLoad(Vectors.PMOVZXBD, Vectors.YMM, 4 + i, Assembler.R10, 8 * i);
      w.v(Vectors.PMULLD, Vectors.YMM, 4 + i, 4 + i, 8);
      w.v(Vectors.PADDD, Vectors.YMM, i, i, 4 + i);
    }
    w.op(Assembler.ADD, Assembler.R10, Assembler.R9);
    w.add(Assembler.RBX, 4);
    w.dec(Assembler.RAX);
    w.jumpIf(Assembler.NOT_EQUAL, taps);
    for (int i = 0; i < 4; i++) {
      w.vShift(Vectors.SHIFT_DWORDS, Vectors.ARITHMETIC_RIGHT, Vectors.YMM, i, i, PRECISION);
    }
    w.v(Vectors.PACKSSDW, Vectors.YMM, 0, 0, 1);
    w.v(Vectors.PACKSSDW, Vectors.YMM, 2, 2, 3);
    w.v(Vectors.PACKUSWB, Vectors.YMM, 0, 0, 2);
    w.v(Vectors.PERMD, Vectors.YMM, 0, 15, 0);
    w.vStore(Vectors.MOVDQU_STORE, Vectors.YMM, Assembler.RDX, 0, 0);
    w.add(Assembler.RDI, 32);
    w.add(Assembler.RDX, 32);
    w.dec(Assembler.R8);
    w.jumpIf(Assembler.NOT_EQUAL, loop);
    w.pop(Assembler.RBX);
    return w.end();
  }

  /**
   * Interleaved RGB to three planes of {@code (v / divisor - mean) / std}. RDI: RGB, 4 bytes more.
   * RSI: divisor, three means, three deviations. RDX: floats. R8: groups of 8 pixels. R9: bytes
   * from plane to plane.
   */
  static byte[] scale(boolean bgr) {
    PixelWriter w = new PixelWriter();
    w.begin();
    int[] pick = new int[3];
    for (int c = 0; c < 3; c++) {
      pick[c] = w.bytes(c, -1, -1, -1, c + 3, -1, -1, -1, c + 6, -1, -1, -1, c + 9, -1, -1, -1);
    }
    w.pool();
    for (int i = 0; i < 7; i++) {
      w.vLoad(Vectors.BROADCASTSS, Vectors.YMM, 8 + i, Assembler.RSI, 4 * i);
    }
    int loop = w.here();
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.XMM, 0, Assembler.RDI, 0);
    w.vMem(Vectors.INSERTI128, Vectors.YMM, 0, 0, Assembler.RDI, 12);
    w.byte1(1);
    w.mov(Assembler.R10, Assembler.RDX);
    for (int c = 0; c < 3; c++) {
      w.vMem(Vectors.PSHUFB, Vectors.YMM, 1, 0, PixelWriter.POOL, pick[bgr ? 2 - c : c]);
      w.v2(Vectors.CVTDQ2PS, Vectors.YMM, 1, 1);
      w.v(Vectors.DIVPS, Vectors.YMM, 1, 1, 8);
      w.v(Vectors.SUBPS, Vectors.YMM, 1, 1, 9 + c);
      w.v(Vectors.DIVPS, Vectors.YMM, 1, 1, 12 + c);
      w.vStore(Vectors.MOVUPS_STORE, Vectors.YMM, Assembler.R10, 0, 1);
      w.op(Assembler.ADD, Assembler.R10, Assembler.R9);
    }
    w.add(Assembler.RDI, 24);
    w.add(Assembler.RDX, 32);
    w.dec(Assembler.R8);
    w.jumpIf(Assembler.NOT_EQUAL, loop);
    return w.end();
  }
}
