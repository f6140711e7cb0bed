package dev.kinglet.engine.x64;

/**
 * Writes vector instructions of 128, 256 or 512 bits.
 *
 * <p>The short VEX form is taken wherever it can say the same; 512 bits, registers above 15, masks
 * and embedded broadcasts take EVEX. An instruction is an {@code int} made by {@link #op}: opcode,
 * prefix, map, the W bit and how a one-byte displacement is scaled.
 */
class Vectors extends Scalars {
  /** Widths as the L bits encode them. */
  static final int XMM = 0;

  static final int YMM = 1;
  static final int ZMM = 2;

  /** Prefixes. */
  private static final int PNONE = 0;

  private static final int P66 = 1;
  private static final int PF3 = 2;
  private static final int PF2 = 3;

  /** Opcode maps. */
  private static final int M0F = 1;

  private static final int M38 = 2;
  private static final int M3A = 3;

  /** What a memory operand is made of, which scales EVEX displacements. */
  private static final int FULL = 0;

  private static final int ONE4 = 1;
  private static final int ONE8 = 2;
  private static final int HALF = 3;
  private static final int QUARTER = 4;
  private static final int EIGHTH = 5;
  private static final int ONE16 = 6;
  private static final int ONE1 = 7;
  private static final int W1 = 1 << 13;
  private static final int VEX_W1 = 1 << 17;

  /** An element of memory is repeated over the vector. */
  static final int BROADCAST = 16;

  /** Elements outside the mask become zero rather than staying. */
  static final int ZEROING = 8;

  static final int MOVUPS_LOAD = op(PNONE, M0F, 0x10, FULL);
  static final int MOVUPS_STORE = op(PNONE, M0F, 0x11, FULL);
  static final int MOVAPS_LOAD = op(PNONE, M0F, 0x28, FULL);
  static final int MOVSS_LOAD = op(PF3, M0F, 0x10, ONE4);
  static final int MOVSS_STORE = op(PF3, M0F, 0x11, ONE4);
  static final int MOVD_LOAD = op(P66, M0F, 0x6E, ONE4);
  static final int MOVD_STORE = op(P66, M0F, 0x7E, ONE4);
  static final int MOVQ_LOAD = op(PF3, M0F, 0x7E, ONE8) | W1;
  static final int MOVQ_STORE = op(P66, M0F, 0xD6, ONE8) | W1;
  static final int MOVDQU_LOAD = op(PF3, M0F, 0x6F, FULL);
  static final int MOVDQU_STORE = op(PF3, M0F, 0x7F, FULL);
  static final int BROADCASTSS = op(P66, M38, 0x18, ONE4);
  static final int BROADCASTSD = op(P66, M38, 0x19, ONE8) | W1;
  static final int BROADCASTF128 = op(P66, M38, 0x1A, ONE16);
  static final int ADDPS = op(PNONE, M0F, 0x58, FULL);
  static final int MULPS = op(PNONE, M0F, 0x59, FULL);
  static final int MULSS = op(PF3, M0F, 0x59, ONE4);
  static final int SUBPS = op(PNONE, M0F, 0x5C, FULL);
  static final int MINPS = op(PNONE, M0F, 0x5D, FULL);
  static final int DIVPS = op(PNONE, M0F, 0x5E, FULL);
  static final int MAXPS = op(PNONE, M0F, 0x5F, FULL);
  static final int SQRTPS = op(PNONE, M0F, 0x51, FULL);
  static final int ANDPS = op(PNONE, M0F, 0x54, FULL);
  static final int ANDNPS = op(PNONE, M0F, 0x55, FULL);
  static final int ORPS = op(PNONE, M0F, 0x56, FULL);
  static final int XORPS = op(PNONE, M0F, 0x57, FULL);
  static final int CMPPS = op(PNONE, M0F, 0xC2, FULL);
  static final int UNPCKLPS = op(PNONE, M0F, 0x14, FULL);
  static final int UNPCKHPS = op(PNONE, M0F, 0x15, FULL);
  static final int HADDPS = op(PF2, M0F, 0x7C, FULL);
  static final int HSUBPS = op(PF2, M0F, 0x7D, FULL);
  static final int SHUFPS = op(PNONE, M0F, 0xC6, FULL);
  static final int MOVHLPS = op(PNONE, M0F, 0x12, FULL);

