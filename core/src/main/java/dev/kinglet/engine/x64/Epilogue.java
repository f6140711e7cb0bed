package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.graph.Op;

/**
 * What is done with finished sums before they are stored.
 *
 * @param activation applied to each; null for none
 * @param residual whether another value is added, and when
 */
record Epilogue(Op.Activation activation, Residual residual) {
  /** When another value of the result's shape is added. */
  enum Residual {
    /** Never. */
    NONE,
    /** Before the activation. */
    BEFORE,
    /** After it. */
    AFTER
  }

  static final Epilogue PLAIN = new Epilogue(null, Residual.NONE);

  boolean residualRead() {
    return residual != Residual.NONE;
  }

  /** Applies this to a register; the residual stands at a register and a displacement. */
  void apply(Writer asm, Functions functions, int width, int x, int base, int disp) {
    if (residual == Residual.BEFORE) {
      asm.vMem(ADDPS, width, x, x, base, disp);
    }
    if (activation != null) {
      functions.apply(activation, x);
    }
    if (residual == Residual.AFTER) {
      asm.vMem(ADDPS, width, x, x, base, disp);
    }
  }
}
