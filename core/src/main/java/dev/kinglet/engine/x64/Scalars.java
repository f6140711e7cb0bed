package dev.kinglet.engine.x64;

/** Writes the instructions that take numbers in general registers apart bit by bit. */
class Scalars extends Assembler {
  static final int ABOVE = 7;
  static final int NEGATIVE = 8;

  /** {@code to = from} shifted by the lower six bits of {@code count}; flags stay (BMI2). */
  final void shiftLeftBy(int to, int from, int count) {
    shiftBy(1, true, to, from, count);
  }

  /** The same to the right, zeros following. */
  final void shiftRightBy(int to, int from, int count) {
    shiftBy(3, true, to, from, count);
  }

  /** Of 32 bits by the lower five bits of {@code count}, to the right; the upper half is zero. */
  final void shiftRight32By(int to, int from, int count) {
    shiftBy(3, false, to, from, count);
  }

  private void shiftBy(int kind, boolean wide, int to, int from, int count) {
    byte1(0xC4);
    byte1((to < 8 ? 0x80 : 0) | 0x40 | (from < 8 ? 0x20 : 0) | 2);
    byte1((wide ? 0x80 : 0) | (~count & 15) << 3 | kind);
    byte1(0xF7);
    registers(to, from);
  }

  final void shiftSignedRight(int register, int bits) {
    shift(7, register, bits);
  }

  /** All 64 bits the other way. */
  final void not(int register) {
    rex(true, 0, NONE, register);
    byte1(0xF7);
    registers(2, register);
  }

  /** Changes the sign and sets the flags. */
  final void negate(int register) {
    rex(true, 0, NONE, register);
    byte1(0xF7);
    registers(3, register);
  }

  /** 64 bits from a register if the condition holds. */
  final void movIf(int condition, int to, int from) {
    rex(true, to, NONE, from);
    byte1(0x0F);
    byte1(0x40 | condition);
    registers(to, from);
  }

  /** {@code to = to * from} of 64 bits with their signs. */
  final void imul(int to, int from) {
    rex(true, to, NONE, from);
    byte1(0x0F);
    byte1(0xAF);
    registers(to, from);
  }

  /** The lowest byte, zero above. */
  final void low8(int to, int from) {
    rex(true, to, NONE, from);
    byte1(0x0F);
    byte1(0xB6);
    registers(to, from);
  }

  /** The lowest 16 bits with their sign. */
  final void signed16(int to, int from) {
    rex(true, to, NONE, from);
    byte1(0x0F);
    byte1(0xBF);
    registers(to, from);
  }

  /** The lowest 32 bits with their sign. */
  final void signed32(int to, int from) {
    rex(true, to, NONE, from);
    byte1(0x63);
    registers(to, from);
  }

  /** Turns the order of eight bytes round. */
  final void swapBytes(int register) {
    rex(true, 0, NONE, register);
    byte1(0x0F);
    byte1(0xC8 | register & 7);
  }

  /** The lowest 16 bits to memory. */
  final void store16(int base, int index, int scale, int disp, int from) {
    byte1(0x66);
    instruction(false, 0x89, from, base, index, scale, disp);
  }

  /** The lowest 8 bits to memory. */
  final void store8(int base, int index, int scale, int disp, int from) {
    // The prefix makes any register's lowest byte nameable.
    int high = index == NONE ? 0 : index >> 3;
    byte1(0x40 | (from >> 3) << 2 | high << 1 | base >> 3);
    byte1(0x88);
    room();
    memory(from, base, index, scale, disp, 1);
  }

  /** Sets the flags by the bits that a register and a constant have in common. */
  final void testImm(int register, int value) {
    rex(true, 0, NONE, register);
    byte1(0xF7);
    registers(0, register);
    byte4(value);
  }
}
