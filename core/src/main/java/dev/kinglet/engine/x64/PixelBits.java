package dev.kinglet.engine.x64;

/**
 * Reads a JPEG scan's bits: takes them from the file, looks codes up, and makes coefficients of
 * what follows them.
 *
 * <p>Up to 64 bits are kept in a register, the next ones uppermost, as {@code
 * dev.kinglet.image.JpegBits} does.
 */
class PixelBits extends PixelWriter {
  /** The next byte of the file. */
  static final int IN = RDI;

  static final int BUFFER = R10;

  /** How many bits of the buffer count. */
  static final int BITS = R11;

  /** The Huffman table in use. */
  static final int TABLE = R12;

  /** On the stack: the last place where eight bytes can be read, and the file's end. */
  static final int LAST_WORD = 0;

  static final int FILE_END = 8;

  /** On the stack: eight bytes of 1, and of 0x80. */
  static final int ONES = 16;

  static final int TOPS = 24;

  /** Of an entry, the bits that tell how long the coefficient is. */
  static final int SIZE = 0xFF0000;

  final int refill = label();
  final int longCode = label();

  /** Where to go from a marker, and from the file's end. */
  final int unusual = label();

  /** A table's entry of the next bits in RAX; 0 for a code that is longer than a look. */
  final void look(int table) {
    mov(RDX, BUFFER);
    shiftRight(RDX, 64 - ScanState.LOOK);
    load32(RAX, table, RDX, 4, 0);
  }

  final void consume() {
    shiftLeftBy(BUFFER, BUFFER, RAX);
    low8(RDX, RAX);
    op(SUB, BITS, RDX);
  }

  /** RAX's coefficient from the bits behind its code, in the lower half of R8 (T.81, F.2.2.1). */
  final void coefficient() {
    mov(R9, RAX);
    shiftRight(R9, 8);
    shiftLeftBy(R8, BUFFER, R9);
    shiftRight(R9, 8);
    negate(R9);
    mov(RDX, R8);
    shiftSignedRight(RDX, 63);
    not(RDX);
    shiftRightBy(R8, R8, R9);
    shiftRight32By(RDX, RDX, R9);
    op(SUB, R8, RDX);
  }

  /** At least 57 bits; eight bytes at once if none of them is 0xFF. */
  final void refillInline() {
    int slow = label();
    int done = label();
    load(RAX, RSP, LAST_WORD);
    op(CMP, IN, RAX);
    jumpIf(ABOVE, slow);
    load(RAX, IN, 0);
    mov(RDX, RAX);
    not(RDX);
    opLoad(SUB, RDX, RSP, ONES);
    op(AND, RDX, RAX);
    opLoad(AND, RDX, RSP, TOPS);
    jumpIf(NOT_EQUAL, slow);
    swapBytes(RAX);
    shiftRightBy(RAX, RAX, BITS);
    op(OR, BUFFER, RAX);
    mov(RDX, BITS);
    shiftRight(RDX, 3);
    add(IN, 7);
    op(SUB, IN, RDX);
    opImm(OR, BITS, 56);
    jump(done);
    place(slow);
    call(refill);
    place(done);
  }

  /** Byte by byte, the zero behind 0xFF left out. */
  final void writeRefill() {
    place(refill);
    int end = label();
    int plain = label();
    int strange = label();
    int loop = here();
    opImm(CMP, BITS, 56);
    jumpIf(GREATER, end);
    opLoad(CMP, IN, RSP, FILE_END + 8);
    jumpIf(ABOVE_EQUAL, strange);
    load8(RAX, IN, NONE, 1, 0);
    inc(IN);
    opImm(CMP, RAX, 0xFF);
    jumpIf(NOT_EQUAL, plain);
    opLoad(CMP, IN, RSP, FILE_END + 8);
    jumpIf(ABOVE_EQUAL, strange);
    load8(RDX, IN, NONE, 1, 0);
    inc(IN);
    test(RDX, RDX);
    jumpIf(NOT_EQUAL, strange);
    place(plain);
    movImm(RDX, 56);
    op(SUB, RDX, BITS);
    shiftLeftBy(RAX, RAX, RDX);
    op(OR, BUFFER, RAX);
    add(BITS, 8);
    jump(loop);
    place(end);
    ret();
    place(strange);
    opImm(ADD, RSP, 8);
    jump(unusual);
  }

  /** The entry in RAX of a code longer than a look. */
  final void writeLongCode() {
    place(longCode);
    mov(RDX, BUFFER);
    shiftRight(RDX, 48);
    movImm(R9, ScanState.LOOK + 1);
    int found = label();
    int none = label();
    int loop = here();
    loadSigned32(RAX, TABLE, R9, 4, 4 * ScanState.LARGEST);
    op(CMP, RDX, RAX);
    jumpIf(LESS_EQUAL, found);
    inc(R9);
    jump(loop);
    place(found);
    opImm(CMP, R9, 16);
    jumpIf(GREATER, none);
    movImm(R8, 16);
    op(SUB, R8, R9);
    shiftRightBy(RDX, RDX, R8);
    loadSigned32(RAX, TABLE, R9, 4, 4 * ScanState.OFFSET);
    op(ADD, RDX, RAX);
    low8(RDX, RDX);
    load32(RAX, TABLE, RDX, 4, 4 * ScanState.ENTRIES);
    ret();
    place(none);
    // No such code: symbol 0, and all bits that were looked at are used.
    movImm(RAX, 17 << 8 | 17);
    ret();
  }
}
