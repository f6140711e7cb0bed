package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.engine.Ceiling;
import dev.kinglet.engine.Isa;
import java.lang.foreign.MemorySegment;

/** Measures a core's ceilings: a loop of multiply-adds in registers, and loops that only read. */
final class Peak {
  private static final int SUMS = 12;
  private static final int TURNS = 20_000;
  private static final int ROUNDS = 15;
  private static final int NEAR = 512 << 10;
  private static final int FAR = 8 << 20;

  private Peak() {}

  static Ceiling measure(Native machine, Isa isa) {
    Writer asm = new Writer(isa);
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
    MemorySegment code = machine.executable(asm.complete());
    MemorySegment buffer = machine.buffer(FAR);
    buffer.fill((byte) 1);
    MemorySegment first = code.asSlice(asm.position(sums));
    MemorySegment second = code.asSlice(asm.position(reads));
    double macs = (double) TURNS * SUMS * asm.lanes / best(machine, first, TURNS, 0, 0);
    double near = read(machine, second, buffer, NEAR, asm);
    double far = read(machine, second, buffer, FAR, asm);
    return new Ceiling(isa, macs, near, far);
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
