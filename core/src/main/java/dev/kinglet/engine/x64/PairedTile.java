package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * One tile of a {@link ProductKernel} whose terms are summed by {@link Pairing}.
 *
 * <p>Registers as in that kernel. On the stack behind its own: the cross terms that {@link
 * CrossKernel} left.
 */
final class PairedTile {
  /** Where on the stack the address of the cross terms stands. */
  private static final int CROSS = 16;

  private final Writer asm;
  private final ProductKernel kernel;
  private final Pairing pairing;
  private final int px;
  private final int wide;
  private final int[] widths;

  /** The first register of weights, and of sums of both factors. */
  private final int weight;

  private final int factor;

  PairedTile(Writer asm, ProductKernel kernel, int px, int wide, int[] widths) {
    this.asm = asm;
    this.kernel = kernel;
    this.pairing = kernel.pairing();
    this.px = px;
    this.wide = wide;
    this.widths = widths;
    weight = px * wide;
    factor = weight + 2 * wide;
  }

  /** Registers that a tile of this size needs. */
  static int registers(int pixels, int vectors, boolean function) {
    return pixels * vectors + Math.max(2 * vectors + 2, function ? Functions.TEMPORARIES : 0);
  }

  /**
   * Time of one term of a tile, in no unit: a weight is read once a pixel row of sums, an
   * activation once a vector, and a sum can only be added to when it is there. The two small
   * numbers are those of 13 x 2, 8 x 3, 5 x 4 and 25 x 1 sums on a Zen 4.
   */
  static double cost(int pixels, double vectors) {
    return Math.max(pixels * vectors, 4) * (1 + 0.75 / pixels + 0.06 / vectors);
  }

  private int step() {
    return kernel.vectors() * asm.bytes;
  }

  /** All sums of the tile, biases added: RAX stands at its first pixel, R9 at its panel. */
  void write() {
    int records = CrossKernel.recordsAt(kernel.allPixels());
    int usual = asm.label();
    int done = asm.label();
    cross();
    asm.load32(R14, R15, RBP, 8, records);
    asm.test(R14, R14);
    asm.jumpIf(EQUAL, usual);
    asm.loadSigned32(R14, R15, RBP, 8, records + 4);
    asm.op(ADD, RAX, R14);
    asm.imul(R14, RBP, px * 4);
    asm.op(ADD, R15, R14);
    int before = px == kernel.pixels() ? 0 : kernel.tiles() * 4;
    for (int p = 0; p < px; p++) {
      for (int v = 0; v < wide; v++) {
        if (v == 0) {
          asm.vLoad(BROADCASTSS, widths[0], p * wide, R15, before + p * 4);
        } else {
          asm.v2(MOVAPS_LOAD, widths[v], p * wide + v, p * wide);
        }
      }
    }
    asm.lea(R10, R9, Pairing.HEAD * step());
    eachRun(this::run);
    cross();
    asm.vLoad(BROADCASTSS, ZMM, factor, R15, RBP, 8, records);
    for (int v = 0; v < wide; v++) {
      int scale = weight + v;
      int bias = weight + wide + v;
      asm.vMem(MULPS, widths[v], scale, factor, R9, step() + v * asm.bytes);
      asm.vLoad(MOVUPS_LOAD, widths[v], bias, R9, 2 * step() + v * asm.bytes);
      asm.vMem(FNMADD231, widths[v], bias, scale, R9, v * asm.bytes);
      finish(v);
    }
    asm.jump(done);
    asm.place(usual);
    for (int x = 0; x < px * wide; x++) {
      asm.zeroVector(x);
    }
    asm.lea(R10, R9, Pairing.HEAD * step());
    eachRun(this::usualRun);
    asm.lea(R9, R10, -kernel.panelBytes(asm));
    for (int v = 0; v < wide; v++) {
      asm.vLoad(MOVUPS_LOAD, widths[v], weight + v, R9, step() + v * asm.bytes);
      asm.vLoad(MOVUPS_LOAD, widths[v], weight + wide + v, R9, 2 * step() + v * asm.bytes);
      finish(v);
    }
    asm.place(done);
  }

  /** Points R15 at the cross terms of all tiles. */
  private void cross() {
    asm.load(R15, RSP, CROSS);
    if (pairing.grouped()) {
      kernel.record(asm, RSI);
      asm.loadSigned32(RSI, RSI, NONE, 1, record(GroupPanels.CROSS));
      asm.op(ADD, R15, RSI);
    }
  }

  private int record(int field) {
    return kernel.tables().panels() + field;
  }

