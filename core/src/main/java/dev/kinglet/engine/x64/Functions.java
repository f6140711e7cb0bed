package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.graph.Op;

/**
 * Functions of one number on whole vectors, in place.
 *
 * <p>Exponentials are {@code 2^n} times a polynomial over half a binade each way (Taylor, degree
 * 7), logarithms a polynomial over {@code sqrt(1/2)..sqrt(2)} (Cephes' logf coefficients), the
 * error function Abramowitz and Stegun 7.1.26. A maximum or minimum takes the argument last, so
 * that NaN stays NaN.
 */
final class Functions {
  /** Spare registers that every function may need beside its argument. */
  static final int TEMPORARIES = 4;

  private static final int LESS_THAN = 1;
  private static final int EQUAL_TO = 0;
  private static final int NEAREST = 8;

  private final Writer asm;

  /** The register that points at the constants. */
  private final int literals;

  private final int t0;
  private final int t1;
  private final int t2;
  private final int t3;

  Functions(Writer asm, int literals, int t0, int t1, int t2, int t3) {
    this.asm = asm;
    this.literals = literals;
    this.t0 = t0;
    this.t1 = t1;
    this.t2 = t2;
    this.t3 = t3;
  }

  /** An operation whose last operand is a constant. */
  private void with(int op, int to, int a, float value) {
    asm.vMem(op, asm.width, to, a, literals, asm.literal(value));
  }

  private void withBits(int op, int to, int a, int bits) {
    asm.vMem(op, asm.width, to, a, literals, asm.literal(bits));
  }

  private void constant(int to, float value) {
    asm.loadVector(to, literals, asm.literal(value));
  }

  private void three(int op, int to, int a, int b) {
    asm.three(op, to, a, b);
  }

  private void move(int to, int from) {
    asm.two(MOVAPS_LOAD, to, from);
  }

  /** Replaces {@code x} by the function of it. */
  void apply(Op.Activation activation, int x) {
    float a = activation.alpha();
    float b = activation.beta();
    switch (activation.function()) {
      case RELU -> atLeastZero(x);
      case RELU6 -> clip(x, 0, 6);
      case CLIP -> clip(x, a, b);
      case HARD_SIGMOID -> {
        constant(t0, b);
        with(FMADD132, x, t0, a);
        clip(x, 0, 1);
      }
      case HARD_SWISH -> {
        with(ADDPS, t0, x, 3);
        clip(t0, 0, 6);
        with(MULPS, t0, t0, 1 / 6f);
        three(MULPS, x, x, t0);
      }
      case SIGMOID -> sigmoid(x);
      case SILU -> {
        move(t3, x);
        sigmoid(x);
        three(MULPS, x, x, t3);
      }
      case TANH -> tanh(x);
      case GELU -> {
        move(t3, x);
        with(MULPS, x, x, (float) Math.sqrt(0.5));
        errorFunction(x);
        with(ADDPS, x, x, 1);
        three(MULPS, x, x, t3);
        with(MULPS, x, x, 0.5f);
      }
      case GELU_TANH -> {
        move(t3, x);
        three(MULPS, t0, x, x);
        with(MULPS, t0, t0, 0.044715f);
        with(ADDPS, t0, t0, 1);
        three(MULPS, x, x, t0);
        with(MULPS, x, x, (float) (2 * Math.sqrt(2 / Math.PI)));
        sigmoid(x);
        three(MULPS, x, x, t3);
      }
      case LEAKY_RELU -> {
        with(MULPS, t0, x, a);
        asm.zeroVector(t1);
        asm.select(LESS_THAN, x, x, t1, t0, x, t2);
      }
      case ELU -> elu(x, 1, a, 1);
      case SELU -> elu(x, 1, a * b, b);
      case CELU -> elu(x, 1 / a, a, 1);
      case ERF -> errorFunction(x);
      case SQRT -> asm.two(SQRTPS, x, x);
      case EXP -> exp(x);
      case LOG -> {
        move(t3, x);
        log(x);
        asm.zeroVector(t1);
        constant(t0, Float.NEGATIVE_INFINITY);
        asm.select(EQUAL_TO, x, t3, t1, t0, x, t2);
        constant(t0, Float.NaN);
        asm.select(LESS_THAN, x, t3, t1, t0, x, t2);
        constant(t0, Float.POSITIVE_INFINITY);
        asm.select(EQUAL_TO, x, t3, t0, t0, x, t2);
      }
      case ABS -> withBits(ANDPS, x, x, 0x7FFF_FFFF);
      case NEGATE -> withBits(XORPS, x, x, 0x8000_0000);
      case RECIPROCAL -> {
        constant(t0, 1);
        three(DIVPS, x, t0, x);
      }
      case SOFTPLUS -> {
        move(t3, x);
        withBits(ORPS, x, x, 0x8000_0000);
        exp(x);
        with(ADDPS, x, x, 1);
        log(x);
        asm.zeroVector(t0);
        three(MAXPS, t0, t0, t3);
        three(ADDPS, x, x, t0);
      }
      case SOFTSIGN -> {
        withBits(ANDPS, t0, x, 0x7FFF_FFFF);
        with(ADDPS, t0, t0, 1);
        three(DIVPS, x, x, t0);
      }
      case MISH -> {
        move(t3, x);
        constant(t0, 20);
        three(MINPS, x, t0, x);
        exp(x);
        with(ADDPS, t0, x, 2);
        three(MULPS, x, x, t0);
        with(ADDPS, t0, x, 2);
        three(DIVPS, x, x, t0);
        three(MULPS, x, x, t3);
      }
      case FLOOR -> asm.v2Imm(ROUNDPS, asm.width, x, x, 9);
      case CEIL -> asm.v2Imm(ROUNDPS, asm.width, x, x, 10);
    }
  }

