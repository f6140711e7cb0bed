package dev.kinglet.engine.x64;

/** Rows of JPEG samples to rows of pixels: triangle upsampling and colour conversion. */
final class PixelRows {
  private PixelRows() {}

  /**
   * {@code 3 * near + far} or, without far, the samples themselves, as words. RDI: near. RSI: far.
   * RDX: words. R8: groups of 16.
   */
  static byte[] sums(boolean two) {
    PixelWriter w = new PixelWriter();
    w.begin();
    int loop = w.here();
    w.vLoad(Vectors.PMOVZXBW, Vectors.YMM, 0, Assembler.RDI, 0);
    if (two) {
      w.vLoad(Vectors.PMOVZXBW, Vectors.YMM, 1, Assembler.RSI, 0);
      w.v(Vectors.PADDW, Vectors.YMM, 1, 1, 0);
      w.v(Vectors.PADDW, Vectors.YMM, 0, 0, 0);
      w.v(Vectors.PADDW, Vectors.YMM, 0, 0, 1);
      w.add(Assembler.RSI, 16);
    }
    w.vStore(Vectors.MOVDQU_STORE, Vectors.YMM, Assembler.RDX, 0, 0);
    w.add(Assembler.RDI, 16);
    w.add(Assembler.RDX, 32);
    w.dec(Assembler.R8);
    w.jumpIf(Assembler.NOT_EQUAL, loop);
    return w.end();
  }

