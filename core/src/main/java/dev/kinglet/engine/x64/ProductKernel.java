package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import java.util.Arrays;
import java.util.Objects;

/**
 * The matrix product behind convolutions and linear layers: tiles of neighbouring pixels times
 * panels of output channels, sums in registers.
 *
 * <p>Weights of a panel: a bias a channel, then the channels' weights for each term of the sum. A
 * term is a number {@code run * r + i} that lies {@code i} floats behind entry {@code r} of a table
 * of byte offsets; with one entry no table is read. RDI: input. RSI: weights. RDX: output. RCX:
 * residual. R8: tables ({@link Tables}). R9: cross terms, if there are pairs. R13: first panel,
 * first tile in it, last panel, tile in it before which to stop.
 *
 * @param panels of {@code vectors} vectors each, the last one, or each group's, of {@code last}
 * @param tail floats of the last of these that are stored
 * @param groups of panels, each of which {@link GroupPanels} has a record of; 1 for none
 * @param run terms behind one entry
 * @param entries of the table; 0 if each panel has a number of its own
 * @param pixels of the tiles of the first kind
 * @param tiles of the first kind; those of the second kind have one pixel less
 * @param allTiles of both kinds
 * @param inStep bytes from a tile's pixel to the next in the input
 * @param outStep the same in the output; 0 if a table holds the offset of every pixel
 * @param residualStep the same in the residual
 * @param prefetch whether the next panel's weights are called into the second cache
 * @param pairing of the terms; null for none
 */
