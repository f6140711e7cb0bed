package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

/**
 * Weights of 3x3 taps transformed for {@link Winograd}'s products, while a plan is made.
 *
 * <p>Called as a function. RDI: where a vector of the first product's first term goes. RSI: taps, a
 * vector each, nine a term. RDX: bytes from product to product. RCX: terms. R8: bytes from term to
 * term.
 */
final class WinogradWeights {
  /** Taps of a window. */
  static final int TAPS = 9;

  private static final int AXIS = 3;

  private WinogradWeights() {}

  static void write(Writer asm, Winograd size) {
    int n = size.inputs;
    asm.mov(R11, RSP);
    asm.opImm(SUB, RSP, n * AXIS * asm.bytes);
    asm.opImm(AND, RSP, -64);
    asm.loadLiterals(RAX);
    size.weightConstants(asm, RAX);
    int top = asm.here();
    for (int column = 0; column < AXIS; column++) {
      for (int row = 0; row < AXIS; row++) {
        asm.loadVector(row, RSI, (row * AXIS + column) * asm.bytes);
      }
      int at = column;
      size.weights(asm, (i, x) -> asm.storeVector(RSP, (i * AXIS + at) * asm.bytes, x));
    }
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < AXIS; column++) {
        asm.loadVector(column, RSP, (row * AXIS + column) * asm.bytes);
      }
      int at = row;
      size.weights(
          asm,
          (i, x) -> {
            asm.imul(RAX, RDX, at * n + i);
            asm.op(ADD, RAX, RDI);
            asm.storeVector(RAX, 0, x);
          });
    }
    asm.add(RSI, TAPS * asm.bytes);
    asm.op(ADD, RDI, R8);
    asm.dec(RCX);
    asm.jumpIf(NOT_EQUAL, top);
    asm.mov(RSP, R11);
    asm.vzeroupper();
    asm.ret();
  }
}
