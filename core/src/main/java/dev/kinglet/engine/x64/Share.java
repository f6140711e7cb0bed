package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

import java.util.function.IntConsumer;

/**
 * The work of a kernel, panels of tiles each, and how threads share it: either one takes up where
 * the other stops, or each has some tiles of all panels. The second way a thread works on the same
 * rows of a map from stage to stage, and finds them in its own cache.
 *
 * <p>A thread's share is eight numbers at R13: the first panel, the first tile in it, the last
 * panel, the tile in it before which to stop; the first tile of later panels, and the tile before
 * which to stop in earlier ones; and of every panel some more tiles behind those, the first and the
 * one before which to stop, 0 for none.
 *
 * @param panels of the work
 * @param tiles of each panel
 * @param last the time of a tile of the last panel, of another's
 * @param large tiles at the begin of a panel that take longer than those behind them
 * @param small the time of one of those, of a large one's
 * @param rows of which each thread has some: all of them have equally many large tiles and equally
 *     many of the others, or a single tile; 0 if the panels are shared out in order
 */
record Share(int panels, int tiles, double last, int large, double small, int rows) {
  /** Bytes of the eight numbers. */
  static final int NUMBERS = 32;

  /**
   * Positions of a map from which on each thread takes some rows of it and reads all weights; with
   * fewer, weights are what takes the time, and each thread reads a part of them.
   */
  static final int MANY = 128;

  /** How much more than its part the first thread may get where rows are shared out. */
  private static final double UNEVEN = 1.08;

  /** Equal tiles, panel after panel. */
  static Share inOrder(int panels, int tiles) {
    return inOrder(panels, tiles, 1, tiles, 1);
  }

  /** Tiles of pixels in panels of equal widths, whose times are taken to be equal. */
  static Share inOrder(int panels, Tiling tiling) {
    return inOrder(panels, tiling.allTiles(), 1, tiling.tiles(), 1);
  }

  /** Tiles of unequal times, panel after panel. */
  static Share inOrder(int panels, int tiles, double last, int large, double small) {
    return new Share(panels, tiles, last, large, small, 0);
  }

  /** Products of tiles of pixels with panels of so many vectors, the last of which has fewer. */
  static Share products(int panels, int wide, int last, Tiling tiling, Pairing pairing) {
    double large = TileShape.time(pairing, tiling.pixels(), wide);
    double small = TileShape.time(pairing, tiling.pixels() - 1, wide) / large;
    double narrow = TileShape.time(pairing, tiling.pixels(), last) / large;
    return inOrder(panels, tiling.allTiles(), narrow, tiling.tiles(), small);
  }

  /** The same by so many rows of a map, if there are enough of them for the threads. */
  Share by(int rows) {
    return new Share(panels, tiles, last, large, small, rows);
  }

  /** Whether each of so many threads has some tiles, and the same of all panels. */
  boolean byRows(int threads) {
    return rows > 0 && evenly(rows, threads);
  }

  /** Whether threads that share out so many rows have about equally many. */
  static boolean evenly(int rows, int threads) {
    return Math.ceilDiv(rows, threads) * threads <= UNEVEN * rows;
  }

  /** All that there is to do. */
  int[] whole() {
    return new int[] {0, 0, panels, 0, 0, tiles, 0, 0};
  }

  /** The share of one of several threads. */
  int[] of(int thread, int threads) {
    if (byRows(threads)) {
      int begin = rows * thread / threads;
      int end = rows * (thread + 1) / threads;
      if (rows == tiles) {
        return new int[] {0, begin, panels - 1, end, begin, end, 0, 0};
      }
      int from = large / rows * begin;
      int to = large / rows * end;
      int others = (tiles - large) / rows;
      int more = others == 0 ? 0 : large + others * begin;
      int most = others == 0 ? 0 : large + others * end;
      return new int[] {0, from, panels - 1, to, from, to, more, most};
    }
    int[] from = cut((double) thread / threads);
    int[] to = thread + 1 == threads ? new int[] {panels, 0} : cut((thread + 1.0) / threads);
    return new int[] {from[0], from[1], to[0], to[1], 0, tiles, 0, 0};
  }

  /** The panel and the tile in it before which a part of the work is done. */
  private int[] cut(double part) {
    double each = large + (tiles - large) * small;
    double time = part * (panels - 1 + last) * each;
    int panel = Math.min(panels - 1, (int) (time / each));
    double left = (time - panel * each) / (panel == panels - 1 ? last : 1);
    long tile = Math.round(left <= large ? left : large + (left - large) / small);
    return tile < tiles ? new int[] {panel, (int) tile} : new int[] {panel + 1, 0};
  }

  /**
   * Runs code for each panel of the share: RBX is the panel, RBP the first tile, R12 the tile
   * before which to stop. The code keeps RBX and R12; RAX is clobbered.
   */
  static void panels(Assembler asm, Runnable body) {
    asm.load32(RBX, R13, NONE, 1, 0);
    asm.load32(RBP, R13, NONE, 1, 4);
    int top = asm.here();
    int earlier = asm.label();
    int done = asm.label();
    asm.load32(R12, R13, NONE, 1, 20);
    asm.load32(RAX, R13, NONE, 1, 8);
    asm.op(CMP, RBX, RAX);
    asm.jumpIf(LESS, earlier);
    asm.load32(R12, R13, NONE, 1, 12);
    asm.place(earlier);
    int again = asm.here();
    asm.op(CMP, RBP, R12);
    asm.jumpIf(GREATER_EQUAL, done);
    body.run();
    asm.place(done);
    asm.load32(RBP, R13, NONE, 1, 24);
    asm.load32(RAX, R13, NONE, 1, 28);
    asm.op(CMP, R12, RAX);
    asm.mov(R12, RAX);
    asm.jumpIf(LESS, again);
    asm.load32(RBP, R13, NONE, 1, 16);
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
}
