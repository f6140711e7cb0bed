package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * What a {@link ProductKernel} does with a tile's sums where they are parts of others: adds what
 * products before it left in two buffers, leaves something there, or scales the channels and adds
 * their biases, as the flags in its tables say.
 *
 * <p>The buffers hold tile after tile of panel after panel, the second behind the first; they begin
 * so many bytes behind the cross terms as the table says behind the flags. Behind all panels'
 * weights stand each panel's scales and biases.
 */
final class Carry {
  // Flags, in the order in which they are heeded.
  static final int ADD_FIRST = 1;
  static final int ADD_SECOND = 2;
  static final int KEEP_FIRST = 4;
  static final int KEEP_SECOND = 8;

  /** The first buffer gets the sum of itself and the product, not of what else is added. */
  static final int ADD_TO_FIRST = 16;

  static final int FINISH = 32;

  /** Where on the stack a product's weights and cross terms stand. */
  private static final int WEIGHTS = 8;

  private static final int CROSS = 16;

  private final Writer asm;
  private final ProductKernel kernel;
  private final int px;
  private final int wide;
  private final int[] widths;
  private final int second;

  Carry(Writer asm, ProductKernel kernel, int px, int wide, int[] widths) {
    this.asm = asm;
    this.kernel = kernel;
    this.px = px;
    this.wide = wide;
    this.widths = widths;
    second = Math.toIntExact(bytes(kernel.allPixels(), kernel.panels(), kernel.vectors(), asm));
  }

  /** Bytes of one of the two buffers. */
  static long bytes(int pixels, int panels, int vectors, Writer asm) {
    return (long) pixels * panels * vectors * asm.bytes;
  }

  /** Jumps to {@code unfinished} where the tile's sums are not to be stored. */
  void write(int unfinished) {
    int pixel = kernel.vectors() * asm.bytes;
    asm.imul(RCX, RBP, px * pixel);
    if (px != kernel.pixels()) {
      asm.add(RCX, kernel.tiles() * pixel);
    }
    asm.imul(RAX, RBX, kernel.allPixels() * pixel);
    asm.op(ADD, RCX, RAX);
    asm.opLoad(ADD, RCX, RSP, CROSS);
    asm.loadSigned32(RAX, R8, NONE, 1, kernel.tables().carry() + 4);
    asm.op(ADD, RCX, RAX);
    asm.load32(R14, R8, NONE, 1, kernel.tables().carry());
    int free = px * wide;
    on(
        ADD_TO_FIRST,
        () ->
            each(
                (x, width, at) -> {
                  asm.vMem(ADDPS, width, free, x, RCX, at);
                  asm.vStore(MOVUPS_STORE, width, RCX, at, free);
                }));
    on(ADD_FIRST, () -> each((x, width, at) -> asm.vMem(ADDPS, width, x, x, RCX, at)));
    on(ADD_SECOND, () -> each((x, width, at) -> asm.vMem(ADDPS, width, x, x, RCX, second + at)));
    on(KEEP_FIRST, () -> each((x, width, at) -> asm.vStore(MOVUPS_STORE, width, RCX, at, x)));
    on(
        KEEP_SECOND,
        () -> each((x, width, at) -> asm.vStore(MOVUPS_STORE, width, RCX, second + at, x)));
    asm.opImm(AND, R14, FINISH);
    asm.jumpIf(EQUAL, unfinished);
    int panel = 2 * pixel;
    asm.imul(RAX, RBX, panel);
    asm.opLoad(ADD, RAX, RSP, WEIGHTS);
    int heads = kernel.panels() * kernel.panelBytes(asm);
    for (int v = 0; v < wide; v++) {
      asm.vLoad(MOVUPS_LOAD, widths[v], free, RAX, heads + v * asm.bytes);
      for (int p = 0; p < px; p++) {
        int bias = heads + pixel + v * asm.bytes;
        asm.vMem(FMADD213, widths[v], p * wide + v, free, RAX, bias);
      }
    }
  }

  /** Code that is left out where a flag is not set. */
  private void on(int flag, Runnable code) {
    int off = asm.label();
    asm.mov(RAX, R14);
    asm.opImm(AND, RAX, flag);
    asm.jumpIf(EQUAL, off);
    code.run();
    asm.place(off);
  }

  private interface Each {
    void at(int register, int width, int place);
  }

  private void each(Each each) {
    for (int p = 0; p < px; p++) {
      for (int v = 0; v < wide; v++) {
        each.at(p * wide + v, widths[v], (p * kernel.vectors() + v) * asm.bytes);
      }
    }
  }
}
