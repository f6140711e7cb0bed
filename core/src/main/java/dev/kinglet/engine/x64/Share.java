package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

import java.util.function.IntConsumer;

/**
 * One thread's share of a kernel's work, four numbers at R13: the first panel, the first tile in
 * it, the last panel, and the tile in it before which to stop.
 */
final class Share {
  private Share() {}

  /**
   * Runs code for each panel of the share: RBX is the panel, RBP the first tile, R12 the tile
   * before which to stop. The code keeps RBX; RAX is clobbered.
   */
  static void panels(Assembler asm, int tiles, Runnable body) {
    asm.load32(RBX, R13, NONE, 1, 0);
    asm.load32(RBP, R13, NONE, 1, 4);
    int top = asm.here();
    int whole = asm.label();
    int done = asm.label();
    asm.movImm(R12, tiles);
    asm.load32(RAX, R13, NONE, 1, 8);
    asm.op(CMP, RBX, RAX);
    asm.jumpIf(LESS, whole);
    asm.load32(R12, R13, NONE, 1, 12);
    asm.place(whole);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(GREATER_EQUAL, done);
    body.run();
    asm.place(done);
    asm.zero(RBP);
    asm.inc(RBX);
    asm.load32(RAX, R13, NONE, 1, 8);
    asm.op(CMP, RBX, RAX);
    asm.jumpIf(LESS_EQUAL, top);
  }

  /**
   * Runs code for the width that panel RBX has: the writer's own for those before {@code whole},
   * half of it for the others.
   */
  static void widths(Writer asm, int whole, int panels, IntConsumer body) {
    boolean both = whole > 0 && whole < panels;
    int narrow = asm.label();
    int done = asm.label();
    if (both) {
      asm.opImm(CMP, RBX, whole);
      asm.jumpIf(GREATER_EQUAL, narrow);
    }
    if (whole > 0) {
      body.accept(asm.width);
    }
    if (both) {
      asm.jump(done);
      asm.place(narrow);
    }
    if (whole < panels) {
      body.accept(Vectors.YMM);
    }
    asm.place(done);
  }

  /** The shares of {@code threads} threads in {@code panels * tiles} equal pieces. */
  static int[] split(int panels, int tiles, int threads) {
    int[] shares = new int[threads * 4];
    long all = (long) panels * tiles;
    for (int t = 0; t < threads; t++) {
      long from = all * t / threads;
      long to = all * (t + 1) / threads;
      shares[t * 4] = (int) (from / tiles);
      shares[t * 4 + 1] = (int) (from % tiles);
      shares[t * 4 + 2] = (int) (to / tiles);
      shares[t * 4 + 3] = (int) (to % tiles);
    }
    return shares;
  }
}