  /** {@code to = to * a + b}, {@code to = a * to + b} and {@code to = a * b + to}. */
  static final int FMADD132 = op(P66, M38, 0x98, FULL);

  static final int FMADD213 = op(P66, M38, 0xA8, FULL);
  static final int FMADD231 = op(P66, M38, 0xB8, FULL);
  static final int FNMADD213 = op(P66, M38, 0xAC, FULL);
  static final int FNMADD231 = op(P66, M38, 0xBC, FULL);
  static final int FMSUB213 = op(P66, M38, 0xAA, FULL);
  static final int BLENDVPS = op(P66, M3A, 0x4A, FULL);
  static final int BLENDMPS = op(P66, M38, 0x65, FULL);
  static final int MASKMOV_LOAD = op(P66, M38, 0x2C, FULL);
  static final int MASKMOV_STORE = op(P66, M38, 0x2E, FULL);

  /** Rounds to a whole number; immediate 1 = down, 2 = up. RNDSCALE is the EVEX form. */
  static final int ROUNDPS = op(P66, M3A, 0x08, FULL);

  static final int INSERTI128 = op(P66, M3A, 0x38, ONE16);
  static final int EXTRACTI128 = op(P66, M3A, 0x39, ONE16);
  static final int PERMD = op(P66, M38, 0x36, FULL);
  static final int EXTRACTF128 = op(P66, M3A, 0x19, ONE16);
  static final int EXTRACTF64X4 = op(P66, M3A, 0x1B, HALF) | W1;
  static final int PERM2F128 = op(P66, M3A, 0x06, FULL);
  static final int PERMT2PS = op(P66, M38, 0x7F, FULL);
  static final int PERMPS = op(P66, M38, 0x16, FULL);

  static final int CVTDQ2PS = op(PNONE, M0F, 0x5B, FULL);
  static final int CVTPS2DQ = op(P66, M0F, 0x5B, FULL);
  static final int CVTTPS2DQ = op(PF3, M0F, 0x5B, FULL);
  static final int CVTPH2PS = op(P66, M38, 0x13, HALF);
  static final int PADDB = op(P66, M0F, 0xFC, FULL);
  static final int PADDW = op(P66, M0F, 0xFD, FULL);
  static final int PADDD = op(P66, M0F, 0xFE, FULL);
  static final int PSUBB = op(P66, M0F, 0xF8, FULL);
  static final int PSUBW = op(P66, M0F, 0xF9, FULL);
  static final int PSUBD = op(P66, M0F, 0xFA, FULL);
  static final int PMULLD = op(P66, M38, 0x40, FULL);
  static final int PMULLW = op(P66, M0F, 0xD5, FULL);
  static final int PMULHW = op(P66, M0F, 0xE5, FULL);
  static final int PMULHRSW = op(P66, M38, 0x0B, FULL);
  static final int PMADDWD = op(P66, M0F, 0xF5, FULL);
  static final int PMADDUBSW = op(P66, M38, 0x04, FULL);
  static final int PAND = op(P66, M0F, 0xDB, FULL);
  static final int PANDN = op(P66, M0F, 0xDF, FULL);
  static final int POR = op(P66, M0F, 0xEB, FULL);
  static final int PXOR = op(P66, M0F, 0xEF, FULL);
  static final int PMINSD = op(P66, M38, 0x39, FULL);
  static final int PMAXSD = op(P66, M38, 0x3D, FULL);
  static final int PMINSW = op(P66, M0F, 0xEA, FULL);
  static final int PMAXSW = op(P66, M0F, 0xEE, FULL);
  static final int PACKSSDW = op(P66, M0F, 0x6B, FULL);
  static final int PACKUSDW = op(P66, M38, 0x2B, FULL);
  static final int PACKSSWB = op(P66, M0F, 0x63, FULL);
  static final int PACKUSWB = op(P66, M0F, 0x67, FULL);
  static final int PUNPCKLBW = op(P66, M0F, 0x60, FULL);
  static final int PUNPCKHBW = op(P66, M0F, 0x68, FULL);
  static final int PUNPCKLWD = op(P66, M0F, 0x61, FULL);
  static final int PUNPCKHWD = op(P66, M0F, 0x69, FULL);
  static final int PUNPCKLDQ = op(P66, M0F, 0x62, FULL);
  static final int PUNPCKHDQ = op(P66, M0F, 0x6A, FULL);
  static final int PUNPCKLQDQ = op(P66, M0F, 0x6C, FULL) | W1;
  static final int PUNPCKHQDQ = op(P66, M0F, 0x6D, FULL) | W1;
  static final int PSHUFB = op(P66, M38, 0x00, FULL);
  static final int PSHUFD = op(P66, M0F, 0x70, FULL);
  static final int PERMQ = op(P66, M3A, 0x00, FULL) | W1 | VEX_W1;
  static final int PMOVZXBW = op(P66, M38, 0x30, HALF);
  static final int PMOVZXBD = op(P66, M38, 0x31, QUARTER);
  static final int PMOVZXWD = op(P66, M38, 0x33, HALF);
  static final int PMOVSXBW = op(P66, M38, 0x20, HALF);
  static final int PMOVSXBD = op(P66, M38, 0x21, QUARTER);
  static final int PMOVSXWD = op(P66, M38, 0x23, HALF);
  static final int PBROADCASTB = op(P66, M38, 0x78, ONE1);
  static final int PBROADCASTW = op(P66, M38, 0x79, EIGHTH);
  static final int PBROADCASTD = op(P66, M38, 0x58, ONE4);
  static final int PCMPGTD = op(P66, M0F, 0x66, FULL);

