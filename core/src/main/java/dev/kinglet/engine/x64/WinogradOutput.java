package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

/**
 * {@link Winograd}'s sums transformed back into pixels, bias, activation and residual applied.
 *
 * <p>A panel is a tile, a tile of the {@link Share} is one of its vectors of channels. RDI: sums.
 * RSI: biases. RDX: output. RCX: residual. R8: tables ({@link WinogradEdges}).
 *
 * @param vectors of a pixel
 * @param tileStep bytes from one tile's sums to the next
 * @param productStep bytes from one of its numbers to the next
 * @param rowStep bytes from row to row of the output
 * @param pixelStep bytes from pixel to pixel
 * @param residualRowStep the same in the residual
 * @param residualPixelStep the same in the residual
 * @param tiles the table of tiles' places in the output
 * @param residualTiles the table of their places in the residual
 */
record WinogradOutput(
    Winograd size,
    WinogradEdges edges,
    int vectors,
    int tileStep,
    int productStep,
    int rowStep,
    int pixelStep,
    int residualRowStep,
    int residualPixelStep,
    int tiles,
    int residualTiles,
    Epilogue epilogue) {

  void write(Writer asm) {
    asm.push(R14);
    asm.push(R15);
    asm.loadLiterals(R14);
    WinogradEdges.enter(asm, size.outputs * size.inputs);
    size.backConstants(asm, R14);
    Share.panels(asm, () -> tile(asm));
    WinogradEdges.leave(asm);
    asm.pop(R15);
    asm.pop(R14);
    asm.ret();
  }

  private void tile(Writer asm) {
    asm.imul(R11, RBP, asm.bytes);
    asm.imul(RAX, RBX, tileStep);
    asm.op(ADD, RAX, RDI);
    asm.op(ADD, RAX, R11);
    asm.loadSigned32(R10, R8, RBX, 4, tiles);
    asm.op(ADD, R10, RDX);
    asm.op(ADD, R10, R11);
    if (epilogue.residualRead()) {
      asm.loadSigned32(R9, R8, RBX, 4, residualTiles);
      asm.op(ADD, R9, RCX);
      asm.op(ADD, R9, R11);
    }
    asm.op(ADD, R11, RSI);
    edges.kinds(asm, (rows, columns) -> vectors(asm, rows, columns));
  }

  /** Makes so many rows and columns of a tile's pixels, vector by vector. */
  private void vectors(Writer asm, int rows, int columns) {
    int n = size.inputs;
    int[] results = size.results();
    int spare = Winograd.SPARE;
    Functions functions = new Functions(asm, R14, spare, spare + 1, spare + 2, spare + 3);
    int top = asm.here();
    for (int column = 0; column < n; column++) {
      for (int row = 0; row < n; row++) {
        asm.loadVector(row, RAX, (row * n + column) * productStep);
      }
      size.back(asm, rows);
      for (int row = 0; row < rows; row++) {
        asm.storeVector(RSP, (row * n + column) * asm.bytes, results[row]);
      }
    }
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < n; column++) {
        asm.loadVector(column, RSP, (row * n + column) * asm.bytes);
      }
      size.back(asm, columns);
      for (int column = 0; column < columns; column++) {
        int x = results[column];
        asm.vMem(Vectors.ADDPS, asm.width, x, x, R11, 0);
        int residual = row * residualRowStep + column * residualPixelStep;
        epilogue.apply(asm, functions, asm.width, x, R9, residual);
        asm.storeVector(R10, row * rowStep + column * pixelStep, x);
      }
    }
    asm.add(RAX, asm.bytes);
    asm.add(R10, asm.bytes);
    asm.add(R11, asm.bytes);
    if (epilogue.residualRead()) {
      asm.add(R9, asm.bytes);
    }
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(LESS, top);
  }
}
