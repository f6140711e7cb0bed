package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import java.util.Arrays;

/**
 * For each pixel the sum of what its paired activations contribute to every channel, negated; and
 * for each tile a record: by what its sums are to be multiplied, and the bytes from its input to
 * the copy that is to be read in its stead, 0 for none. Where a sum is no finite number, or no
 * scale would help, the first is 0, and the tile is to be summed as usual.
 *
 * <p>A copy is made, multiplied by a power of two, where the largest of the pairs' first
 * activations is far from the expected size. Their seconds need not be looked at: if those are
 * larger, products with them are as large as the pairs' sums, and if they are smaller, products
 * with the first are.
 *
 * <p>RDI: input. RDX: the sums, tile by tile; behind them the records. R8: tables. R13: a panel of
 * all tiles for each group. Vectors of 512 bits.
 *
 * @param pairing which terms are pairs
 * @param pixels of the tiles of the first kind
 * @param tiles of the first kind; those of the second kind have one pixel less
 * @param allTiles of both kinds
 * @param inStep bytes from a tile's pixel to the next
 * @param mirror bytes from the input to the copies; 0 if windows overlap and cannot be copied: then
 *     tiles of another size are summed as usual
 * @param in where in the tables each tile's first pixel stands
 * @param entries where in the tables the runs' places stand, if there are several, or what {@link
 *     PairedGroups} says of each group
 * @param record bytes of the latter for one group
 */
