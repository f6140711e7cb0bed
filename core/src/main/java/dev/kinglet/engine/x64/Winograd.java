package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Vectors.*;

/**
 * Minimal filtering along one axis: some neighbouring outputs of three taps from as many products
 * as inputs (Winograd 1980; for images Lavin and Gray 2016).
 *
 * <p>A tile of inputs is transformed along both axes, multiplied by transformed weights number by
 * number, summed over the channels, and transformed back. The transforms evaluate polynomials at
 * points and at infinity. {@link #FOUR} takes the points 0, ±3/4 and ±3/2: their coefficients are
 * exact in single precision, and the error is half of that with 0, ±1 and ±2.
 *
 * <p>Code works on registers 0 to 15, the constants among them.
 */
enum Winograd {
  /** Two outputs an axis from 4 inputs: 16 products instead of 36. */
  TWO(2),
  /** Four outputs an axis from 6 inputs: 36 products instead of 144. */
  FOUR(4);

  /** The first of four registers that a transform back leaves free behind it. */
  static final int SPARE = 6;

  private static final int CONSTANTS = 10;
  private static final int WEIGHT_CONSTANTS = 6;

  private static final double A = 0.75;
  private static final double B = 1.5;
  private static final double AA = A * A;
  private static final double BB = B * B;
  private static final double OF_A = 1 / (2 * AA * (AA - BB));
  private static final double OF_B = 1 / (2 * BB * (BB - AA));
  private static final int[] TWO_RESULTS = {0, 1};
  private static final int[] FOUR_RESULTS = {0, 2, 4, 5};

  /** Outputs an axis. */
  final int outputs;

  /** Inputs, and products, an axis. */
  final int inputs;

  Winograd(int outputs) {
    this.outputs = outputs;
    this.inputs = outputs + 2;
  }

  /** Products of a tile. */
  int products() {
    return inputs * inputs;
  }

  /** What becomes of a result. */
  interface Store {
    void store(int index, int register);
  }

  private static void constants(Writer asm, int literals, int first, double... values) {
    for (int i = 0; i < values.length; i++) {
      asm.loadVector(first + i, literals, asm.literal((float) values[i]));
    }
  }

  /** The constants of {@link #forward}. */
  void forwardConstants(Writer asm, int literals) {
    if (this == FOUR) {
      constants(asm, literals, CONSTANTS, A, B, AA, BB, AA + BB, AA * BB);
    }
  }

  /** Transforms inputs in registers 0, 1, ...; they are clobbered. */
  void forward(Writer asm, Store to) {
    switch (this) {
      case TWO -> {
        asm.three(SUBPS, 6, 0, 2);
        to.store(0, 6);
        asm.three(ADDPS, 7, 1, 2);
        to.store(1, 7);
        asm.three(SUBPS, 8, 2, 1);
        to.store(2, 8);
        asm.three(SUBPS, 3, 3, 1);
        to.store(3, 3);
      }
      case FOUR -> {
        int a = CONSTANTS;
        int b = a + 1;
        int aa = a + 2;
        int bb = a + 3;
        int sum = a + 4;
        int product = a + 5;
        asm.two(MOVAPS_LOAD, 6, 4);
        asm.three(FNMADD231, 6, sum, 2);
        asm.three(FMADD231, 6, product, 0);
        to.store(0, 6);
        asm.three(FNMADD231, 5, sum, 3);
        asm.three(FMADD231, 5, product, 1);
        to.store(5, 5);
        asm.two(MOVAPS_LOAD, 7, 4);
        asm.two(MOVAPS_LOAD, 8, 3);
        asm.three(FNMADD231, 7, bb, 2);
        asm.three(FNMADD231, 8, bb, 1);
        pair(asm, 7, 8, a, 0, 1, to);
        asm.three(FNMADD231, 4, aa, 2);
        asm.three(FNMADD231, 3, aa, 1);
        pair(asm, 4, 3, b, 6, 3, to);
      }
    }
  }

