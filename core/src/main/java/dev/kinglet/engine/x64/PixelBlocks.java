package dev.kinglet.engine.x64;

/**
 * The coefficients of a sequential JPEG scan from its bits, MCU after MCU: {@code
 * dev.kinglet.image.SequentialScan} in machine code.
 *
 * <p>Before an MCU that it cannot decode as a matter of course it stops, with everything as it was
 * before that MCU but for its coefficients: at a marker, near the file's end, and where
 * coefficients are so large that plain Java has to look at them. Of MCUs that nobody wants it reads
 * the bits only.
 *
 * <p>RDI: the file. RSI: 64 words a block. RDX: a byte a block for its last coefficient. RCX: a
 * {@link ScanState}. R8: MCUs. R9: the first one's place in the row.
 */
final class PixelBlocks extends PixelBits {
  private static final int OUT = RSI;
  private static final int STATE = RCX;
  private static final int TERM = RBX;
  private static final int SUM = RBP;
  private static final int STEPS = R13;

  /** The table of coefficients that lie whole in a look. */
  private static final int WHOLE = R14;

  private static final int BLOCK = R15;

  /** Places on the stack, behind those of the bits. */
  private static final int FILE = 32;

  private static final int BLOCKS = 40;
  private static final int LASTS = 48;
  private static final int COUNT = 56;
  private static final int PLACE = 64;
  private static final int BLOCKS_END = 72;
  private static final int THIS_BLOCK = 80;
  private static final int KEPT_BUFFER = 88;
  private static final int KEPT_BITS = 96;
  private static final int KEPT_IN = 104;
  private static final int DONE = 112;
  private static final int FRAME = 120;

  private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  byte[] write() {
    begin();
    for (int register : SAVED) {
      push(register);
    }
    opImm(SUB, RSP, FRAME);
    enter();
    int mcu = here();
    keep();
    int block = here();
    int unwanted = label();
    int blockDone = label();
    int next = label();
    load(RAX, RSP, PLACE);
    load32(RDX, STATE, NONE, 1, state(ScanState.FIRST));
    op(CMP, RAX, RDX);
    jumpIf(BELOW, unwanted);
    load32(RDX, STATE, NONE, 1, state(ScanState.END));
    op(CMP, RAX, RDX);
    jumpIf(ABOVE_EQUAL, unwanted);
    startBlock();
    dc(true);
    ac(true, blockDone);
    place(blockDone);
    endBlock();
    place(next);
    add(BLOCK, 4 * ScanState.BLOCK_WORDS);
    load(RAX, RSP, BLOCKS_END);
    op(CMP, BLOCK, RAX);
    jumpIf(BELOW, block);
    load(RAX, RSP, PLACE);
    inc(RAX);
    store(RSP, PLACE, RAX);
    load(RAX, RSP, DONE);
    inc(RAX);
    store(RSP, DONE, RAX);
    load(RAX, RSP, COUNT);
    dec(RAX);
    store(RSP, COUNT, RAX);
    jumpIf(NOT_EQUAL, mcu);
    int leave = here();
    leave();
    place(unusual);
    takeBack();
    jump(leave);
    place(unwanted);
    dc(false);
    ac(false, next);
    jump(next);
    writeRefill();
    writeLongCode();
    return finish();
  }

  private static int state(int word) {
    return 4 * word;
  }

  private void enter() {
    store(RSP, FILE, RDI);
    store(RSP, BLOCKS, RSI);
    store(RSP, LASTS, RDX);
    store(RSP, COUNT, R8);
    store(RSP, PLACE, R9);
    zero(RAX);
    store(RSP, DONE, RAX);
    movImm(RAX, 0x0101010101010101L);
    store(RSP, ONES, RAX);
    movImm(RAX, 0x8080808080808080L);
    store(RSP, TOPS, RAX);
    // Signed: in a short file both lie before its begin.
    loadSigned32(RAX, STATE, NONE, 1, state(ScanState.LAST_WORD));
    op(ADD, RAX, RDI);
    store(RSP, LAST_WORD, RAX);
    loadSigned32(RAX, STATE, NONE, 1, state(ScanState.LENGTH));
    op(ADD, RAX, RDI);
    store(RSP, FILE_END, RAX);
    load32(RAX, STATE, NONE, 1, state(ScanState.BLOCKS));
    imul(RAX, RAX, 4 * ScanState.BLOCK_WORDS);
    lea(RAX, STATE, RAX, 1, state(ScanState.BLOCK));
    store(RSP, BLOCKS_END, RAX);
    load(BUFFER, STATE, state(ScanState.BUFFER));
    load32(BITS, STATE, NONE, 1, state(ScanState.BITS));
    load32(RAX, STATE, NONE, 1, state(ScanState.AT));
    op(ADD, IN, RAX);
  }

  /** What an MCU that turns out to be unusual goes back to. */
  private void keep() {
    store(RSP, KEPT_BUFFER, BUFFER);
    store(RSP, KEPT_BITS, BITS);
    store(RSP, KEPT_IN, IN);
    vLoad(MOVDQU_LOAD, XMM, 0, STATE, state(ScanState.PREDICTIONS));
    vStore(MOVDQU_STORE, XMM, STATE, state(ScanState.KEPT), 0);
    lea(BLOCK, STATE, state(ScanState.BLOCK));
  }

  private void takeBack() {
    load(BUFFER, RSP, KEPT_BUFFER);
    load(BITS, RSP, KEPT_BITS);
    load(IN, RSP, KEPT_IN);
    vLoad(MOVDQU_LOAD, XMM, 0, STATE, state(ScanState.KEPT));
    vStore(MOVDQU_STORE, XMM, STATE, state(ScanState.PREDICTIONS), 0);
  }

