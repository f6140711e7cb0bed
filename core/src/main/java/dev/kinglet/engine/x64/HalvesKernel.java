package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import java.util.Arrays;

/**
 * Sums and differences of quarters of a product's pixels and terms, as {@link Strassen} needs them:
 * S1 and S2 beside each other as the halves of a pixel, S3 and S4 the same behind them.
 *
 * <p>RDI: input. RDX: the sums. R8: tables. R13: one panel, whose tiles are the pixels of a half.
 *
 * @param terms of a half, at least a vector
 * @param step bytes from pixel to pixel of the sums
 * @param second bytes from S1 to S3
 * @param top where in the tables the places of the top's pixels stand
 * @param bottom the same for the bottom's
 */
record HalvesKernel(int terms, int step, int second, int top, int bottom) {
  private int[] numbers() {
    return new int[] {terms, step, second, top, bottom};
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HalvesKernel that && Arrays.equals(numbers(), that.numbers());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers());
  }

  void write(Writer asm) {
    Share.panels(
        asm,
        () -> {
          asm.imul(R10, RBP, step);
          asm.op(ADD, R10, RDX);
          int top = asm.here();
          pixel(asm);
          asm.add(R10, step);
          asm.inc(RBP);
          asm.op(CMP, RBP, R12);
          asm.jumpIf(LESS, top);
        });
    asm.ret();
  }

  private void pixel(Writer asm) {
    asm.loadSigned32(RAX, R8, RBP, 4, top);
    asm.loadSigned32(RCX, R8, RBP, 4, bottom);
    asm.op(ADD, RAX, RDI);
    asm.op(ADD, RCX, RDI);
    int whole = terms / asm.lanes;
    asm.zero(R9);
    int next = asm.here();
    vector(asm, 0);
    asm.add(R9, asm.bytes);
    asm.opImm(CMP, R9, whole * asm.bytes);
    asm.jumpIf(LESS, next);
    if (terms % asm.lanes > 0) {
      // The last vector has some terms of the one before once more.
      vector(asm, (terms % asm.lanes - asm.lanes) * 4);
    }
  }

  /** One vector of each quarter, R9 bytes and some more from its first. */
  private void vector(Writer asm, int at) {
    int right = at + terms * 4;
    asm.vLoad(MOVUPS_LOAD, asm.width, 0, RAX, R9, 1, at);
    asm.vLoad(MOVUPS_LOAD, asm.width, 1, RCX, R9, 1, at);
    asm.vMem(ADDPS, asm.width, 2, 1, RCX, R9, 1, right, 0);
    asm.three(SUBPS, 3, 2, 0);
    asm.three(SUBPS, 0, 0, 1);
    asm.vLoad(MOVUPS_LOAD, asm.width, 4, RAX, R9, 1, right);
    asm.three(SUBPS, 4, 4, 3);
    asm.vStore(MOVUPS_STORE, asm.width, R10, R9, 1, at, 2);
    asm.vStore(MOVUPS_STORE, asm.width, R10, R9, 1, right, 3);
    asm.vStore(MOVUPS_STORE, asm.width, R10, R9, 1, second + at, 0);
    asm.vStore(MOVUPS_STORE, asm.width, R10, R9, 1, second + right, 4);
  }
}