  /** Runs code for each run, RCX at its first term; with groups R14 and R15 lead to its parts. */
  private void eachRun(Runnable terms) {
    if (!pairing.grouped()) {
      kernel.eachRun(asm, terms);
      return;
    }
    kernel.record(asm, RSI);
    asm.loadSigned32(RCX, RSI, NONE, 1, record(GroupPanels.FIRST));
    asm.loadSigned32(R14, RSI, NONE, 1, record(GroupPanels.SECOND));
    asm.loadSigned32(R15, RSI, NONE, 1, record(GroupPanels.THIRD));
    asm.op(ADD, RCX, RAX);
    terms.run();
  }

  /** Scales the sums of a vector of channels, and adds what stands beside the scale. */
  private void finish(int v) {
    for (int p = 0; p < px; p++) {
      asm.v(FMADD213, widths[v], p * wide + v, weight + v, weight + wide + v);
    }
  }

  /** The terms of a run, RCX at its first. */
  private void run() {
    asm.movImm(RSI, pairing.units());
    int top = asm.here();
    for (int pair = 0; pair < 2; pair++) {
      load(weight, pair);
      load(weight + wide, pair + 2);
      for (int p = 0; p < px; p++) {
        for (int v = 0; v < wide; v++) {
          pair(p, v, pair == 0 ? ADDPS : SUBPS, pair == 0 ? FMADD231 : FNMADD231, pair);
        }
      }
    }
    load(weight, 4);
    load(weight + wide, 5);
    for (int p = 0; p < px; p++) {
      for (int v = 0; v < wide; v++) {
        int sum = p * wide + v;
        broadcast(FMADD231, v, sum, weight + v, p, 2, 0);
        broadcast(FMADD231, v, sum, weight + wide + v, p, 2, 1);
      }
    }
    asm.add(R10, Pairing.UNIT * step());
    asm.add(RCX, 8);
    asm.dec(RSI);
    asm.jumpIf(NOT_EQUAL, top);
    rest();
  }

  /** The terms behind all units. */
  private void rest() {
    if (pairing.grouped()) {
      listed();
    } else if (pairing.rest() > 0) {
      asm.add(RCX, 8 * pairing.pairs());
      kernel.terms(asm, pairing.rest(), RSI, px, wide, widths, weight, factor);
    }
  }

  /** The terms of a group behind its units, each where the panel's record says. */
  private void listed() {
    if (pairing.rest() == 0) {
      return;
    }
    kernel.record(asm, RSI);
    asm.movImm(R14, pairing.rest());
    int top = asm.here();
    asm.loadSigned32(RCX, RSI, NONE, 1, record(GroupPanels.REST));
    asm.op(ADD, RCX, RAX);
    kernel.term(asm, 0, px, wide, widths, weight, factor);
    asm.add(R10, step());
    asm.add(RSI, 4);
    asm.dec(R14);
    asm.jumpIf(NOT_EQUAL, top);
  }

  /** The same terms one by one, in the order of the weights. */
  private void usualRun() {
    asm.movImm(RSI, pairing.units());
    int unit = asm.here();
    if (pairing.grouped()) {
      usualPart();
      asm.op(ADD, RCX, R14);
      usualPart();
      asm.op(SUB, RCX, R14);
      asm.op(ADD, RCX, R15);
      usualPart();
      asm.op(SUB, RCX, R15);
      asm.add(RCX, 8);
    } else {
      asm.movImm(R9, 3);
      int part = asm.here();
      usualPart();
      asm.add(RCX, pairing.pairs() * 4);
      asm.dec(R9);
      asm.jumpIf(NOT_EQUAL, part);
      asm.add(RCX, 8 - 12 * pairing.pairs());
    }
    asm.dec(RSI);
    asm.jumpIf(NOT_EQUAL, unit);
    rest();
  }

  private void usualPart() {
    kernel.term(asm, 0, px, wide, widths, weight, factor);
    kernel.term(asm, 1, px, wide, widths, weight, factor);
    asm.add(R10, 2 * step());
  }

  /** Two terms of one pixel and one vector of channels. */
  private void pair(int p, int v, int add, int multiply, int term) {
    broadcast(add, v, factor, weight + wide + v, p, 0, term);
    broadcast(add, v, factor + 1, weight + v, p, 1, term);
    asm.v(multiply, widths[v], p * wide + v, factor, factor + 1);
  }

  /** With one of two neighbouring terms of a part, of one pixel. */
  private void broadcast(int op, int v, int to, int from, int p, int part, int term) {
    int at = p * kernel.inStep() + term * 4;
    int index = NONE;
    if (!pairing.grouped()) {
      at += part * pairing.pairs() * 4;
    } else if (part > 0) {
      index = part == 1 ? R14 : R15;
    }
    asm.vMem(op, widths[v], to, from, RCX, index, 1, at, BROADCAST);
  }

  private void load(int to, int row) {
    for (int v = 0; v < wide; v++) {
      asm.vLoad(MOVUPS_LOAD, widths[v], to + v, R10, row * step() + v * asm.bytes);
    }
    kernel.callAhead(asm, row, wide);
  }
}