  private void leave() {
    store(STATE, state(ScanState.BUFFER), BUFFER);
    store32(STATE, NONE, 1, state(ScanState.BITS), BITS);
    opLoad(SUB, IN, RSP, FILE);
    store32(STATE, NONE, 1, state(ScanState.AT), IN);
    load(RAX, RSP, DONE);
    store32(STATE, NONE, 1, state(ScanState.DONE), RAX);
    opImm(ADD, RSP, FRAME);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      pop(SAVED[i]);
    }
    vzeroupper();
    ret();
  }

  private void startBlock() {
    load32(RAX, BLOCK, NONE, 1, 20);
    load(RDX, RSP, PLACE);
    imul(RAX, RDX);
    load32(RDX, BLOCK, NONE, 1, 16);
    op(ADD, RAX, RDX);
    store(RSP, THIS_BLOCK, RAX);
    shiftLeft(RAX, 7);
    load(OUT, RSP, BLOCKS);
    op(ADD, OUT, RAX);
    v(PXOR, YMM, 0, 0, 0);
    for (int i = 0; i < 4; i++) {
      vStore(MOVDQU_STORE, YMM, OUT, 32 * i, 0);
    }
    load32(STEPS, BLOCK, NONE, 1, 8);
    op(ADD, STEPS, STATE);
  }

  /** The DC value; without {@code wanted}, only what the next one needs of it. */
  private void dc(boolean wanted) {
    opImm(CMP, BITS, 32);
    int enough = label();
    jumpIf(GREATER_EQUAL, enough);
    refillInline();
    place(enough);
    load32(TABLE, BLOCK, NONE, 1, 0);
    op(ADD, TABLE, STATE);
    look(TABLE);
    int found = label();
    test(RAX, RAX);
    jumpIf(NOT_EQUAL, found);
    call(longCode);
    place(found);
    int none = label();
    zero(R8);
    testImm(RAX, SIZE);
    jumpIf(EQUAL, none);
    coefficient();
    signed32(R8, R8);
    place(none);
    load32(RDX, BLOCK, NONE, 1, 12);
    load32(R9, STATE, RDX, 1, 0);
    op(ADD, R8, R9);
    store32(STATE, RDX, 1, 0, R8);
    consume();
    if (wanted) {
      signed16(R8, R8);
      load32(RDX, STEPS, NONE, 1, 0);
      shiftRight(RDX, 8);
      imul(R8, RDX);
      store16(OUT, NONE, 1, 0, R8);
      mov(SUM, R8);
      negate(SUM);
      movIf(NEGATIVE, SUM, R8);
    }
    zero(TERM);
  }

  /**
   * The other coefficients; goes on behind the code or jumps to {@code blockDone}.
   *
   * <p>With 57 bits or more, three codes can be read of which the first two lie in looks, whatever
   * the third is, and then two more if they lie in looks.
   */
  private void ac(boolean wanted, int blockDone) {
    load32(TABLE, BLOCK, NONE, 1, 4);
    op(ADD, TABLE, STATE);
    load32(WHOLE, BLOCK, NONE, 1, 24);
    op(ADD, WHOLE, STATE);
    int loop = here();
    refillInline();
    int other = label();
    for (int i = 0; i < 5; i++) {
      look(WHOLE);
      signed32(R8, RAX);
      shiftSignedRight(R8, 16);
      jumpIf(EQUAL, i < 3 ? other : loop);
      consume();
      shiftRight(RAX, 8);
      low8(R9, RAX);
      op(ADD, TERM, R9);
      term(wanted);
      jumpIf(GREATER_EQUAL, blockDone);
    }
    jump(loop);
    place(other);
    look(TABLE);
    int found = label();
    test(RAX, RAX);
    jumpIf(NOT_EQUAL, found);
    call(longCode);
    place(found);
    int zeros = label();
    testImm(RAX, SIZE);
    jumpIf(EQUAL, zeros);
    mov(RDX, RAX);
    shiftRight(RDX, 24);
    op(ADD, TERM, RDX);
    inc(TERM);
    if (wanted) {
      coefficient();
      signed32(R8, R8);
    }
    consume();
    term(wanted);
    jumpIf(LESS, loop);
    jump(blockDone);
    place(zeros);
    zeros(blockDone);
    jump(loop);
  }

  /** Stores R8 as the coefficient of a term; the flags say how that compares with the last one. */
  private void term(boolean wanted) {
    if (wanted) {
      load32(RDX, STEPS, TERM, 4, 0);
      low8(R9, RDX);
      shiftRight(RDX, 8);
      imul(R8, RDX);
      store16(OUT, R9, 2, 0, R8);
      mov(RDX, R8);
      negate(RDX);
      movIf(NEGATIVE, RDX, R8);
      op(ADD, SUM, RDX);
    }
    opImm(CMP, TERM, 63);
  }

  /** A code without a coefficient: sixteen zeros, or the block's end. */
  private void zeros(int blockDone) {
    consume();
    shiftRight(RAX, 24);
    opImm(CMP, RAX, 15);
    jumpIf(NOT_EQUAL, blockDone);
    opImm(ADD, TERM, 16);
    opImm(CMP, TERM, 63);
    jumpIf(GREATER_EQUAL, blockDone);
  }

  /** Notes the last term that may not be zero: sixteen zeros before the end count as well. */
  private void endBlock() {
    opImm(CMP, SUM, ScanState.TAME);
    jumpIf(GREATER, unusual);
    movImm(RAX, 63);
    op(CMP, TERM, RAX);
    movIf(GREATER, TERM, RAX);
    load(RAX, RSP, THIS_BLOCK);
    load(RDX, RSP, LASTS);
    store8(RDX, RAX, 1, 0, TERM);
  }
}