  /** The values at a point and at its opposite, from the even and the odd part. */
  private static void pair(Writer asm, int even, int odd, int point, int t, int at, Store to) {
    asm.two(MOVAPS_LOAD, t, even);
    asm.three(FMADD231, t, point, odd);
    to.store(at, t);
    asm.three(FNMADD231, even, point, odd);
    to.store(at + 1, even);
  }

  /** The constants of {@link #back}. */
  void backConstants(Writer asm, int literals) {
    if (this == FOUR) {
      constants(asm, literals, CONSTANTS, A, B, AA, BB, A * AA, B * BB);
    }
  }

  /** The registers of the outputs after {@link #back}. */
  int[] results() {
    return this == TWO ? TWO_RESULTS : FOUR_RESULTS;
  }

  /** Transforms sums in registers 0, 1, ... into the first {@code needed} outputs. */
  void back(Writer asm, int needed) {
    switch (this) {
      case TWO -> {
        asm.three(ADDPS, 6, 1, 2);
        asm.three(ADDPS, 0, 0, 6);
        if (needed > 1) {
          asm.three(SUBPS, 1, 1, 2);
          asm.three(ADDPS, 1, 1, 3);
        }
      }
      case FOUR -> {
        int a = CONSTANTS;
        int b = a + 1;
        asm.three(ADDPS, 6, 1, 2);
        asm.three(ADDPS, 7, 3, 4);
        asm.three(ADDPS, 0, 0, 6);
        asm.three(ADDPS, 0, 0, 7);
        if (needed > 1) {
          asm.three(SUBPS, 1, 1, 2);
          asm.three(SUBPS, 3, 3, 4);
          asm.three(MULPS, 2, 1, a);
          asm.three(FMADD231, 2, 3, b);
        }
        if (needed > 2) {
          asm.three(MULPS, 4, 6, a + 2);
          asm.three(FMADD231, 4, 7, a + 3);
        }
        if (needed > 3) {
          asm.three(FMADD231, 5, 1, a + 4);
          asm.three(FMADD231, 5, 3, a + 5);
        }
      }
    }
  }

  /** The constants of {@link #weights}. */
  void weightConstants(Writer asm, int literals) {
    switch (this) {
      case TWO -> constants(asm, literals, WEIGHT_CONSTANTS, 0.5);
      case FOUR ->
          constants(
              asm,
              literals,
              WEIGHT_CONSTANTS,
              1 / (AA * BB),
              OF_A,
              OF_A * A,
              OF_A * AA,
              OF_B,
              OF_B * B,
              OF_B * BB);
    }
  }

  /** Transforms three taps in registers 0, 1 and 2. */
  void weights(Writer asm, Store to) {
    int c = WEIGHT_CONSTANTS;
    switch (this) {
      case TWO -> {
        to.store(0, 0);
        to.store(3, 2);
        asm.three(ADDPS, 3, 0, 2);
        asm.three(ADDPS, 4, 3, 1);
        asm.three(MULPS, 4, 4, c);
        to.store(1, 4);
        asm.three(SUBPS, 3, 3, 1);
        asm.three(MULPS, 3, 3, c);
        to.store(2, 3);
      }
      case FOUR -> {
        asm.three(MULPS, 3, 0, c);
        to.store(0, 3);
        to.store(5, 2);
        for (int point = 0; point < 2; point++) {
          int of = c + 1 + 3 * point;
          asm.three(MULPS, 3, 0, of);
          asm.three(FMADD231, 3, 2, of + 2);
          asm.three(MULPS, 4, 1, of + 1);
          asm.three(ADDPS, 5, 3, 4);
          to.store(1 + 2 * point, 5);
          asm.three(SUBPS, 3, 3, 4);
          to.store(2 + 2 * point, 3);
        }
      }
    }
  }
}
