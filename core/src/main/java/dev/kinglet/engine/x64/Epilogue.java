package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.graph.Op;
import java.util.Arrays;

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

  /** The activation as numbers; a record's own equality is slow until it has been compiled. */
  private int[] numbers() {
    if (activation == null) {
      return new int[0];
    }
    int alpha = Float.floatToIntBits(activation.alpha());
    int beta = Float.floatToIntBits(activation.beta());
    return new int[] {activation.function().ordinal(), alpha, beta};
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Epilogue that
        && residual == that.residual
        && Arrays.equals(numbers(), that.numbers());
  }

  @Override
  public int hashCode() {
    return 31 * residual.ordinal() + Arrays.hashCode(numbers());
  }

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
