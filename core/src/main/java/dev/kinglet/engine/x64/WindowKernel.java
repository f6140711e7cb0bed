package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import java.util.Arrays;

/**
 * Pooling, reductions over positions and interpolation: each output pixel is made of the input
 * pixels that a list names.
 *
 * <p>A panel is some neighbouring vectors of channels, or half of one; a tile is one output pixel.
 * RDI: input. RDX: output. R8: tables; of a tile: where its list begins, how many it has, where the
 * pixel lies in the output, and a factor; of a list: byte offsets, with a weight behind each for
 * {@link Kind#WEIGHTED}.
 *
 * @param kind how pixels are combined
 * @param tiles output pixels
 * @param vectors a panel of whole vectors
 * @param whole the panels before those that are half a vector
 * @param panels in all
 * @param joined whether half a vector stands behind the whole ones of the only panel
 * @param records the table of tiles, 16 bytes each
 * @param blocks the table of panels' places in the input
 * @param places the table of panels' places in the output
 */
record WindowKernel(
    Kind kind,
    int tiles,
    int vectors,
    int whole,
    int panels,
    boolean joined,
    int records,
    int blocks,
    int places) {
  /** How input pixels are combined. */
  enum Kind {
    /** The largest. */
    MAXIMUM,
    /** The smallest. */
    MINIMUM,
    /** The sum times the tile's factor. */
    SUM,
    /** The sum of each times its weight. */
    WEIGHTED
  }

  /** All components but the kind. */
  private int[] numbers() {
    return new int[] {tiles, vectors, whole, panels, joined ? 1 : 0, records, blocks, places};
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowKernel that
        && kind == that.kind
        && Arrays.equals(numbers(), that.numbers());
  }

  @Override
  public int hashCode() {
    return kind.ordinal() * 31 + Arrays.hashCode(numbers());
  }

  void write(Writer asm) {
    asm.push(R14);
    asm.loadLiterals(R14);
    Share.panels(asm, () -> panel(asm));
    asm.pop(R14);
    asm.ret();
  }

  private void panel(Writer asm) {
    asm.loadSigned32(R10, R8, RBX, 4, blocks);
    asm.op(ADD, R10, RDI);
    asm.loadSigned32(R11, R8, RBX, 4, places);
    asm.op(ADD, R11, RDX);
    int[] widths = new int[joined ? vectors + 1 : vectors];
    Arrays.fill(widths, asm.width);
    if (joined) {
      widths[vectors] = YMM;
    }
    Share.widths(
        asm, whole, panels, width -> tiles(asm, width == asm.width ? widths : new int[] {width}));
  }

  private void tiles(Writer asm, int[] widths) {
    int vectors = widths.length;
    int top = asm.here();
    asm.mov(RSI, RBP);
    asm.shiftLeft(RSI, 4);
    asm.op(ADD, RSI, R8);
    asm.loadSigned32(R9, RSI, NONE, 1, records);
    asm.op(ADD, R9, R8);
    asm.loadSigned32(RCX, RSI, NONE, 1, records + 4);
    for (int v = 0; v < vectors; v++) {
      switch (kind) {
        case MAXIMUM ->
            asm.vLoad(MOVUPS_LOAD, widths[v], v, R14, asm.literal(Float.NEGATIVE_INFINITY));
        case MINIMUM ->
            asm.vLoad(MOVUPS_LOAD, widths[v], v, R14, asm.literal(Float.POSITIVE_INFINITY));
        case SUM, WEIGHTED -> asm.zeroVector(v);
      }
    }
    int taps = asm.here();
    asm.loadSigned32(RAX, R9, NONE, 1, 0);
    asm.op(ADD, RAX, R10);
    if (kind == Kind.WEIGHTED) {
      asm.broadcast(vectors, R9, 4);
    }
    for (int v = 0; v < vectors; v++) {
      switch (kind) {
        case MAXIMUM -> asm.vMem(MAXPS, widths[v], v, v, RAX, v * asm.bytes);
        case MINIMUM -> asm.vMem(MINPS, widths[v], v, v, RAX, v * asm.bytes);
        case SUM -> asm.vMem(ADDPS, widths[v], v, v, RAX, v * asm.bytes);
        case WEIGHTED -> asm.vMem(FMADD231, widths[v], v, vectors, RAX, v * asm.bytes);
      }
    }
    asm.add(R9, kind == Kind.WEIGHTED ? 8 : 4);
    asm.dec(RCX);
    asm.jumpIf(NOT_EQUAL, taps);
    asm.loadSigned32(RAX, RSI, NONE, 1, records + 8);
    asm.op(ADD, RAX, R11);
    if (kind == Kind.SUM) {
      asm.broadcast(vectors, RSI, records + 12);
    }
    for (int v = 0; v < vectors; v++) {
      if (kind == Kind.SUM) {
        asm.three(MULPS, v, v, vectors);
      }
      asm.vStore(MOVUPS_STORE, widths[v], RAX, v * asm.bytes, v);
    }
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(LESS, top);
  }
}