record CrossKernel(
    Pairing pairing,
    int pixels,
    int tiles,
    int allTiles,
    int inStep,
    int mirror,
    int in,
    int entries,
    int record) {

  /** All components but the pairing. */
  private int[] numbers() {
    return new int[] {pixels, tiles, allTiles, inStep, mirror, in, entries, record};
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CrossKernel that
        && Arrays.equals(numbers(), that.numbers())
        && pairing.equals(that.pairing);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers()) * 31 + pairing.hashCode();
  }

  /** Registers behind those of the pixels' sums. */
  private static final int X = 28;

  private static final int Y = 29;
  private static final int LARGEST = 30;
  private static final int MAGNITUDE = 31;

  /** Bits by which the largest may be below or above the expected size. */
  private static final int BELOW_BITS = 4;

  private static final int ABOVE_BITS = 4;

  /** The exponents that a scale may have, so that other channels stay finite. */
  private static final int EXTREME = 60;

  /** How a float's exponent is kept. */
  private static final int BIAS = 127;

  private static final int MANTISSA = 23;

  /** The exponent of infinities and of what is no number. */
  private static final int NOT_FINITE = 255;

  /** The masks of a run's last pairs, and of its last terms, which are less than a vector. */
  private static final int LAST = 1;

  private static final int LAST_TERMS = 2;

  /** The mask of a vector in a group's list. */
  private static final int LISTED = 3;

  /** Bytes from the sums to the records. */
  static int recordsAt(int pixels) {
    return (pixels * 4 + 63) & -64;
  }

  /** Bytes of the sums and records of so many pixels, at most. */
  static long bytes(long pixels) {
    return (pixels * 12 + 191) & -64;
  }

  /** All pixels of the tiles. */
  private int all() {
    return tiles * pixels + (allTiles - tiles) * (pixels - 1);
  }

  void write(Writer asm) {
    asm.push(R14);
    asm.push(R15);
    asm.push(RDX);
    asm.loadLiterals(R9);
    asm.loadVector(MAGNITUDE, R9, asm.literal(Integer.MAX_VALUE));
    mask(asm, LAST, pairing.pairs());
    mask(asm, LAST_TERMS, pairing.run());
    Share.panels(
        asm,
        () -> {
          if (pairing.grouped()) {
            asm.load(RDX, RSP, 0);
            asm.imul(RAX, RBX, Math.toIntExact(bytes(all())));
            asm.op(ADD, RDX, RAX);
          }
          if (tiles == allTiles) {
            loop(asm, pixels, Integer.MAX_VALUE);
            return;
          }
          int second = asm.label();
          int done = asm.label();
          asm.opImm(CMP, RBP, tiles);
          asm.jumpIf(GREATER_EQUAL, second);
          loop(asm, pixels, tiles);
          asm.place(second);
          asm.op(CMP, RBP, R12);
          asm.jumpIf(GREATER_EQUAL, done);
          loop(asm, pixels - 1, Integer.MAX_VALUE);
          asm.place(done);
        });
    asm.pop(RDX);
    asm.pop(R15);
    asm.pop(R14);
    asm.ret();
  }

  private static void mask(Writer asm, int mask, int count) {
    asm.movImm(RAX, (1 << count % asm.lanes) - 1);
    asm.kmov(mask, RAX);
  }

  /** Tiles from RBP up to R12, or to {@code limit}. */
  private void loop(Writer asm, int px, int limit) {
    int top = asm.here();
    int records = recordsAt(all());
    asm.loadSigned32(RSI, R8, RBP, 4, in);
    asm.op(ADD, RSI, RDI);
    if (pairing.grouped()) {
      asm.imul(RCX, RBX, record);
      asm.op(ADD, RCX, R8);
      asm.loadSigned32(R14, RCX, NONE, 1, entries);
      asm.op(ADD, RSI, R14);
      asm.loadSigned32(R14, RCX, NONE, 1, entries + 4);
    }
    asm.zero(R10);
    asm.movImm(R11, Float.floatToRawIntBits(1));
    int again = asm.here();
    for (int p = 0; p < px; p++) {
      asm.zeroVector(p);
    }
    asm.zeroVector(LARGEST);
    eachRun(asm, () -> sums(asm, px));
    asm.imul(RCX, RBP, px * 4);
    if (px != pixels) {
      asm.add(RCX, tiles * 4);
    }
    asm.op(ADD, RCX, RDX);
    asm.zeroVector(X);
    for (int p = 0; p < px; p += 4) {
      store(asm, p, Math.min(4, px - p));
    }
    int finished = asm.label();
    int usual = asm.label();
    asm.test(R10, R10);
    asm.jumpIf(NOT_EQUAL, finished);
    asm.v2(MOVAPS_LOAD, XMM, 0, X);
    asm.v(HADDPS, XMM, 0, 0, 0);
    asm.v(HADDPS, XMM, 0, 0, 0);
    exponent(asm, 0);
    asm.opImm(CMP, RAX, NOT_FINITE);
    asm.jumpIf(EQUAL, usual);
    scale(asm, px, finished, usual);
    if (mirror != 0) {
      asm.jump(again);
    }
    asm.place(usual);
    asm.zero(R11);
    asm.place(finished);
    asm.store32(RDX, RBP, 8, records, R11);
    asm.store32(RDX, RBP, 8, records + 4, R10);
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    if (limit == Integer.MAX_VALUE) {
      asm.jumpIf(LESS, top);
      return;
    }
    int done = asm.label();
    asm.jumpIf(GREATER_EQUAL, done);
    asm.opImm(CMP, RBP, limit);
    asm.jumpIf(LESS, top);
    asm.place(done);
  }

  /** Runs code for each run of terms of the tile at RSI; RCX stands at the run. */
  private void eachRun(Writer asm, Runnable body) {
    if (pairing.runs() == 1) {
      asm.mov(RCX, RSI);
      body.run();
      return;
    }
    asm.lea(R14, R8, entries);
    asm.movImm(R15, pairing.runs());
    int next = asm.here();
    asm.loadSigned32(RCX, R14, NONE, 1, 0);
    asm.op(ADD, RCX, RSI);
    body.run();
    asm.add(R14, 4);
    asm.dec(R15);
    asm.jumpIf(NOT_EQUAL, next);
  }

  /**
   * Leaves if the tile has the expected size, or none that a scale could mend, all zeros for one.
   * If not, makes a copy that has: RSI then stands there, R10 is the way to it, R11 by what the
   * tile's sums are to be multiplied.
   */
  private void scale(Writer asm, int px, int leave, int usual) {
    asm.v2Imm(EXTRACTF64X4, ZMM, LARGEST, 0, 1);
    asm.v(MAXPS, YMM, 0, 0, LARGEST);
    asm.v2Imm(EXTRACTF128, YMM, 0, 1, 1);
    asm.v(MAXPS, XMM, 0, 0, 1);
    asm.v(MOVHLPS, XMM, 1, 0, 0);
    asm.v(MAXPS, XMM, 0, 0, 1);
    asm.vImm(SHUFPS, XMM, 1, 0, 0, 1);
    asm.v(MAXPS, XMM, 0, 0, 1);
    exponent(asm, 0);
    int record = recordsAt(all());
    asm.opImm(SUB, RAX, Math.getExponent((float) pairing.size()) + BIAS - BELOW_BITS);
    asm.opImm(CMP, RAX, BELOW_BITS + ABOVE_BITS + 1);
    asm.jumpIf(BELOW, leave);
    if (mirror == 0) {
      asm.jump(usual);
      return;
    }
    asm.movImm(RCX, BIAS + BELOW_BITS);
    asm.op(SUB, RCX, RAX);
    asm.mov(RAX, RCX);
    asm.opImm(SUB, RAX, BIAS - EXTREME);
    asm.opImm(CMP, RAX, 2 * EXTREME);
    asm.jumpIf(ABOVE, usual);
    asm.shiftLeft(RCX, MANTISSA);
    asm.store32(RDX, RBP, 8, record, RCX);
    asm.vLoad(BROADCASTSS, ZMM, X, RDX, RBP, 8, record);
    asm.movImm(R11, 2L * BIAS << MANTISSA);
    asm.op(SUB, R11, RCX);
    if (pairing.grouped()) {
      copyGroup(asm, px);
    } else {
      eachRun(asm, () -> copy(asm, px));
    }
    asm.movImm(R10, mirror);
    asm.op(ADD, RSI, R10);
  }

  /** The exponent of a register's first float without its sign in RAX. */
  private void exponent(Writer asm, int from) {
    int record = recordsAt(all());
    asm.vStore(MOVD_STORE, XMM, RDX, RBP, 8, record, from);
    asm.load32(RAX, RDX, RBP, 8, record);
    asm.shiftRight(RAX, MANTISSA);
    asm.opImm(AND, RAX, NOT_FINITE);
  }

  /** Copies the terms of a run that begins at RCX, multiplied. */
  private void copy(Writer asm, int px) {
    int whole = pairing.run() / asm.lanes;
    if (whole > 0) {
      asm.movImm(RAX, whole);
      int top = asm.here();
      move(asm, px, 0, 0);
      asm.add(RCX, asm.bytes);
      asm.dec(RAX);
      asm.jumpIf(NOT_EQUAL, top);
    }
    if (pairing.run() % asm.lanes > 0) {
      move(asm, px, LAST_TERMS | ZEROING, LAST_TERMS);
    }
  }

  /** Copies a group's terms, multiplied, by its list of vectors and their masks. */
  private void copyGroup(Writer asm, int px) {
    asm.imul(R15, RBX, record);
    asm.op(ADD, R15, R8);
    asm.movImm(R10, (record - PairedGroups.COPIES) / 8);
    int top = asm.here();
    asm.loadSigned32(RCX, R15, NONE, 1, entries + PairedGroups.COPIES);
    asm.load32(RAX, R15, NONE, 1, entries + PairedGroups.COPIES + 4);
    asm.op(ADD, RCX, RSI);
    asm.kmov(LISTED, RAX);
    move(asm, px, LISTED | ZEROING, LISTED);
    asm.add(R15, 8);
    asm.dec(R10);
    asm.jumpIf(NOT_EQUAL, top);
  }

  private void move(Writer asm, int px, int load, int store) {
    for (int p = 0; p < px; p++) {
      asm.vMem(MOVUPS_LOAD, ZMM, Y, 0, RCX, NONE, 1, p * inStep, load);
      asm.v(MULPS, ZMM, Y, Y, X);
      asm.vMem(MOVUPS_STORE, ZMM, Y, 0, RCX, NONE, 1, p * inStep + mirror, store);
    }
  }

  /** The pairs of a run that begins at RCX. */
  private void sums(Writer asm, int px) {
    int whole = pairing.pairs() / asm.lanes;
    if (whole > 1) {
      asm.movImm(RAX, whole);
      int top = asm.here();
      step(asm, px, 0);
      asm.add(RCX, asm.bytes);
      asm.dec(RAX);
      asm.jumpIf(NOT_EQUAL, top);
    } else if (whole == 1) {
      step(asm, px, 0);
      asm.add(RCX, asm.bytes);
    }
    if (pairing.pairs() % asm.lanes > 0) {
      step(asm, px, LAST | ZEROING);
    }
  }

  /** A vector of pairs, or as many of it as a mask leaves. */
  private void step(Writer asm, int px, int mask) {
    for (int p = 0; p < px; p++) {
      int at = p * inStep;
      asm.vMem(MOVUPS_LOAD, ZMM, X, 0, RCX, NONE, 1, at, mask);
      if (pairing.grouped()) {
        asm.vMem(MOVUPS_LOAD, ZMM, Y, 0, RCX, R14, 1, at, mask);
      } else {
        asm.vMem(MOVUPS_LOAD, ZMM, Y, 0, RCX, NONE, 1, at + pairing.pairs() * 4, mask);
      }
      asm.v(FNMADD231, ZMM, p, X, Y);
      asm.v(ANDPS, ZMM, X, X, MAGNITUDE);
      asm.v(MAXPS, ZMM, LARGEST, LARGEST, X);
    }
  }

  /** Stores the sums of up to four pixels' vectors behind each other. */
  private void store(Writer asm, int p, int count) {
    // Only the first registers can be added pairwise; those of the first pixels are free again.
    int low = p < 16 ? p : 0;
    for (int i = 0; i < count; i++) {
      halve(asm, low + i, p + i);
    }
    int second = low + Math.min(1, count - 1);
    // Every second pair counts with the other sign.
    asm.v(HSUBPS, YMM, low, low, second);
    if (count > 2) {
      asm.v(HSUBPS, YMM, second, low + 2, low + count - 1);
    }
    asm.v(HADDPS, YMM, low, low, count > 2 ? second : low);
    quarter(asm, low);
    // What is not finite stays so in a sum.
    asm.v(ADDPS, XMM, X, X, low);
    int at = p * 4;
    switch (count) {
      case 4 -> asm.vStore(MOVUPS_STORE, XMM, RCX, at, low);
      case 3 -> {
        asm.vStore(MOVQ_STORE, XMM, RCX, at, low);
        asm.v(MOVHLPS, XMM, low, low, low);
        asm.vStore(MOVSS_STORE, XMM, RCX, at + 8, low);
      }
      case 2 -> asm.vStore(MOVQ_STORE, XMM, RCX, at, low);
      default -> asm.vStore(MOVSS_STORE, XMM, RCX, at, low);
    }
  }

  /** Adds the halves of a register. */
  private static void halve(Writer asm, int to, int from) {
    asm.v2Imm(EXTRACTF64X4, ZMM, from, Y, 1);
    asm.v(ADDPS, YMM, to, from, Y);
  }

  /** Adds the halves of half a register. */
  private static void quarter(Writer asm, int x) {
    asm.v2Imm(EXTRACTF128, YMM, x, Y, 1);
    asm.v(ADDPS, XMM, x, x, Y);
  }
}
