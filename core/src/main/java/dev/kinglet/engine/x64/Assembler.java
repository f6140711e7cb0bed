package dev.kinglet.engine.x64;

/**
 * Writes x86-64 instructions on general registers, and jumps; {@link Vectors} adds those on
 * vectors.
 *
 * <p>Registers are numbers as the processor counts them. A memory operand is a base register, an
 * index register or {@link #NONE}, a scale of 1, 2, 4 or 8, and a displacement in bytes.
 */
class Assembler extends CodeBytes {
  static final int NONE = -1;
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RSP = 4;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;
  static final int R12 = 12;
  static final int R13 = 13;
  static final int R14 = 14;
  static final int R15 = 15;

  /** Conditions as jumps and moves encode them. */
  static final int BELOW = 2;

  static final int ABOVE_EQUAL = 3;
  static final int EQUAL = 4;
  static final int NOT_EQUAL = 5;
  static final int LESS = 12;
  static final int GREATER_EQUAL = 13;
  static final int LESS_EQUAL = 14;
  static final int GREATER = 15;

  /** The eight operations that share one encoding; the value is its selector. */
  static final int ADD = 0;

  static final int OR = 1;
  static final int AND = 4;
  static final int SUB = 5;
  static final int XOR = 6;
  static final int CMP = 7;

  final void jump(int label) {
    if (isNear(label)) {
      byte1(0xEB);
      distance1(label);
      return;
    }
    byte1(0xE9);
    distance(label);
  }

  final void jumpIf(int condition, int label) {
    if (isNear(label)) {
      byte1(0x70 | condition);
      distance1(label);
      return;
    }
    byte1(0x0F);
    byte1(0x80 | condition);
    distance(label);
  }

  final void call(int label) {
    byte1(0xE8);
    distance(label);
  }

  final void ret() {
    byte1(0xC3);
  }

  /** The address of a label in a register. */
  final void leaLabel(int register, int label) {
    byte1(0x48 | (register >> 3) << 2);
    byte1(0x8D);
    byte1((register & 7) << 3 | 5);
    distance(label);
  }

  final void push(int register) {
    if (register > 7) {
      byte1(0x41);
    }
    byte1(0x50 | register & 7);
  }

  final void pop(int register) {
    if (register > 7) {
      byte1(0x41);
    }
    byte1(0x58 | register & 7);
  }

  final void rex(boolean wide, int reg, int index, int base) {
    int rex =
        (wide ? 8 : 0)
            | (reg >> 3 & 1) << 2
            | (index == NONE ? 0 : index >> 3 & 1) << 1
            | (base >> 3 & 1);
    if (rex != 0) {
      byte1(0x40 | rex);
    }
  }

