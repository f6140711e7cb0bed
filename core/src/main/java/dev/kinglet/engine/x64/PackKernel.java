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

  /**
   * Scales a panel's weights for {@link Pairing}, and fills its head. RDI: the panel, whose first
   * vectors hold biases. RSI: rows. RDX: runs. RCX: units of a run. R8: rows behind them. R9: bits
   * of what the largest weight may be.
   *
   * @param lanes of a panel, whole vectors of 512 bits
   */
  static void pairs(Writer asm, int lanes) {
    int step = lanes * 4;
    asm.push(RBX);
    asm.push(R9);
    asm.broadcast(9, RSP, 0);
    asm.store(RSP, 0, RDX);
    asm.loadLiterals(R9);
    asm.movImm(RBX, lanes / asm.lanes);
    int vector = asm.here();
    // The largest weight of each lane, and from it the power of two that scales the lane.
    asm.zeroVector(0);
    asm.lea(R10, RDI, Pairing.HEAD * step);
    asm.mov(R11, RSI);
    int look = asm.here();
    asm.loadVector(1, R10, 0);
    asm.vMem(ANDPS, asm.width, 1, 1, R9, asm.literal(Integer.MAX_VALUE));
    asm.three(MAXPS, 0, 0, 1);
    asm.add(R10, step);
    asm.dec(R11);
    asm.jumpIf(NOT_EQUAL, look);
    asm.three(DIVPS, 2, 9, 0);
    asm.vMem(MINPS, asm.width, 2, 2, R9, asm.literal(0x1p100f));
    asm.vMem(MAXPS, asm.width, 2, 2, R9, asm.literal(0x1p-100f));
    asm.vMem(ANDPS, asm.width, 2, 2, R9, asm.literal(0xFF80_0000));
    asm.zeroVector(3);
    asm.lea(R10, RDI, Pairing.HEAD * step);
    asm.load(RDX, RSP, 0);
    int run = asm.here();
    asm.mov(R11, RCX);
    int unit = asm.here();
    for (int row = 0; row < Pairing.UNIT; row++) {
      scaled(asm, 4 + row % 4, row * step);
      if (row == 3) {
        asm.three(FMADD231, 3, 4, 6);
        asm.three(FNMADD231, 3, 5, 7);
      }
    }
    asm.add(R10, Pairing.UNIT * step);
    asm.dec(R11);
    asm.jumpIf(NOT_EQUAL, unit);
    int last = asm.label();
    asm.mov(R11, R8);
    asm.test(R11, R11);
    asm.jumpIf(EQUAL, last);
    int rest = asm.here();
    scaled(asm, 4, 0);
    asm.add(R10, step);
    asm.dec(R11);
    asm.jumpIf(NOT_EQUAL, rest);
    asm.place(last);
    asm.dec(RDX);
    asm.jumpIf(NOT_EQUAL, run);
    // 1 / scale, by its exponent.
    asm.loadVector(5, R9, asm.literal(0x7F00_0000));
    asm.three(PSUBD, 5, 5, 2);
    asm.loadVector(6, RDI, 0);
    asm.storeVector(RDI, 2 * step, 6);
    asm.storeVector(RDI, step, 5);
    asm.storeVector(RDI, 0, 3);
    asm.add(RDI, asm.bytes);
    asm.dec(RBX);
    asm.jumpIf(NOT_EQUAL, vector);
    asm.pop(RDX);
    asm.pop(RBX);
    asm.vzeroupper();
    asm.ret();
  }

  private static void scaled(Writer asm, int to, int disp) {
    asm.loadVector(to, R10, disp);
    asm.three(MULPS, to, to, 2);
    asm.storeVector(R10, disp, to);
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
