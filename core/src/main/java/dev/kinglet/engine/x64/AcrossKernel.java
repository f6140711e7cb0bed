package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * All channels of each pixel reduced to one number, in the first lane of the output's pixel.
 *
 * <p>A tile is one pixel. RDI: input, channels behind each other. RDX: output. R8: tables.
 *
 * @param kind maximum, minimum or sum times {@code factor}
 * @param tiles pixels
 * @param channels of a pixel
 * @param factor of a sum
 * @param in the table of pixels' places in the input; {@code out} likewise
 */
record AcrossKernel(
    WindowKernel.Kind kind, int tiles, int channels, float factor, int in, int out) {

  void write(Writer asm) {
    asm.push(R14);
    asm.loadLiterals(R14);
    Share.panels(asm, () -> panel(asm));
    asm.pop(R14);
    asm.ret();
  }

  private int op() {
    return switch (kind) {
      case MAXIMUM -> MAXPS;
      case MINIMUM -> MINPS;
      case SUM, WEIGHTED -> ADDPS;
    };
  }

  private float neutral() {
    return switch (kind) {
      case MAXIMUM -> Float.NEGATIVE_INFINITY;
      case MINIMUM -> Float.POSITIVE_INFINITY;
      case SUM, WEIGHTED -> 0;
    };
  }

  private void panel(Writer asm) {
    int whole = channels / asm.lanes;
    int rest = channels % asm.lanes;
    int top = asm.here();
    asm.loadSigned32(R9, R8, RBP, 4, in);
    asm.op(ADD, R9, RDI);
    asm.loadSigned32(R10, R8, RBP, 4, out);
    asm.op(ADD, R10, RDX);
    asm.loadVector(0, R14, asm.literal(neutral()));
    if (whole > 0) {
      asm.movImm(RCX, whole);
      int vectors = asm.here();
      asm.vMem(op(), asm.width, 0, 0, R9, 0);
      asm.add(R9, asm.bytes);
      asm.dec(RCX);
      asm.jumpIf(NOT_EQUAL, vectors);
    }
    if (rest > 0) {
      int[] keep = new int[16];
      int[] beyond = new int[16];
      for (int lane = 0; lane < 16; lane++) {
        keep[lane] = lane < rest ? -1 : 0;
        beyond[lane] = lane < rest ? 0 : Float.floatToRawIntBits(neutral());
      }
      // What lies behind the pixel's last unit may not be there.
      asm.vLoad(MOVUPS_LOAD, rest > Blocks.UNIT ? asm.width : YMM, 1, R9, 0);
      asm.vMem(ANDPS, asm.width, 1, 1, R14, asm.literal(keep));
      asm.vMem(ORPS, asm.width, 1, 1, R14, asm.literal(beyond));
      asm.three(op(), 0, 0, 1);
    }
    if (asm.wide()) {
      asm.v2Imm(EXTRACTF64X4, ZMM, 0, 1, 1);
      asm.v(op(), YMM, 0, 0, 1);
    }
    asm.v2Imm(EXTRACTF128, YMM, 0, 1, 1);
    asm.v(op(), XMM, 0, 0, 1);
    asm.v(MOVHLPS, XMM, 1, 0, 0);
    asm.v(op(), XMM, 0, 0, 1);
    asm.vImm(SHUFPS, XMM, 1, 0, 0, 1);
    asm.v(op(), XMM, 0, 0, 1);
    if (kind == WindowKernel.Kind.SUM && factor != 1) {
      asm.vMem(MULPS, XMM, 0, 0, R14, asm.literal(factor));
    }
    asm.vStore(MOVSS_STORE, XMM, R10, 0, 0);
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(LESS, top);
  }
}
