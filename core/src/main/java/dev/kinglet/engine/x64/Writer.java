package dev.kinglet.engine.x64;

import dev.kinglet.engine.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Machine code of one vector width: instructions, the constants behind them, and one copy of each
 * kernel.
 *
 * <p>A kernel is called with six pointers in RDI, RSI, RDX, RCX, R8, R9 and its share of the work
 * at R13; it keeps R13, R14, R15 and RSP.
 */
final class Writer extends Vectors {
  /** Bytes that a constant takes: repeated over the widest vector. */
  private static final int LITERAL = 64;

  /** The width as instructions encode it. */
  final int width;

  /** Floats a vector. */
  final int lanes;

  /** Bytes a vector. */
  final int bytes;

  /** Vector registers. */
  final int registers;

  private final int literals = label();
  private final List<int[]> vectors = new ArrayList<>();

  /** Bits that were asked for, and the displacement of their constant, in turns. */
  private int[] asked = new int[0];

  private final Map<Object, Integer> kernels = new HashMap<>();

  /** Whether products are summed by {@link Pairing} where that pays. */
  final boolean pairs;

  Writer(Isa isa) {
    this(isa, false);
  }

  Writer(Isa isa, boolean pairs) {
    boolean wide = isa == Isa.AVX512;
    this.pairs = wide && pairs;
    width = wide ? ZMM : YMM;
    lanes = wide ? 16 : 8;
    bytes = lanes * 4;
    registers = registers(lanes);
  }

  /** Vector registers where vectors have so many floats. */
  static int registers(int lanes) {
    return lanes == 16 ? 32 : 16;
  }

  boolean wide() {
    return width == ZMM;
  }

  /** The label of a kernel, written at its first use; equal specifications are the same code. */
  int kernel(Object specification, Runnable write) {
    Integer known = kernels.get(specification);
    if (known == null) {
      align(32);
      known = here();
      kernels.put(specification, known);
      write.run();
    }
    return known;
  }

  /** Points a register at the constants. */
  void loadLiterals(int register) {
    leaLabel(register, literals);
  }

  /** The displacement of a constant behind the register of {@link #loadLiterals}. */
  int literal(float value) {
    return literal(Float.floatToRawIntBits(value));
  }

  /** The same for these bits. */
  int literal(int bits) {
    for (int i = 0; i < asked.length; i += 2) {
      if (asked[i] == bits) {
        return asked[i + 1];
      }
    }
    int[] vector = new int[LITERAL / 4];
    Arrays.fill(vector, bits);
    asked = Arrays.copyOf(asked, asked.length + 2);
    asked[asked.length - 2] = bits;
    asked[asked.length - 1] = literal(vector);
    return asked[asked.length - 1];
  }

  /** The same for 16 elements that differ. */
  int literal(int[] vector) {
    for (int i = 0; i < vectors.size(); i++) {
      if (Arrays.equals(vectors.get(i), vector)) {
        return i * LITERAL;
      }
    }
    vectors.add(vector);
    return (vectors.size() - 1) * LITERAL;
  }

  /** The code with its constants behind it. */
  byte[] complete() {
    align(64);
    place(literals);
    for (int[] vector : vectors) {
      for (int bits : vector) {
        byte4(bits);
      }
    }
    return finish();
  }

  // Vectors of this writer's width.

  void three(int op, int to, int a, int b) {
    v(op, width, to, a, b);
  }

  void two(int op, int to, int from) {
    v(op, width, to, 0, from);
  }

  void loadVector(int to, int base, int disp) {
    vLoad(MOVUPS_LOAD, width, to, base, disp);
  }

  void storeVector(int base, int disp, int from) {
    vStore(MOVUPS_STORE, width, base, disp, from);
  }

  void broadcast(int to, int base, int disp) {
    vLoad(BROADCASTSS, width, to, base, disp);
  }

  void zeroVector(int register) {
    if (register > 15) {
      v(PXOR, ZMM, register, register, register);
    } else {
      v(XORPS, XMM, register, register, register);
    }
  }

  /** {@code to = a < b ? ifLess : ifNot}, for one predicate of CMPPS; {@code mask} is clobbered. */
  void select(int predicate, int to, int a, int b, int ifTrue, int ifFalse, int mask) {
    if (wide()) {
      compareToMask(7, a, b, predicate);
      vMasked(BLENDMPS, ZMM, to, ifFalse, ifTrue, 7);
    } else {
      vImm(CMPPS, width, mask, a, b, predicate);
      blendBySign(width, to, ifFalse, ifTrue, mask);
    }
  }
}