  /** Shifts by an immediate: opcode and the selector that stands in the register field. */
  static final int SHIFT_WORDS = op(P66, M0F, 0x71, FULL);

  static final int SHIFT_DWORDS = op(P66, M0F, 0x72, FULL);
  static final int LOGICAL_RIGHT = 2;
  static final int ARITHMETIC_RIGHT = 4;
  static final int LEFT = 6;

  private static int op(int prefix, int map, int opcode, int tuple) {
    return opcode | prefix << 8 | map << 10 | tuple << 14;
  }

  private static int unit(int op, int width, int flags) {
    if ((flags & BROADCAST) != 0) {
      return (op & W1) != 0 ? 8 : 4;
    }
    int vector = 16 << width;
    return switch (op >> 14 & 7) {
      case FULL -> vector;
      case ONE4 -> 4;
      case ONE8 -> 8;
      case HALF -> vector / 2;
      case QUARTER -> vector / 4;
      case EIGHTH -> 2;
      case ONE1 -> 1;
      default -> 16;
    };
  }

  /** Writes the VEX or EVEX prefix, with room for the rest behind it; whether it was EVEX. */
  private boolean prefix(int op, int width, int reg, int second, int index, int rm, int flags) {
    boolean memory = index != REGISTER;
    // Bits above the eighth do not arrive.
    int x = ~(memory ? (index == NONE ? 0 : index << 3) : rm << 2) & 0x40;
    int map = op >> 10 & 7;
    int pp = op >> 8 & 3;
    boolean evex = width == ZMM || flags != 0 || reg > 15 || second > 15 || !memory && rm > 15;
    room();
    if (evex) {
      four(
          0x62,
          (~reg & 8) << 4 | x | (~rm & 8) << 2 | ~reg & 16 | map,
          (op & W1) >> 6 | (~second & 15) << 3 | 4 | pp,
          (flags & ZEROING) << 4
              | width << 5
              | flags & BROADCAST
              | (~second & 16) >> 1
              | flags & 7);
      return true;
    }
    int low = (~second & 15) << 3 | width << 2 | pp;
    boolean wide = (op & VEX_W1) != 0;
    if (map == M0F && x != 0 && (rm & 8) == 0 && !wide) {
      two(0xC5, (~reg & 8) << 4 | low);
    } else {
      one(0xC4);
      two((~reg & 8) << 4 | x | (~rm & 8) << 2 | map, (wide ? 0x80 : 0) | low);
    }
    return false;
  }

