package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * The last vector of a panel, of which only the first floats may be stored.
 *
 * @param floats that are stored; of whole vectors all
 */
record Tail(int floats) {
  /** The mask of the floats that are stored. */
  private static final int MASK = 1;

  /** How wide the registers are that hold so many floats. */
  int width(Writer asm) {
    return floats <= 8 ? YMM : asm.width;
  }

  private boolean masked(Writer asm) {
    return asm.wide() && floats != 4 && floats != 8 && floats != asm.lanes;
  }

  /** Sets the mask that {@link #store} needs, if it needs one; RAX is clobbered. */
  void prepare(Writer asm) {
    if (masked(asm)) {
      asm.movImm(RAX, (1 << floats) - 1);
      asm.kmov(MASK, RAX);
    }
  }

  /** Stores the floats of a register behind RAX; the register is clobbered. */
  void store(Writer asm, int at, int x) {
    if (masked(asm)) {
      asm.vMem(MOVUPS_STORE, width(asm), x, 0, RAX, NONE, 1, at, MASK);
      return;
    }
    if (floats % 8 == 0) {
      asm.vStore(MOVUPS_STORE, width(asm), RAX, at, x);
      return;
    }
    int stored = 0;
    if (floats >= 4) {
      asm.vStore(MOVUPS_STORE, XMM, RAX, at, x);
      stored = 4;
      if (floats > 4) {
        asm.v2Imm(EXTRACTF128, YMM, x, x, 1);
      }
    }
    if (floats - stored >= 2) {
      asm.vStore(MOVQ_STORE, XMM, RAX, at + stored * 4, x);
      stored += 2;
      asm.v(MOVHLPS, XMM, x, x, x);
    }
    if (floats > stored) {
      asm.vStore(MOVSS_STORE, XMM, RAX, at + stored * 4, x);
    }
  }
}