  /**
   * Two samples for each word s: {@code (3 s + before + even) >> shift} and {@code (3 s + after +
   * odd) >> shift}. RDI: words, one more at either end. RDX: bytes. R8: groups of 16 words.
   */
  static byte[] spread(int even, int odd, int shift) {
    PixelWriter w = new PixelWriter();
    w.begin();
    int evenRound = w.pairs(even, even);
    int oddRound = w.pairs(odd, odd);
    w.pool();
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 8, PixelWriter.POOL, evenRound);
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 9, PixelWriter.POOL, oddRound);
    int loop = w.here();
    w.vLoad(Vectors.MOVDQU_LOAD, Vectors.YMM, 0, Assembler.RDI, 0);
    w.v(Vectors.PADDW, Vectors.YMM, 1, 0, 0);
    w.v(Vectors.PADDW, Vectors.YMM, 0, 0, 1);
    w.vMem(Vectors.PADDW, Vectors.YMM, 1, 0, Assembler.RDI, 2);
    w.vMem(Vectors.PADDW, Vectors.YMM, 0, 0, Assembler.RDI, -2);
    w.v(Vectors.PADDW, Vectors.YMM, 0, 0, 8);
    w.v(Vectors.PADDW, Vectors.YMM, 1, 1, 9);
    w.vShift(Vectors.SHIFT_WORDS, Vectors.LOGICAL_RIGHT, Vectors.YMM, 0, 0, shift);
    w.vShift(Vectors.SHIFT_WORDS, Vectors.LOGICAL_RIGHT, Vectors.YMM, 1, 1, shift);
    w.vShift(Vectors.SHIFT_WORDS, Vectors.LEFT, Vectors.YMM, 1, 1, 8);
    w.v(Vectors.POR, Vectors.YMM, 0, 0, 1);
    w.vStore(Vectors.MOVDQU_STORE, Vectors.YMM, Assembler.RDX, 0, 0);
    w.add(Assembler.RDI, 32);
    w.add(Assembler.RDX, 32);
    w.dec(Assembler.R8);
    w.jumpIf(Assembler.NOT_EQUAL, loop);
    return w.end();
  }

  /**
   * JFIF's YCbCr to interleaved RGB. RDI: Y. RSI: Cb. RDX: Cr. RCX: RGB. R8: groups of 16 pixels.
   *
   * <p>16-bit forms of the products by 1.402, 1.772, 0.34414 and 0.71414 in 1/65536: whole
   * multiples are added apart so that what is left fits a signed word, and half a unit of rounding
   * is kept by multiplying twice the sample and halving after.
   */
  static byte[] colour() {
    PixelWriter w = new PixelWriter();
    w.begin();
    int y = Vectors.YMM;
    int centre = w.pairs(-128, -128);
    int red = w.pairs(26345, 26345);
    int blue = w.pairs(-14942, -14942);
    int green = w.pairs(-22554, 18734);
    int half = w.all(32768);
    int one = w.pairs(1, 1);
    int redGreenLow = w.bytes(0, 8, -1, 1, 9, -1, 2, 10, -1, 3, 11, -1, 4, 12, -1, 5);
    int blueLow = w.bytes(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1);
    int redGreenHigh = w.bytes(13, -1, 6, 14, -1, 7, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    int blueHigh = w.bytes(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, -1, -1, -1, -1, -1, -1);
    w.pool();
    int[] kept = {centre, red, blue, green, half, one, redGreenLow, blueLow};
    for (int i = 0; i < 8; i++) {
      w.vLoad(Vectors.MOVDQU_LOAD, y, 8 + i, PixelWriter.POOL, kept[i]);
    }
    int loop = w.here();
    w.vLoad(Vectors.PMOVZXBW, y, 0, Assembler.RDI, 0);
    w.vLoad(Vectors.PMOVZXBW, y, 1, Assembler.RSI, 0);
    w.vLoad(Vectors.PMOVZXBW, y, 2, Assembler.RDX, 0);
    w.v(Vectors.PADDW, y, 1, 1, 8);
    w.v(Vectors.PADDW, y, 2, 2, 8);
    // Green from the pairs (Cb, Cr).
    w.v(Vectors.PUNPCKLWD, y, 3, 1, 2);
    w.v(Vectors.PUNPCKHWD, y, 4, 1, 2);
    for (int r = 3; r < 5; r++) {
      w.v(Vectors.PMADDWD, y, r, r, 11);
      w.v(Vectors.PADDD, y, r, r, 12);
      w.vShift(Vectors.SHIFT_DWORDS, Vectors.ARITHMETIC_RIGHT, y, r, r, 16);
    }
    w.v(Vectors.PACKSSDW, y, 3, 3, 4);
    w.v(Vectors.PADDW, y, 3, 3, 0);
    w.v(Vectors.PSUBW, y, 3, 3, 2);
    // Red.
    w.v(Vectors.PADDW, y, 4, 2, 2);
    w.v(Vectors.PMULHW, y, 4, 4, 9);
    w.v(Vectors.PADDW, y, 4, 4, 13);
    w.vShift(Vectors.SHIFT_WORDS, Vectors.ARITHMETIC_RIGHT, y, 4, 4, 1);
    w.v(Vectors.PADDW, y, 4, 4, 2);
    w.v(Vectors.PADDW, y, 4, 4, 0);
    // Blue.
    w.v(Vectors.PADDW, y, 5, 1, 1);
    w.v(Vectors.PMULHW, y, 6, 5, 10);
    w.v(Vectors.PADDW, y, 6, 6, 13);
    w.vShift(Vectors.SHIFT_WORDS, Vectors.ARITHMETIC_RIGHT, y, 6, 6, 1);
    w.v(Vectors.PADDW, y, 6, 6, 5);
    w.v(Vectors.PADDW, y, 6, 6, 0);
    // In each half: eight reds and eight greens; eight blues.
    w.v(Vectors.PACKUSWB, y, 4, 4, 3);
    w.v(Vectors.PACKUSWB, y, 6, 6, 6);
    w.v(Vectors.PSHUFB, y, 0, 4, 14);
    w.v(Vectors.PSHUFB, y, 1, 6, 15);
    w.v(Vectors.POR, y, 0, 0, 1);
    w.vMem(Vectors.PSHUFB, y, 2, 4, PixelWriter.POOL, redGreenHigh);
    w.vMem(Vectors.PSHUFB, y, 3, 6, PixelWriter.POOL, blueHigh);
    w.v(Vectors.POR, y, 2, 2, 3);
    w.vStore(Vectors.MOVDQU_STORE, Vectors.XMM, Assembler.RCX, 0, 0);
    w.vStore(Vectors.MOVQ_STORE, Vectors.XMM, Assembler.RCX, 16, 2);
    w.v2Imm(Vectors.EXTRACTI128, y, 0, 1, 1);
    w.v2Imm(Vectors.EXTRACTI128, y, 2, 3, 1);
    w.vStore(Vectors.MOVDQU_STORE, Vectors.XMM, Assembler.RCX, 24, 1);
    w.vStore(Vectors.MOVQ_STORE, Vectors.XMM, Assembler.RCX, 40, 3);
    w.add(Assembler.RDI, 16);
    w.add(Assembler.RSI, 16);
    w.add(Assembler.RDX, 16);
    w.add(Assembler.RCX, 48);
    w.dec(Assembler.R8);
    w.jumpIf(Assembler.NOT_EQUAL, loop);
    return w.end();
  }
}
