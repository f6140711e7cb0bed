package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

import java.util.ArrayList;
import java.util.List;

/**
 * Tiles that hang over the right or the lower edge of a map: code of their own for each kind.
 *
 * <p>A table begins with the number, in 64 bits, of the tile before which each of the four kinds
 * ends: whole tiles, those at the right edge, those at the lower edge, and the corner.
 *
 * @param whole outputs of a whole tile along an axis
 * @param right columns of a tile at the right edge
 * @param bottom rows of a tile at the lower edge
 */
record WinogradEdges(int whole, int right, int bottom) {
  static final int KINDS = 4;

  /** Code for tiles of so many rows and columns of outputs. */
  interface Body {
    void write(int rows, int columns);
  }

  /** The edges of a map of this height and width. */
  static WinogradEdges of(Winograd size, int height, int width) {
    return new WinogradEdges(size.outputs, width % size.outputs, height % size.outputs);
  }

  /** The kind of a tile, by whether it is its row's last and in the last row. */
  int kind(boolean lastColumn, boolean lastRow) {
    return (lastColumn && right > 0 ? 1 : 0) + (lastRow && bottom > 0 ? 2 : 0);
  }

  /** Writes code for each kind, and what chooses among them by the number of the tile in RBX. */
  void kinds(Writer asm, Body body) {
    List<Integer> kinds = new ArrayList<>();
    for (int kind = 0; kind < KINDS; kind++) {
      if ((kind % 2 == 0 || right > 0) && (kind / 2 == 0 || bottom > 0)) {
        kinds.add(kind);
      }
    }
    int done = asm.label();
    for (int i = 0; i < kinds.size(); i++) {
      int kind = kinds.get(i);
      int next = asm.label();
      boolean last = i == kinds.size() - 1;
      if (!last) {
        asm.opLoad(CMP, RBX, R8, kind * 8);
        asm.jumpIf(GREATER_EQUAL, next);
      }
      body.write(kind / 2 == 0 ? whole : bottom, kind % 2 == 0 ? whole : right);
      if (!last) {
        asm.jump(done);
      }
      asm.place(next);
    }
    asm.place(done);
  }

  /** Makes room for so many vectors at RSP; R15 keeps the stack. */
  static void enter(Writer asm, int vectors) {
    asm.mov(R15, RSP);
    asm.opImm(SUB, RSP, vectors * asm.bytes);
    asm.opImm(AND, RSP, -64);
  }

  static void leave(Writer asm) {
    asm.mov(RSP, R15);
  }
}