  private static final int REGISTER = -2;

  /** An instruction of three registers: {@code to = first op second}. */
  final void v(int op, int width, int to, int first, int second) {
    prefix(op, width, to, first, REGISTER, second, 0);
    two(op, 0xC0 | (to & 7) << 3 | second & 7);
  }

  /** An instruction of three registers with a mask, {@link #ZEROING} perhaps added. */
  final void vMasked(int op, int width, int to, int first, int second, int flags) {
    prefix(op, width, to, first, REGISTER, second, flags);
    two(op, 0xC0 | (to & 7) << 3 | second & 7);
  }

  /** An instruction of three registers and an immediate. */
  final void vImm(int op, int width, int to, int first, int second, int immediate) {
    v(op, width, to, first, second);
    byte1(immediate);
  }

  /** A comparison of two 512-bit registers into a mask register. */
  final void compareToMask(int mask, int first, int second, int predicate) {
    prefix(CMPPS, ZMM, mask, first, REGISTER, second, 0);
    two(CMPPS, 0xC0 | (mask & 7) << 3 | second & 7);
    byte1(predicate);
  }

  /** A blend by the signs of a fourth register; only the first 16 registers. */
  final void blendBySign(int width, int to, int ifClear, int ifSet, int signs) {
    vImm(BLENDVPS, width, to, ifClear, ifSet, signs << 4);
  }

  /** An instruction of two registers. */
  final void v2(int op, int width, int to, int from) {
    v(op, width, to, 0, from);
  }

  /** An instruction of two registers and an immediate. */
  final void v2Imm(int op, int width, int to, int from, int immediate) {
    vImm(op, width, to, 0, from, immediate);
  }

  /** An instruction whose last operand is memory. */
  final void vMem(
      int op, int width, int to, int first, int base, int index, int scale, int disp, int flags) {
    boolean evex = prefix(op, width, to, first, index, base, flags);
    one(op);
    memory(to, base, index, scale, disp, evex ? unit(op, width, flags) : 1);
  }

  /** An instruction whose last operand is memory at a register and a displacement. */
  final void vMem(int op, int width, int to, int first, int base, int disp) {
    vMem(op, width, to, first, base, NONE, 1, disp, 0);
  }

  /** A load, or an instruction of one memory operand. */
  final void vLoad(int op, int width, int to, int base, int disp) {
    vMem(op, width, to, 0, base, NONE, 1, disp, 0);
  }

  final void vLoad(int op, int width, int to, int base, int index, int scale, int disp) {
    vMem(op, width, to, 0, base, index, scale, disp, 0);
  }

  /** A store of the register by one of the store instructions. */
  final void vStore(int op, int width, int base, int disp, int from) {
    vMem(op, width, from, 0, base, NONE, 1, disp, 0);
  }

  final void vStore(int op, int width, int base, int index, int scale, int disp, int from) {
    vMem(op, width, from, 0, base, index, scale, disp, 0);
  }

  /** A shift of every word or double word by a constant. */
  final void vShift(int op, int selector, int width, int to, int from, int bits) {
    v(op, width, selector, to, from);
    byte1(bits);
  }

  /** A mask register from the low 16 bits of a general register. */
  final void kmov(int mask, int register) {
    if (register > 7) {
      byte1(0xC4);
      byte1(0xC1);
      byte1(0x78);
    } else {
      byte1(0xC5);
      byte1(0xF8);
    }
    byte1(0x92);
    byte1(0xC0 | mask << 3 | register & 7);
  }

  final void vzeroupper() {
    byte1(0xC5);
    byte1(0xF8);
    byte1(0x77);
  }
}
