package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * Code that makes of a panel's four quarters of weights those of {@link Strassen}'s seven products,
 * called with six numbers while a plan is made.
 *
 * <p>RDI: the first product's panel. RSI: the quarters B11, B12, B21, B22, each term by term. RDX:
 * terms of a quarter. RCX: bytes from one product's panels to the next's. R8: where the first
 * product's panel has its scales.
 */
final class StrassenWeights {
  private StrassenWeights() {}

  /**
   * Writes it.
   *
   * @param vectors of a panel
   * @param head vectors of each channel in front of a panel's weights
   */
  static void write(Writer asm, int vectors, int head) {
    int step = vectors * asm.bytes;
    asm.push(RBX);
    asm.push(RBP);
    asm.push(R12);
    // Bytes of a quarter.
    asm.imul(RBP, RDX, step);
    asm.loadLiterals(R9);
    for (int v = 0; v < vectors; v++) {
      scales(asm, step, v * asm.bytes);
      for (Strassen part : Strassen.values()) {
        if ((part.carry & Carry.FINISH) != 0) {
          asm.imul(RAX, RCX, part.ordinal());
          asm.op(ADD, RAX, R8);
          asm.storeVector(RAX, v * asm.bytes, part.second ? 13 : 12);
        }
      }
      sums(asm, step, head * step + v * asm.bytes, v * asm.bytes);
    }
    asm.pop(R12);
    asm.pop(RBP);
    asm.pop(RBX);
    asm.vzeroupper();
    asm.ret();
  }

  /** Points RAX, R10, R11 and R12 at the quarters, and RBX at the number of terms. */
  private static void begin(Writer asm) {
    asm.mov(RAX, RSI);
    asm.lea(R10, RAX, RBP, 1, 0);
    asm.lea(R11, R10, RBP, 1, 0);
    asm.lea(R12, R11, RBP, 1, 0);
    asm.mov(RBX, RDX);
  }

  private static void next(Writer asm, int step, int top) {
    asm.add(RAX, step);
    asm.add(R10, step);
    asm.add(R11, step);
    asm.add(R12, step);
    asm.dec(RBX);
    asm.jumpIf(NOT_EQUAL, top);
  }

  /**
   * By what a vector of the first half's channels is to be multiplied in register 10, of the second
   * half's in 11; what brings the sums back to size in 12 and 13.
   */
  private static void scales(Writer asm, int step, int at) {
    asm.zeroVector(10);
    asm.zeroVector(11);
    begin(asm);
    int top = asm.here();
    int[] quarters = {RAX, R10, R11, R12};
    for (int q = 0; q < 4; q++) {
      asm.loadVector(0, quarters[q], at);
      asm.vMem(ANDPS, asm.width, 0, 0, R9, asm.literal(Integer.MAX_VALUE));
      asm.three(MAXPS, 10 + q % 2, 10 + q % 2, 0);
    }
    next(asm, step, top);
    asm.loadVector(0, R9, asm.literal(1f));
    for (int side = 0; side < 2; side++) {
      int scale = 10 + side;
      asm.three(DIVPS, scale, 0, scale);
      asm.vMem(MINPS, asm.width, scale, scale, R9, asm.literal(0x1p100f));
      asm.vMem(MAXPS, asm.width, scale, scale, R9, asm.literal(0x1p-100f));
      asm.vMem(ANDPS, asm.width, scale, scale, R9, asm.literal(0xFF80_0000));
      asm.loadVector(12 + side, R9, asm.literal(0x7F00_0000));
      asm.three(PSUBD, 12 + side, 12 + side, scale);
    }
  }

  /** One vector of channels of all seven products. */
  private static void sums(Writer asm, int step, int to, int at) {
    asm.push(RDI);
    begin(asm);
    int top = asm.here();
    int[] quarters = {RAX, R10, R11, R12};
    for (int q = 0; q < 4; q++) {
      asm.loadVector(q, quarters[q], at);
      asm.three(MULPS, q, q, 10 + q % 2);
    }
    // T1 = B12 - B11, T2 = B22 - T1, T3 = B22 - B12, -T4 = B21 - T2.
    asm.three(SUBPS, 4, 1, 0);
    asm.three(SUBPS, 5, 3, 4);
    asm.three(SUBPS, 6, 3, 1);
    asm.three(SUBPS, 7, 2, 5);
    int[] weights = {0, 2, 5, 6, 7, 4, 3};
    asm.push(RDI);
    for (Strassen part : Strassen.values()) {
      asm.storeVector(RDI, to, weights[part.ordinal()]);
      asm.op(ADD, RDI, RCX);
    }
    asm.pop(RDI);
    asm.add(RDI, step);
    next(asm, step, top);
    asm.pop(RDI);
  }
}
