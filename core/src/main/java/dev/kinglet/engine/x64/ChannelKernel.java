package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import java.util.Arrays;

/**
 * A convolution in which every channel is by itself: any number of taps, strides and spatial axes.
 *
 * <p>A panel is one vector of channels; a tile is some neighbouring pixels of a row, whose sums lie
 * in registers. The border around the input holds zeros, so no tap is special. Weights: for each
 * panel a vector of biases, then one a tap. RDI: input. RSI: weights. RDX: output. RCX: residual.
 * R8: tables of byte offsets.
 *
 * @param panels vectors of channels
 * @param half whether only half of the last one is used
 * @param taps the byte offset of each tap
 * @param pixels of the tiles of the first kind
 * @param tiles of the first kind; those of the second have one pixel less
 * @param allTiles of both kinds
 * @param inStep bytes from a tile's pixel to the next in the input
 * @param outStep the same in the output
 * @param residualStep the same in the residual
 * @param in the table of tiles' places in the input; {@code out}, {@code residual} likewise
 * @param blocks the table of panels' places in the input
 */
record ChannelKernel(
    int panels,
    boolean half,
    int[] taps,
    int pixels,
    int tiles,
    int allTiles,
    int inStep,
    int outStep,
    int residualStep,
    int in,
    int out,
    int residual,
    int blocks,
    Epilogue epilogue) {

  /** What makes two kernels the same code. */
  Object key() {
    return java.util.List.of(
        panels,
        half,
        Arrays.hashCode(taps),
        Arrays.toString(taps),
        pixels,
        tiles,
        allTiles,
        inStep,
        outStep,
        residualStep,
        in,
        out,
        residual,
        blocks,
        epilogue);
  }

  void write(Writer asm) {
    asm.push(R14);
    Share.panels(asm, allTiles, () -> panel(asm));
    asm.pop(R14);
    asm.ret();
  }

  private void panel(Writer asm) {
    asm.imul(R9, RBX, (1 + taps.length) * asm.bytes);
    asm.op(ADD, R9, RSI);
    asm.loadSigned32(R10, R8, RBX, 4, blocks);
    asm.op(ADD, R10, RDI);
    asm.imul(R11, RBX, asm.bytes);
    int done = asm.label();
    boolean narrow = half && asm.wide();
    if (narrow && panels > 1) {
      int last = asm.label();
      asm.opImm(CMP, RBX, panels - 1);
      asm.jumpIf(EQUAL, last);
      bothTiles(asm, asm.width);
      asm.jump(done);
      asm.place(last);
    }
    bothTiles(asm, narrow ? YMM : asm.width);
    asm.place(done);
  }

  private void bothTiles(Writer asm, int width) {
    if (tiles == allTiles) {
      tileLoop(asm, pixels, width, Integer.MAX_VALUE);
      return;
    }
    int second = asm.label();
    int done = asm.label();
    asm.opImm(CMP, RBP, tiles);
    asm.jumpIf(GREATER_EQUAL, second);
    tileLoop(asm, pixels, width, tiles);
    asm.place(second);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(GREATER_EQUAL, done);
    tileLoop(asm, pixels - 1, width, Integer.MAX_VALUE);
    asm.place(done);
  }

  private void tileLoop(Writer asm, int px, int width, int limit) {
    int top = asm.here();
    int weight = px;
    asm.loadSigned32(RAX, R8, RBP, 4, in);
    asm.op(ADD, RAX, R10);
    asm.vLoad(MOVUPS_LOAD, width, 0, R9, 0);
    for (int p = 1; p < px; p++) {
      asm.v2(MOVAPS_LOAD, width, p, 0);
    }
    for (int t = 0; t < taps.length; t++) {
      asm.vLoad(MOVUPS_LOAD, width, weight, R9, (1 + t) * asm.bytes);
      for (int p = 0; p < px; p++) {
        asm.vMem(FMADD231, width, p, weight, RAX, taps[t] + p * inStep);
      }
    }
    Functions functions = null;
    if (epilogue.activation() != null) {
      functions = new Functions(asm, R14, px, px + 1, px + 2, px + 3);
      asm.loadLiterals(R14);
    }
    asm.loadSigned32(RAX, R8, RBP, 4, out);
    asm.op(ADD, RAX, RDX);
    asm.op(ADD, RAX, R11);
    int beside = NONE;
    if (epilogue.residualRead()) {
      beside = RDI;
      asm.push(RDI);
      asm.loadSigned32(RDI, R8, RBP, 4, residual);
      asm.op(ADD, RDI, RCX);
      asm.op(ADD, RDI, R11);
    }
    for (int p = 0; p < px; p++) {
      epilogue.apply(asm, functions, width, p, beside, p * residualStep);
      asm.vStore(MOVUPS_STORE, width, RAX, p * outStep, p);
    }
    if (epilogue.residualRead()) {
      asm.pop(RDI);
    }
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

  /** Pixels a tile that the registers and a sensible size of code allow. */
  static int mostPixels(Writer asm, int taps) {
    int registers = asm.registers - Functions.TEMPORARIES;
    return Math.max(1, Math.min(registers, 1024 / taps));
  }
}
