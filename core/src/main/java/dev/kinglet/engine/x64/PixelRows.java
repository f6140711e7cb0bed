package dev.kinglet.engine.x64;

/** Rows of JPEG samples to rows of pixels: triangle upsampling and colour conversion. */
final class PixelRows extends PixelWriter {
  /**
   * {@code 3 * near + far} or, without far, the samples themselves, as words. RDI: near. RSI: far.
   * RDX: words. R8: groups of 16.
   */
  byte[] sums(boolean two) {
    begin();
    int loop = here();
    vLoad(PMOVZXBW, YMM, 0, RDI, 0);
    if (two) {
      vLoad(PMOVZXBW, YMM, 1, RSI, 0);
      v(PADDW, YMM, 1, 1, 0);
      v(PADDW, YMM, 0, 0, 0);
      v(PADDW, YMM, 0, 0, 1);
      add(RSI, 16);
    }
    vStore(MOVDQU_STORE, YMM, RDX, 0, 0);
    add(RDI, 16);
    add(RDX, 32);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    return end();
  }

  /**
   * Two samples for each word s: {@code (3 s + before + even) >> shift} and {@code (3 s + after +
   * odd) >> shift}. RDI: words, one more at either end. RDX: bytes. R8: groups of 16 words.
   */
  byte[] spread(int even, int odd, int shift) {
    begin();
    int evenRound = pairs(even, even);
    int oddRound = pairs(odd, odd);
    pool();
    vLoad(MOVDQU_LOAD, YMM, 8, POOL, evenRound);
    vLoad(MOVDQU_LOAD, YMM, 9, POOL, oddRound);
    int loop = here();
    vLoad(MOVDQU_LOAD, YMM, 0, RDI, 0);
    v(PADDW, YMM, 1, 0, 0);
    v(PADDW, YMM, 0, 0, 1);
    vMem(PADDW, YMM, 1, 0, RDI, 2);
    vMem(PADDW, YMM, 0, 0, RDI, -2);
    v(PADDW, YMM, 0, 0, 8);
    v(PADDW, YMM, 1, 1, 9);
    vShift(SHIFT_WORDS, LOGICAL_RIGHT, YMM, 0, 0, shift);
    vShift(SHIFT_WORDS, LOGICAL_RIGHT, YMM, 1, 1, shift);
    vShift(SHIFT_WORDS, LEFT, YMM, 1, 1, 8);
    v(POR, YMM, 0, 0, 1);
    vStore(MOVDQU_STORE, YMM, RDX, 0, 0);
    add(RDI, 32);
    add(RDX, 32);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    return end();
  }

  /**
   * JFIF's YCbCr to interleaved RGB. RDI: Y. RSI: Cb. RDX: Cr. RCX: RGB. R8: groups of 16 pixels.
   *
   * <p>16-bit forms of the products by 1.402, 1.772, 0.34414 and 0.71414 in 1/65536: whole
   * multiples are added apart so that what is left fits a signed word, and half a unit of rounding
   * is kept by multiplying twice the sample and halving after.
   */
  byte[] colour() {
    begin();
    int centre = pairs(-128, -128);
    int red = pairs(26345, 26345);
    int blue = pairs(-14942, -14942);
    int green = pairs(-22554, 18734);
    int half = all(32768);
    int one = pairs(1, 1);
    int redGreenLow = bytes(0, 8, -1, 1, 9, -1, 2, 10, -1, 3, 11, -1, 4, 12, -1, 5);
    int blueLow = bytes(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1);
    int redGreenHigh = bytes(13, -1, 6, 14, -1, 7, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    int blueHigh = bytes(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, -1, -1, -1, -1, -1, -1);
    pool();
    int[] kept = {centre, red, blue, green, half, one, redGreenLow, blueLow};
    for (int i = 0; i < 8; i++) {
      vLoad(MOVDQU_LOAD, YMM, 8 + i, POOL, kept[i]);
    }
    int loop = here();
    vLoad(PMOVZXBW, YMM, 0, RDI, 0);
    vLoad(PMOVZXBW, YMM, 1, RSI, 0);
    vLoad(PMOVZXBW, YMM, 2, RDX, 0);
    v(PADDW, YMM, 1, 1, 8);
    v(PADDW, YMM, 2, 2, 8);
    // Green from the pairs (Cb, Cr).
    v(PUNPCKLWD, YMM, 3, 1, 2);
    v(PUNPCKHWD, YMM, 4, 1, 2);
    for (int r = 3; r < 5; r++) {
      v(PMADDWD, YMM, r, r, 11);
      v(PADDD, YMM, r, r, 12);
      vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, YMM, r, r, 16);
    }
    v(PACKSSDW, YMM, 3, 3, 4);
    v(PADDW, YMM, 3, 3, 0);
    v(PSUBW, YMM, 3, 3, 2);
    // Red.
    v(PADDW, YMM, 4, 2, 2);
    v(PMULHW, YMM, 4, 4, 9);
    v(PADDW, YMM, 4, 4, 13);
    vShift(SHIFT_WORDS, ARITHMETIC_RIGHT, YMM, 4, 4, 1);
    v(PADDW, YMM, 4, 4, 2);
    v(PADDW, YMM, 4, 4, 0);
    // Blue.
    v(PADDW, YMM, 5, 1, 1);
    v(PMULHW, YMM, 6, 5, 10);
    v(PADDW, YMM, 6, 6, 13);
    vShift(SHIFT_WORDS, ARITHMETIC_RIGHT, YMM, 6, 6, 1);
    v(PADDW, YMM, 6, 6, 5);
    v(PADDW, YMM, 6, 6, 0);
    // In each half: eight reds and eight greens; eight blues.
    v(PACKUSWB, YMM, 4, 4, 3);
    v(PACKUSWB, YMM, 6, 6, 6);
    v(PSHUFB, YMM, 0, 4, 14);
    v(PSHUFB, YMM, 1, 6, 15);
    v(POR, YMM, 0, 0, 1);
    vMem(PSHUFB, YMM, 2, 4, POOL, redGreenHigh);
    vMem(PSHUFB, YMM, 3, 6, POOL, blueHigh);
    v(POR, YMM, 2, 2, 3);
    vStore(MOVDQU_STORE, XMM, RCX, 0, 0);
    vStore(MOVQ_STORE, XMM, RCX, 16, 2);
    v2Imm(EXTRACTI128, YMM, 0, 1, 1);
    v2Imm(EXTRACTI128, YMM, 2, 3, 1);
    vStore(MOVDQU_STORE, XMM, RCX, 24, 1);
    vStore(MOVQ_STORE, XMM, RCX, 40, 3);
    add(RDI, 16);
    add(RSI, 16);
    add(RDX, 16);
    add(RCX, 48);
    dec(R8);
    jumpIf(NOT_EQUAL, loop);
    return end();
  }
}
