package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * Code that brings weights into the order in which kernels read them, while a plan is made.
 *
 * <p>Each is called with six numbers, as a function.
 */
final class PackKernel {
  private PackKernel() {}

  /**
   * One panel: {@code to[k][lane] = from[row[lane] + term[k]] * scale[lane]}. RDI: to. RSI: from.
   * RDX: byte offsets of terms. RCX: how many. R8: byte offsets of lanes. R9: scales.
   *
   * @param lanes of a panel
   */
  static void panel(Writer asm, int lanes) {
    int top = asm.here();
    asm.loadSigned32(RAX, RDX, NONE, 1, 0);
    asm.op(ADD, RAX, RSI);
    for (int lane = 0; lane < lanes; lane++) {
      asm.loadSigned32(R10, R8, NONE, 1, lane * 4);
      asm.vLoad(MOVSS_LOAD, XMM, lane & 7, RAX, R10, 1, 0);
      asm.vMem(MULSS, XMM, lane & 7, lane & 7, R9, lane * 4);
      asm.vStore(MOVSS_STORE, XMM, RDI, lane * 4, lane & 7);
    }
    asm.add(RDI, lanes * 4);
    asm.add(RDX, 4);
    asm.dec(RCX);
    asm.jumpIf(NOT_EQUAL, top);
    asm.ret();
  }

  /** Half-precision numbers made single. RDI: to. RSI: from. RDX: how many vectors of 8. */
  static void halves(Writer asm) {
    int top = asm.here();
    asm.vLoad(CVTPH2PS, YMM, 0, RSI, 0);
    asm.vStore(MOVUPS_STORE, YMM, RDI, 0, 0);
    asm.add(RSI, 16);
    asm.add(RDI, 32);
    asm.dec(RDX);
    asm.jumpIf(NOT_EQUAL, top);
    asm.vzeroupper();
    asm.ret();
  }
}
