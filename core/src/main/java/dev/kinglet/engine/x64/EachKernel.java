package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.graph.Op;

/**
 * Element by element: a function of one value, or two values combined, either of which may be
 * repeated along any axis.
 *
 * <p>A tile is one row of pixels, a pixel some whole vectors and then some halves. RDI: left. RSI:
 * right. RDX: output. R8: tables of rows' places in each, and, where {@code tabled}, of the places
 * of each vector of a pixel.
 *
 * @param combination how two values are combined; {@link Combination#NONE} for one value
 * @param rows tiles
 * @param pixels a row
 * @param vectors a pixel, whole ones
 * @param halves halves of vectors a pixel; at most one if not {@code tabled}
 * @param tabled whether the vectors of a pixel do not lie behind each other
 * @param leftStep bytes from pixel to pixel, 0 if repeated; {@code rightStep}, {@code outStep}
 *     likewise
 * @param leftSingle whether one channel is repeated over all; {@code rightSingle} likewise
 * @param left the table of rows; {@code right} and {@code out} likewise
 * @param blocks the table of vectors: one part for each of left, right and out
 */
record EachKernel(
    Combination combination,
    int rows,
    int pixels,
    int vectors,
    int halves,
    boolean tabled,
    int leftStep,
    int rightStep,
    int outStep,
    boolean leftSingle,
    boolean rightSingle,
    int left,
    int right,
    int out,
    int blocks,
    Op.Activation activation) {

  /** How two values are combined. */
  enum Combination {
    /** There is one value only. */
    NONE,
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a b. */
    MULTIPLY,
    /** a / b. */
    DIVIDE,
    /** a to the power of b. */
    POWER,
    /** The larger. */
    MAXIMUM,
    /** The smaller. */
    MINIMUM,
    /** a where it is not negative, else a b. */
    SLOPE
  }

  private static final int LEFT = 4;
  private static final int RIGHT = 5;

  void write(Writer asm) {
    asm.push(R14);
    asm.push(R15);
    asm.loadLiterals(R14);
    Share.panels(asm, () -> panel(asm));
    asm.pop(R15);
    asm.pop(R14);
    asm.ret();
  }

  private void panel(Writer asm) {
    boolean two = combination != Combination.NONE;
    int row = asm.here();
    asm.loadSigned32(R9, R8, RBP, 4, left);
    asm.op(ADD, R9, RDI);
    if (two) {
      asm.loadSigned32(R10, R8, RBP, 4, right);
      asm.op(ADD, R10, RSI);
    }
    asm.loadSigned32(R11, R8, RBP, 4, out);
    asm.op(ADD, R11, RDX);
    asm.movImm(R15, pixels);
    int pixel = asm.here();
    if (leftSingle) {
      asm.broadcast(LEFT, R9, 0);
    }
    if (two && rightSingle) {
      asm.broadcast(RIGHT, R10, 0);
    }
    vectors(asm, two);
    if (pixels > 1) {
      asm.add(R9, leftStep);
      if (two) {
        asm.add(R10, rightStep);
      }
      asm.add(R11, outStep);
      asm.dec(R15);
      asm.jumpIf(NOT_EQUAL, pixel);
    }
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(LESS, row);
  }

  /** All vectors of a pixel; RCX counts them, RAX stands at the byte of the output. */
  private void vectors(Writer asm, boolean two) {
    if (tabled) {
      asm.zero(RCX);
      if (vectors > 0) {
        tabled(asm, two, asm.width, vectors);
      }
      if (halves > 0) {
        tabled(asm, two, YMM, vectors + halves);
      }
      return;
    }
    if (vectors > 0) {
      whole(asm, two);
    }
    if (halves > 0) {
      vector(asm, two, YMM, NONE, vectors * asm.bytes);
    }
  }

  /** Vectors of this width, from number RCX on, up to a number. */
  private void tabled(Writer asm, boolean two, int width, int to) {
    int part = (vectors + halves) * 4;
    int top = asm.here();
    if (!leftSingle) {
      asm.loadSigned32(RAX, R8, RCX, 4, blocks);
      asm.vLoad(MOVUPS_LOAD, width, 0, R9, RAX, 1, 0);
    }
    if (two && !rightSingle) {
      asm.loadSigned32(RAX, R8, RCX, 4, blocks + part);
      asm.vLoad(MOVUPS_LOAD, width, 1, R10, RAX, 1, 0);
    }
    combine(asm);
    asm.loadSigned32(RAX, R8, RCX, 4, blocks + 2 * part);
    asm.vStore(MOVUPS_STORE, width, R11, RAX, 1, 0, 0);
    asm.inc(RCX);
    asm.opImm(CMP, RCX, to);
    asm.jumpIf(LESS, top);
  }

  /** Whole vectors behind each other. */
  private void whole(Writer asm, boolean two) {
    int unroll = vectors % 4 == 0 ? 4 : vectors % 3 == 0 ? 3 : vectors % 2 == 0 ? 2 : 1;
    if (vectors == unroll) {
      for (int u = 0; u < unroll; u++) {
        vector(asm, two, asm.width, NONE, u * asm.bytes);
      }
      return;
    }
    asm.zero(RAX);
    int top = asm.here();
    for (int u = 0; u < unroll; u++) {
      vector(asm, two, asm.width, RAX, u * asm.bytes);
    }
    asm.add(RAX, unroll * asm.bytes);
    asm.opImm(CMP, RAX, vectors * asm.bytes);
    asm.jumpIf(LESS, top);
  }

  private void vector(Writer asm, boolean two, int width, int index, int at) {
    if (!leftSingle) {
      asm.vLoad(MOVUPS_LOAD, width, 0, R9, index, 1, at);
    }
    if (two && !rightSingle) {
      asm.vLoad(MOVUPS_LOAD, width, 1, R10, index, 1, at);
    }
    combine(asm);
    asm.vStore(MOVUPS_STORE, width, R11, index, 1, at, 0);
  }

  /** Combines register 0 (or the repeated one) with register 1 into register 0. */
  private void combine(Writer asm) {
    int a = leftSingle ? LEFT : 0;
    int b = rightSingle ? RIGHT : 1;
    Functions functions = new Functions(asm, R14, 6, 7, 8, 9);
    switch (combination) {
      case NONE -> {
        if (leftSingle) {
          asm.two(MOVAPS_LOAD, 0, a);
        }
      }
      case ADD -> asm.three(ADDPS, 0, a, b);
      case SUBTRACT -> asm.three(SUBPS, 0, a, b);
      case MULTIPLY -> asm.three(MULPS, 0, a, b);
      case DIVIDE -> asm.three(DIVPS, 0, a, b);
      case MAXIMUM -> asm.three(MAXPS, 0, a, b);
      case MINIMUM -> asm.three(MINPS, 0, a, b);
      case SLOPE -> {
        asm.three(MULPS, 6, a, b);
        asm.zeroVector(7);
        asm.select(1, 0, a, 7, 6, a, 8);
      }
      case POWER -> {
        if (a != 0) {
          asm.two(MOVAPS_LOAD, 0, a);
        }
        if (b != 1) {
          asm.two(MOVAPS_LOAD, 1, b);
        }
        functions.power(0, 1);
      }
    }
    if (activation != null) {
      functions.apply(activation, 0);
    }
  }
}