  final void registers(int reg, int rm) {
    byte1(0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /**
   * For which there is room: ModRM, SIB and displacement; a one-byte displacement counts in units
   * of {@code unit} bytes.
   */
  final void memory(int reg, int base, int index, int scale, int disp, int unit) {
    int low = (reg & 7) << 3;
    int mode;
    if (disp == 0 && (base & 7) != RBP) {
      mode = 0;
    } else if (disp % unit == 0 && disp / unit >= -128 && disp / unit <= 127) {
      mode = 0x40;
    } else {
      mode = 0x80;
    }
    if (index == NONE && (base & 7) != RSP) {
      one(mode | low | base & 7);
    } else {
      int shift = scale == 8 ? 3 : scale >> 1;
      two(mode | low | 4, shift << 6 | (index == NONE ? 4 : index & 7) << 3 | base & 7);
    }
    if (mode == 0x40) {
      one(disp / unit);
    } else if (mode == 0x80) {
      byte4(disp);
    }
  }

  final void instruction(
      boolean wide, int opcode, int reg, int base, int index, int scale, int disp) {
    room();
    rex(wide, reg, index, base);
    if (opcode > 0xFF) {
      byte1(opcode >> 8);
    }
    byte1(opcode);
    memory(reg, base, index, scale, disp, 1);
  }

  /** 64 bits from a register. */
  final void mov(int to, int from) {
    rex(true, from, NONE, to);
    byte1(0x89);
    registers(from, to);
  }

  /** A constant, in the shortest form. */
  final void movImm(int to, long value) {
    if (value >= 0 && value <= 0xFFFF_FFFFL) {
      rex(false, 0, NONE, to);
      byte1(0xB8 | to & 7);
      byte4((int) value);
    } else if (value == (int) value) {
      rex(true, 0, NONE, to);
      byte1(0xC7);
      registers(0, to);
      byte4((int) value);
    } else {
      rex(true, 0, NONE, to);
      byte1(0xB8 | to & 7);
      byte8(value);
    }
  }

  /** 64 bits from memory. */
  final void load(int to, int base, int disp) {
    instruction(true, 0x8B, to, base, NONE, 1, disp);
  }

  /** 64 bits from memory. */
  final void load(int to, int base, int index, int scale, int disp) {
    instruction(true, 0x8B, to, base, index, scale, disp);
  }

  /** 32 bits from memory, the upper half zero. */
  final void load32(int to, int base, int index, int scale, int disp) {
    instruction(false, 0x8B, to, base, index, scale, disp);
  }

  /** 32 bits from memory with their sign. */
  final void loadSigned32(int to, int base, int index, int scale, int disp) {
    instruction(true, 0x63, to, base, index, scale, disp);
  }

  /** One byte from memory, zero above. */
  final void load8(int to, int base, int index, int scale, int disp) {
    instruction(false, 0x0FB6, to, base, index, scale, disp);
  }

  /** 64 bits to memory. */
  final void store(int base, int disp, int from) {
    instruction(true, 0x89, from, base, NONE, 1, disp);
  }

  /** 32 bits to memory. */
  final void store32(int base, int index, int scale, int disp, int from) {
    instruction(false, 0x89, from, base, index, scale, disp);
  }

  final void lea(int to, int base, int index, int scale, int disp) {
    instruction(true, 0x8D, to, base, index, scale, disp);
  }

  final void lea(int to, int base, int disp) {
    instruction(true, 0x8D, to, base, NONE, 1, disp);
  }

  /** One of the eight operations on 64-bit registers: {@code to = to op from}. */
  final void op(int op, int to, int from) {
    rex(true, from, NONE, to);
    byte1(op << 3 | 1);
    registers(from, to);
  }

  /** One of the eight operations with a 64-bit value from memory. */
  final void opLoad(int op, int to, int base, int disp) {
    instruction(true, op << 3 | 3, to, base, NONE, 1, disp);
  }

  /** One of the eight operations with a constant. */
  final void opImm(int op, int to, int value) {
    rex(true, 0, NONE, to);
    boolean small = value == (byte) value;
    byte1(small ? 0x83 : 0x81);
    registers(op, to);
    if (small) {
      byte1(value);
    } else {
      byte4(value);
    }
  }

  final void add(int to, int value) {
    if (value != 0) {
      opImm(ADD, to, value);
    }
  }

  final void zero(int register) {
    rex(false, register, NONE, register);
    byte1(0x31);
    registers(register, register);
  }

  /** Takes one away and sets the flags. */
  final void dec(int register) {
    rex(true, 0, NONE, register);
    byte1(0xFF);
    registers(1, register);
  }

  final void inc(int register) {
    rex(true, 0, NONE, register);
    byte1(0xFF);
    registers(0, register);
  }

  /** {@code to = from * value}. */
  final void imul(int to, int from, int value) {
    rex(true, to, NONE, from);
    byte1(0x69);
    registers(to, from);
    byte4(value);
  }

  final void test(int a, int b) {
    rex(true, b, NONE, a);
    byte1(0x85);
    registers(b, a);
  }

  final void shiftLeft(int register, int bits) {
    shift(4, register, bits);
  }

  final void shiftRight(int register, int bits) {
    shift(5, register, bits);
  }

  final void shift(int kind, int register, int bits) {
    rex(true, 0, NONE, register);
    byte1(0xC1);
    registers(kind, register);
    byte1(bits);
  }

  /** Jumps to the address in a register and comes back. */
  final void callRegister(int register) {
    rex(false, 0, NONE, register);
    byte1(0xFF);
    registers(2, register);
  }

  /**
   * Adds a register to 32 bits of memory in one step that no other core can split; it gets the old
   * value.
   */
  final void lockAdd32(int base, int disp, int register) {
    byte1(0xF0);
    instruction(false, 0x0FC1, register, base, NONE, 1, disp);
  }

  /** The same with 64 bits. */
  final void lockAdd64(int base, int disp, int register) {
    byte1(0xF0);
    instruction(true, 0x0FC1, register, base, NONE, 1, disp);
  }

  final void pause() {
    byte1(0xF3);
    byte1(0x90);
  }

  final void syscall() {
    byte1(0x0F);
    byte1(0x05);
  }

  final void cpuid() {
    byte1(0x0F);
    byte1(0xA2);
  }

  final void xgetbv() {
    byte1(0x0F);
    byte1(0x01);
    byte1(0xD0);
  }

  /** The time stamp in EDX:EAX. */
  final void rdtsc() {
    byte1(0x0F);
    byte1(0x31);
  }

  /** Asks for a line of memory; 0 = not temporal, 1 = first level, 2 = second, 3 = third. */
  final void prefetch(int level, int base, int index, int scale, int disp) {
    instruction(false, 0x0F18, level, base, index, scale, disp);
  }
}
