package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

/**
 * Tiles of an image transformed for {@link Winograd}'s products.
 *
 * <p>A panel is a tile, a tile of the {@link Share} is one of its vectors of channels. What lies
 * behind the last column or row that an output needs counts as zero and is not read. RDI: input.
 * RDX: transformed tiles. R8: tables ({@link WinogradEdges}).
 *
 * @param rowStep bytes from row to row of the input
 * @param pixelStep bytes from pixel to pixel
 * @param vectors of a pixel
 * @param tileStep bytes from one transformed tile to the next
 * @param productStep bytes from one of its numbers to the next
 * @param tiles the table of tiles' places in the input
 * @param blocks the table of the vectors' places in a pixel
 */
record WinogradInput(
    Winograd size,
    WinogradEdges edges,
    int rowStep,
    int pixelStep,
    int vectors,
    int tileStep,
    int productStep,
    int tiles,
    int blocks) {

  void write(Writer asm) {
    asm.push(R14);
    asm.push(R15);
    asm.loadLiterals(R14);
    WinogradEdges.enter(asm, size.products());
    size.forwardConstants(asm, R14);
    Share.panels(asm, () -> tile(asm));
    WinogradEdges.leave(asm);
    asm.pop(R15);
    asm.pop(R14);
    asm.ret();
  }

  private void tile(Writer asm) {
    asm.loadSigned32(RAX, R8, RBX, 4, tiles);
    asm.op(ADD, RAX, RDI);
    asm.imul(R10, RBX, tileStep);
    asm.op(ADD, R10, RDX);
    asm.imul(R11, RBP, asm.bytes);
    asm.op(ADD, R10, R11);
    edges.kinds(asm, (rows, columns) -> vectors(asm, rows + 2, columns + 2));
  }

  /** Transforms a tile of which so many rows and columns are read, vector by vector. */
  private void vectors(Writer asm, int rows, int columns) {
    int n = size.inputs;
    int top = asm.here();
    asm.loadSigned32(RCX, R8, RBP, 4, blocks);
    asm.op(ADD, RCX, RAX);
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < n; row++) {
        if (row < rows) {
          asm.loadVector(row, RCX, row * rowStep + column * pixelStep);
        } else {
          asm.zeroVector(row);
        }
      }
      int at = column;
      size.forward(asm, (i, x) -> asm.storeVector(RSP, (i * n + at) * asm.bytes, x));
    }
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        if (column < columns) {
          asm.loadVector(column, RSP, (row * n + column) * asm.bytes);
        } else {
          asm.zeroVector(column);
        }
      }
      int at = row;
      size.forward(asm, (i, x) -> asm.storeVector(R10, (at * n + i) * productStep, x));
    }
    asm.add(R10, asm.bytes);
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(LESS, top);
  }
}
