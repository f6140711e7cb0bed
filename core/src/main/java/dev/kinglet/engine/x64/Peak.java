package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.engine.Ceiling;
import dev.kinglet.engine.Isa;
import java.lang.foreign.MemorySegment;

/**
 * Measures a core's ceilings: a loop of multiply-adds in registers, one of sums by pairs, and loops
 * that only read.
 */
final class Peak {
  private static final int SUMS = 12;
  private static final int TURNS = 20_000;
  private static final int ROUNDS = 15;
  private static final int NEAR = 512 << 10;
  private static final int FAR = 8 << 20;

  private Peak() {}

  static Ceiling measure(Native machine, Isa isa, boolean pairs) {
    Writer asm = new Writer(isa, pairs);
    int sums = asm.here();
    for (int i = 0; i < SUMS + 2; i++) {
      asm.zeroVector(i);
    }
    int top = asm.here();
    for (int i = 0; i < SUMS; i++) {
      asm.three(FMADD231, i, SUMS, SUMS + 1);
    }
    asm.dec(RDI);
    asm.jumpIf(NOT_EQUAL, top);
    asm.vzeroupper();
    asm.ret();
    // RDI: buffer. RSI: rounds over it. RDX: its blocks of 8 vectors.
    int reads = asm.here();
    int round = asm.here();
    asm.mov(RAX, RDI);
    asm.mov(RCX, RDX);
    int block = asm.here();
    for (int i = 0; i < 8; i++) {
      asm.loadVector(i, RAX, i * asm.bytes);
    }
    asm.add(RAX, 8 * asm.bytes);
    asm.dec(RCX);
    asm.jumpIf(NOT_EQUAL, block);
    asm.dec(RSI);
    asm.jumpIf(NOT_EQUAL, round);
    asm.vzeroupper();
    asm.ret();
    int units = asm.pairs ? pairs(asm) : 0;
    MemorySegment code = machine.executable(asm.complete());
    MemorySegment buffer = machine.buffer(FAR);
    buffer.fill((byte) 1);
    MemorySegment first = code.asSlice(asm.position(sums));
    MemorySegment second = code.asSlice(asm.position(reads));
    double macs = (double) TURNS * SUMS * asm.lanes / best(machine, first, TURNS, 0, 0);
    double paired = 0;
    if (asm.pairs) {
      MemorySegment third = code.asSlice(asm.position(units));
      double terms = (double) TURNS * SUMS * Pairing.UNIT * asm.lanes;
      paired = terms / best(machine, third, TURNS, 0, 0);
    }
    double near = read(machine, second, buffer, NEAR, asm);
    double far = read(machine, second, buffer, FAR, asm);
    return new Ceiling(isa, macs, paired, near, far);
  }

  /** Turns of a unit of terms a sum, as {@link PairedTile} adds it; RDI: how many. */
  private static int pairs(Writer asm) {
    int a = SUMS;
    int b = SUMS + 1;
    int u = SUMS + 2;
    int v = SUMS + 3;
    int factor = SUMS + 4;
    int units = asm.here();
    for (int i = 0; i < factor; i++) {
      asm.zeroVector(i);
    }
    int top = asm.here();
    for (int pair = 0; pair < 2; pair++) {
      for (int i = 0; i < SUMS; i++) {
        asm.three(pair == 0 ? ADDPS : SUBPS, factor, a, v);
        asm.three(pair == 0 ? ADDPS : SUBPS, factor + 1, b, u);
        asm.three(pair == 0 ? FMADD231 : FNMADD231, i, factor, factor + 1);
      }
    }
    for (int i = 0; i < SUMS; i++) {
      asm.three(FMADD231, i, a, u);
      asm.three(FMADD231, i, b, v);
    }
    asm.dec(RDI);
    asm.jumpIf(NOT_EQUAL, top);
    asm.vzeroupper();
    asm.ret();
    return units;
  }

  private static double read(
      Native machine, MemorySegment code, MemorySegment buffer, int bytes, Writer asm) {
    int rounds = FAR / bytes;
    long blocks = bytes / (8L * asm.bytes);
    return (double) FAR / best(machine, code, buffer.address(), rounds, blocks);
  }

  /** The least nanoseconds of some calls. */
  private static long best(Native machine, MemorySegment code, long a, long b, long c) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      machine.call(code, a, b, c, 0, 0, 0);
      least = Math.min(least, System.nanoTime() - start);
    }
    return least;
  }
}