record ProductKernel(
    int panels,
    int vectors,
    int last,
    int tail,
    int groups,
    int run,
    int entries,
    int pixels,
    int tiles,
    int allTiles,
    int inStep,
    int outStep,
    int residualStep,
    boolean prefetch,
    Pairing pairing,
    Epilogue epilogue,
    Tables tables) {

  /**
   * Where each table begins, in bytes behind R8; what {@link Carry} reads at a negative place for
   * sums that stand by themselves.
   */
  record Tables(int in, int out, int residual, int entries, int panels, int carry) {}

  /** All components but the pairing and the epilogue. */
  private int[] numbers() {
    return new int[] {
      panels,
      vectors,
      last,
      tail,
      groups,
      run,
      entries,
      pixels,
      tiles,
      allTiles,
      inStep,
      outStep,
      residualStep,
      prefetch ? 1 : 0,
      tables.in,
      tables.out,
      tables.residual,
      tables.entries,
      tables.panels,
      tables.carry
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProductKernel that
        && Arrays.equals(numbers(), that.numbers())
        && Objects.equals(pairing, that.pairing)
        && epilogue.equals(that.epilogue);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers()) * 31 + epilogue.hashCode();
  }

  /** Bytes of a panel record: weights, table of entries, number of entries. */
  static final int PANEL_RECORD = 12;

  private boolean grouped() {
    return groups > 1;
  }

  /** Points a register at a panel's record, {@code tables.panels} before it. */
  void record(Writer asm, int register) {
    asm.imul(register, RBX, GroupPanels.recordBytes(pairing, entries));
    asm.op(ADD, register, R8);
  }

  /** Bytes of weights of one panel, if all have the same number of entries. */
  int panelBytes(Writer asm) {
    return (head() + run * entries) * vectors * asm.bytes;
  }

  /** Vectors of each channel in front of a panel's weights. */
  private int head() {
    return pairing == null ? 1 : Pairing.HEAD;
  }

  /** Pixels of all tiles. */
  int allPixels() {
    return tiles * pixels + (allTiles - tiles) * (pixels - 1);
  }

  void write(Writer asm) {
    asm.push(R14);
    asm.push(R15);
    asm.push(R9);
    asm.push(RSI);
    asm.push(RCX);
    new Tail(tail).prepare(asm);
    Share.panels(asm, () -> panel(asm));
    asm.pop(RCX);
    asm.pop(RSI);
    asm.pop(R9);
    asm.pop(R15);
    asm.pop(R14);
    asm.ret();
  }

  private void panel(Writer asm) {
    if (grouped()) {
      record(asm, RAX);
      asm.loadSigned32(R11, RAX, NONE, 1, tables.panels + GroupPanels.OUT);
    } else {
      asm.imul(R11, RBX, vectors * asm.bytes);
    }
    if (entries > 0) {
      asm.imul(R9, RBX, panelBytes(asm));
    } else {
      asm.imul(RAX, RBX, PANEL_RECORD);
      asm.loadSigned32(R9, R8, RAX, 1, tables.panels);
    }
    asm.opLoad(ADD, R9, RSP, 8);
    boolean uneven = last != vectors || tail != asm.lanes;
    boolean several = panels > groups;
    int lastPanel = asm.label();
    int done = asm.label();
    if (uneven && several) {
      if (grouped()) {
        asm.load32(RAX, RAX, NONE, 1, tables.panels + GroupPanels.LAST);
        asm.opImm(CMP, RAX, 1);
      } else {
        asm.opImm(CMP, RBX, panels - 1);
      }
      asm.jumpIf(EQUAL, lastPanel);
    }
    if (!uneven || several) {
      bothTiles(asm, vectors, asm.lanes);
    }
    if (uneven) {
      if (several) {
        asm.jump(done);
      }
      asm.place(lastPanel);
      bothTiles(asm, last, tail);
    }
    asm.place(done);
  }

  private void bothTiles(Writer asm, int wide, int floats) {
    if (tiles == allTiles) {
      tileLoop(asm, pixels, wide, floats, Integer.MAX_VALUE);
      return;
    }
    int second = asm.label();
    asm.opImm(CMP, RBP, tiles);
    asm.jumpIf(GREATER_EQUAL, second);
    tileLoop(asm, pixels, wide, floats, tiles);
    asm.place(second);
    int done = asm.label();
    asm.op(CMP, RBP, R12);
    asm.jumpIf(GREATER_EQUAL, done);
    tileLoop(asm, pixels - 1, wide, floats, Integer.MAX_VALUE);
    asm.place(done);
  }

  /** Tiles from RBP up to R12, or to {@code limit}. */
  private void tileLoop(Writer asm, int px, int wide, int floats, int limit) {
    int top = asm.here();
    int weight = px * wide;
    int other = weight + wide;
    int[] widths = new int[wide];
    for (int v = 0; v < wide; v++) {
      widths[v] = v == wide - 1 ? new Tail(floats).width(asm) : asm.width;
    }
    asm.loadSigned32(RAX, R8, RBP, 4, tables.in);
    asm.op(ADD, RAX, RDI);
    if (pairing != null) {
      new PairedTile(asm, this, px, wide, widths).write();
    } else {
      for (int p = 0; p < px; p++) {
        for (int v = 0; v < wide; v++) {
          if (p == 0) {
            asm.vLoad(MOVUPS_LOAD, widths[v], v, R9, v * asm.bytes);
          } else {
            asm.v2(MOVAPS_LOAD, widths[v], p * wide + v, v);
          }
        }
      }
      asm.lea(R10, R9, vectors * asm.bytes);
      eachRun(asm, () -> terms(asm, run, RSI, px, wide, widths, weight, other));
    }
    int unfinished = asm.label();
    if (tables.carry >= 0) {
      new Carry(asm, this, px, wide, widths).write(unfinished);
    }
    store(asm, px, wide, widths, floats, weight);
    asm.place(unfinished);
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    int done = asm.label();
    if (limit == Integer.MAX_VALUE) {
      asm.jumpIf(LESS, top);
    } else {
      asm.jumpIf(GREATER_EQUAL, done);
      asm.opImm(CMP, RBP, limit);
      asm.jumpIf(LESS, top);
    }
    asm.place(done);
  }

  /** Runs code for each run of terms of one tile: RAX stands at its first pixel, RCX at the run. */
  void eachRun(Writer asm, Runnable terms) {
    if (grouped()) {
      record(asm, R15);
    }
    if (entries == 1) {
      asm.mov(RCX, RAX);
      if (grouped()) {
        asm.loadSigned32(R15, R15, NONE, 1, tables.panels + GroupPanels.ENTRIES);
        asm.op(ADD, RCX, R15);
      }
      terms.run();
      return;
    }
    if (grouped()) {
      asm.add(R15, tables.panels + GroupPanels.ENTRIES);
      asm.movImm(R14, entries);
    } else if (entries > 0) {
      asm.lea(R15, R8, tables.entries);
      asm.movImm(R14, entries);
    } else {
      asm.imul(RSI, RBX, PANEL_RECORD);
      asm.loadSigned32(R15, R8, RSI, 1, tables.panels + 4);
      asm.loadSigned32(R14, R8, RSI, 1, tables.panels + 8);
      asm.op(ADD, R15, R8);
    }
    int unroll = run == 1 && entries > 0 && entries % 4 == 0 ? 4 : 1;
    if (unroll > 1) {
      asm.movImm(R14, entries / unroll);
    }
    int top = asm.here();
    for (int u = 0; u < unroll; u++) {
      asm.loadSigned32(RCX, R15, NONE, 1, u * 4);
      asm.op(ADD, RCX, RAX);
      terms.run();
    }
    asm.add(R15, 4 * unroll);
    asm.dec(R14);
    asm.jumpIf(NOT_EQUAL, top);
  }

  /** {@code count} neighbouring terms: RCX stands at the first. */
  void terms(
      Writer asm, int count, int counter, int px, int wide, int[] widths, int weight, int other) {
    int step = vectors * asm.bytes;
    int unroll = Math.min(count, px * wide < 12 ? 4 : 2);
    int rounds = count / unroll;
    if (rounds > 1) {
      asm.movImm(counter, rounds);
      int top = asm.here();
      for (int u = 0; u < unroll; u++) {
        term(asm, u, px, wide, widths, weight, other);
      }
      asm.add(RCX, unroll * 4);
      asm.add(R10, unroll * step);
      asm.dec(counter);
      asm.jumpIf(NOT_EQUAL, top);
    }
    int rest = rounds > 1 ? count % unroll : count;
    for (int u = 0; u < rest; u++) {
      term(asm, u, px, wide, widths, weight, other);
    }
    asm.add(R10, rest * step);
  }

  /** One term, {@code u} behind RCX. */
  void term(Writer asm, int u, int px, int wide, int[] widths, int weight, int other) {
    int at = u * vectors * asm.bytes;
    for (int v = 0; v < wide; v++) {
      asm.vLoad(MOVUPS_LOAD, widths[v], weight + v, R10, at + v * asm.bytes);
    }
    callAhead(asm, u, wide);
    for (int p = 0; p < px; p++) {
      int disp = p * inStep + u * 4;
      if (wide == 1 && asm.wide()) {
        asm.vMem(FMADD231, widths[0], p, weight, RCX, NONE, 1, disp, BROADCAST);
        continue;
      }
      asm.vLoad(BROADCASTSS, widths[0], other, RCX, disp);
      for (int v = 0; v < wide; v++) {
        asm.v(FMADD231, widths[v], p * wide + v, weight + v, other);
      }
    }
  }

  /** Calls the next panel's weights of a term, {@code u} behind R10, into the second cache. */
  void callAhead(Writer asm, int u, int wide) {
    if (prefetch) {
      int ahead = (head() + run * Math.max(entries, 1) + u) * vectors * asm.bytes;
      for (int line = 0; line < wide * asm.bytes; line += 64) {
        asm.prefetch(2, R10, NONE, 1, ahead + line);
      }
    }
  }

  /** Whether a table holds the place of every pixel. */
  private boolean scattered() {
    return outStep == 0 && pixels > 1;
  }

  private void store(Writer asm, int px, int wide, int[] widths, int floats, int spare) {
    Functions functions =
        epilogue.activation() == null
            ? null
            : new Functions(asm, R14, spare, spare + 1, spare + 2, spare + 3);
    if (functions != null) {
      asm.loadLiterals(R14);
    }
    boolean scattered = scattered();
    if (!scattered) {
      asm.loadSigned32(RAX, R8, RBP, 4, tables.out);
      asm.op(ADD, RAX, RDX);
      asm.op(ADD, RAX, R11);
      if (epilogue.residualRead()) {
        asm.loadSigned32(RCX, R8, RBP, 4, tables.residual);
        asm.opLoad(ADD, RCX, RSP, 0);
        asm.op(ADD, RCX, R11);
      }
    } else {
      // A tile's pixels in the tables: all tiles of the first kind come first.
      asm.imul(R15, RBP, px * 4);
      if (px != pixels) {
        asm.add(R15, tiles * 4);
      }
    }
    for (int p = 0; p < px; p++) {
      if (scattered) {
        asm.loadSigned32(RAX, R8, R15, 1, tables.out + p * 4);
        asm.op(ADD, RAX, RDX);
        asm.op(ADD, RAX, R11);
        if (epilogue.residualRead()) {
          asm.loadSigned32(RCX, R8, R15, 1, tables.residual + p * 4);
          asm.opLoad(ADD, RCX, RSP, 0);
          asm.op(ADD, RCX, R11);
        }
      }
      int out = scattered ? 0 : p * outStep;
      int residual = scattered ? 0 : p * residualStep;
      for (int v = 0; v < wide; v++) {
        int x = p * wide + v;
        epilogue.apply(asm, functions, widths[v], x, RCX, residual + v * asm.bytes);
        new Tail(v == wide - 1 ? floats : asm.lanes).store(asm, out + v * asm.bytes, x);
      }
    }
  }

  /** Registers that a tile of this size needs. */
  static int registers(int pixels, int vectors, boolean function) {
    return pixels * vectors + Math.max(vectors + 1, function ? Functions.TEMPORARIES : 0);
  }
}