  private void atLeastZero(int x) {
    asm.zeroVector(t0);
    three(MAXPS, x, t0, x);
  }

  /** Uses t1 only, so that t0 may be the argument. */
  private void clip(int x, float low, float high) {
    if (low == 0) {
      asm.zeroVector(t1);
    } else {
      constant(t1, low);
    }
    three(MAXPS, x, t1, x);
    constant(t1, high);
    three(MINPS, x, t1, x);
  }

  /** e^x; uses t0, t1, t2. */
  void exp(int x) {
    constant(t0, -104);
    three(MAXPS, x, t0, x);
    constant(t0, 89);
    three(MINPS, x, t0, x);
    with(MULPS, t0, x, (float) (1 / Math.log(2)));
    asm.v2Imm(ROUNDPS, asm.width, t0, t0, NEAREST);
    with(FNMADD231, x, t0, 0.693359375f);
    with(FNMADD231, x, t0, -2.12194440e-4f);
    constant(t1, 1 / 5040f);
    for (float coefficient : new float[] {1 / 720f, 1 / 120f, 1 / 24f, 1 / 6f, 1 / 2f, 1, 1}) {
      with(FMADD213, t1, x, coefficient);
    }
    // 2^n in two factors, so that results near the ends of the range come out right.
    asm.two(CVTPS2DQ, t0, t0);
    asm.vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, asm.width, t2, t0, 1);
    three(PSUBD, t0, t0, t2);
    withBits(PADDD, t0, t0, 127);
    withBits(PADDD, t2, t2, 127);
    asm.vShift(SHIFT_DWORDS, LEFT, asm.width, t0, t0, 23);
    asm.vShift(SHIFT_DWORDS, LEFT, asm.width, t2, t2, 23);
    three(MULPS, x, t1, t2);
    three(MULPS, x, x, t0);
  }

  /** 1 / (1 + e^-x); uses t0, t1, t2. */
  private void sigmoid(int x) {
    withBits(XORPS, x, x, 0x8000_0000);
    exp(x);
    constant(t0, 1);
    three(ADDPS, x, x, t0);
    three(DIVPS, x, t0, x);
  }

  /** 1 - 2 / (1 + e^2x); near 0 the odd polynomial x - x^3/3 + 2x^5/15. */
  private void tanh(int x) {
    move(t3, x);
    three(ADDPS, x, x, x);
    exp(x);
    constant(t0, 1);
    three(ADDPS, x, x, t0);
    constant(t1, 2);
    three(DIVPS, x, t1, x);
    three(SUBPS, x, t0, x);
    three(MULPS, t0, t3, t3);
    constant(t1, 2 / 15f);
    with(FMADD213, t1, t0, -1 / 3f);
    with(FMADD213, t1, t0, 1);
    three(MULPS, t1, t1, t3);
    withBits(ANDPS, t3, t3, 0x7FFF_FFFF);
    constant(t0, 0.05f);
    asm.select(LESS_THAN, x, t3, t0, t1, x, t2);
  }

  /** {@code x >= 0 ? up x : down (e^(inner x) - 1)}. */
  private void elu(int x, float inner, float down, float up) {
    move(t3, x);
    asm.zeroVector(t0);
    three(MINPS, x, t0, x);
    if (inner != 1) {
      with(MULPS, x, x, inner);
    }
    exp(x);
    with(SUBPS, x, x, 1);
    if (down != 1) {
      with(MULPS, x, x, down);
    }
    if (up != 1) {
      with(MULPS, t0, t3, up);
    } else {
      move(t0, t3);
    }
    asm.zeroVector(t1);
    asm.select(LESS_THAN, x, t3, t1, x, t0, t2);
  }

  /** erf(x); uses t0, t1, t2. */
  private void errorFunction(int x) {
    // t = 1 / (1 + p |x|); 1 - (a1 t + ... + a5 t^5) e^(-x^2), with the sign of x.
    asm.opImm(Assembler.SUB, Assembler.RSP, 128);
    asm.storeVector(Assembler.RSP, 0, x);
    withBits(ANDPS, t0, x, 0x7FFF_FFFF);
    constant(t1, 0.3275911f);
    with(FMADD213, t0, t1, 1);
    constant(t1, 1);
    three(DIVPS, t0, t1, t0);
    constant(t1, 1.061405429f);
    with(FMADD213, t1, t0, -1.453152027f);
    with(FMADD213, t1, t0, 1.421413741f);
    with(FMADD213, t1, t0, -0.284496736f);
    with(FMADD213, t1, t0, 0.254829592f);
    three(MULPS, t1, t1, t0);
    asm.storeVector(Assembler.RSP, 64, t1);
    three(MULPS, x, x, x);
    withBits(XORPS, x, x, 0x8000_0000);
    exp(x);
    asm.vMem(MULPS, asm.width, x, x, Assembler.RSP, 64);
    constant(t0, 1);
    three(SUBPS, x, t0, x);
    asm.loadVector(t0, Assembler.RSP, 0);
    withBits(ANDPS, t0, t0, 0x8000_0000);
    three(ORPS, x, x, t0);
    asm.add(Assembler.RSP, 128);
  }

  /** ln x for positive numbers; uses t0, t1, t2. */
  void log(int x) {
    // x = 2^e m with m in sqrt(1/2)..sqrt(2).
    withBits(PSUBD, t0, x, 0x3F35_04F3);
    asm.vShift(SHIFT_DWORDS, ARITHMETIC_RIGHT, asm.width, t0, t0, 23);
    asm.vShift(SHIFT_DWORDS, LEFT, asm.width, t1, t0, 23);
    three(PSUBD, x, x, t1);
    with(SUBPS, x, x, 1);
    asm.two(CVTDQ2PS, t0, t0);
    constant(t1, 7.0376836292e-2f);
    for (float coefficient :
        new float[] {
          -1.1514610310e-1f,
          1.1676998740e-1f,
          -1.2420140846e-1f,
          1.4249322787e-1f,
          -1.6668057665e-1f,
          2.0000714765e-1f,
          -2.4999993993e-1f,
          3.3333331174e-1f
        }) {
      with(FMADD213, t1, x, coefficient);
    }
    three(MULPS, t2, x, x);
    three(MULPS, t1, t1, x);
    with(SUBPS, t1, t1, 0.5f);
    three(FMADD231, x, t1, t2);
    with(MULPS, t1, t0, -2.12194440e-4f);
    three(ADDPS, x, x, t1);
    with(MULPS, t1, t0, 0.693359375f);
    three(ADDPS, x, x, t1);
  }

  /**
   * {@code x^y} into x: a negative number to a whole power as a positive one, with its sign, else
   * NaN. Clobbers {@code y}.
   */
  void power(int x, int y) {
    asm.opImm(Assembler.SUB, Assembler.RSP, 64);
    asm.storeVector(Assembler.RSP, 0, x);
    withBits(ANDPS, x, x, 0x7FFF_FFFF);
    move(t3, x);
    log(x);
    asm.zeroVector(t1);
    constant(t0, -1e30f);
    asm.select(EQUAL_TO, x, t3, t1, t0, x, t2);
    three(MULPS, x, x, y);
    exp(x);
    asm.loadVector(t1, Assembler.RSP, 0);
    asm.add(Assembler.RSP, 64);
    // An odd exponent leaves 1/2 behind when halved; shifted by two, its bits hold a sign.
    asm.v2Imm(ROUNDPS, asm.width, t0, y, 9);
    with(MULPS, t2, t0, 0.5f);
    asm.v2Imm(ROUNDPS, asm.width, t3, t2, 9);
    three(SUBPS, t2, t2, t3);
    asm.vShift(SHIFT_DWORDS, LEFT, asm.width, t2, t2, 2);
    withBits(ANDPS, t2, t2, 0x8000_0000);
    three(ANDPS, t2, t2, t1);
    three(XORPS, x, x, t2);
    constant(t2, Float.NaN);
    asm.zeroVector(t3);
    asm.select(EQUAL_TO, t2, t0, y, t3, t2, y);
    asm.select(LESS_THAN, t2, t1, t3, t2, t3, y);
    three(ADDPS, x, x, t2);
  }
}
