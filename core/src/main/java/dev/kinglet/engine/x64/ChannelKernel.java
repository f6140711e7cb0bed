package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import java.util.Arrays;

/**
 * A convolution in which every channel is by itself: any number of taps, strides and spatial axes.
 *
 * <p>A panel is one vector of channels, or half of one; a tile is some neighbouring pixels of a
 * row, whose sums lie in registers. The border around the input holds zeros, so no tap is special.
 * Weights: for each panel a vector of biases, then one a tap. RDI: input. RSI: weights. RDX:
 * output. RCX: residual. R8: tables of byte offsets.
 *
 * @param panels vectors of channels
 * @param whole the panels before those that are half a vector
 * @param taps the byte offset of each tap
 * @param row how many neighbouring taps make a row
 * @param far whether the input is too large for the second cache
 * @param pixels of the tiles of the first kind
 * @param tiles of the first kind; those of the second have one pixel less
 * @param allTiles of both kinds
 * @param inStep bytes from a tile's pixel to the next in the input
 * @param outStep the same in the output
 * @param residualStep the same in the residual
 * @param in the table of tiles' places in the input; {@code out}, {@code residual} likewise
 * @param blocks the table of panels' places in the input
 * @param places the table of panels' places in the output and the residual
 */
record ChannelKernel(
    int panels,
    int whole,
    int[] taps,
    int row,
    boolean far,
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
    int places,
    Epilogue epilogue) {

  /** All components but the taps and the epilogue. */
  private int[] numbers() {
    return new int[] {
      panels,
      whole,
      row,
      far ? 1 : 0,
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
      places
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelKernel that
        && Arrays.equals(numbers(), that.numbers())
        && Arrays.equals(taps, that.taps)
        && epilogue.equals(that.epilogue);
  }

  @Override
  public int hashCode() {
    return (Arrays.hashCode(numbers()) * 31 + Arrays.hashCode(taps)) * 31 + epilogue.hashCode();
  }

  void write(Writer asm) {
    asm.push(R14);
    Share.panels(asm, () -> panel(asm));
    asm.pop(R14);
    asm.ret();
  }

  private void panel(Writer asm) {
    asm.imul(R9, RBX, (1 + taps.length) * asm.bytes);
    asm.op(ADD, R9, RSI);
    asm.loadSigned32(R10, R8, RBX, 4, blocks);
    asm.op(ADD, R10, RDI);
    asm.loadSigned32(R11, R8, RBX, 4, places);
    Share.widths(asm, whole, panels, width -> bothTiles(asm, width));
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
    asm.loadSigned32(RAX, R8, RBP, 4, in);
    asm.op(ADD, RAX, R10);
    asm.vLoad(MOVUPS_LOAD, width, 0, R9, 0);
    for (int p = 1; p < px; p++) {
      asm.v2(MOVAPS_LOAD, width, p, 0);
    }
    sums(asm, px, width);
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

  private void sums(Writer asm, int px, int width) {
    Held held = new Held(asm, this, px, width);
    for (int i = 0; i < held.count; i++) {
      held.multiply(i);
    }
  }

  /**
   * All multiplications of a tile, with weights and inputs in the registers that the sums leave
   * over.
   *
   * <p>Near inputs go row by row of taps, the taps of a row behind each other at some distance: so
   * no sum is waited for, and inputs stay in registers from tap to tap. Far inputs go tap by tap:
   * many are asked for at once.
   *
   * <p>Weights and inputs have numbers: a weight its tap's, an input one behind them. (Records
   * would be compared by method handles, which took half the time of a new process's compilation;
   * boxes in a map took half of what was left.)
   */
  private static final class Held {
    private static final int NEVER = Integer.MAX_VALUE;

    private final Writer asm;
    private final int first;
    private final int width;
    private final boolean far;

    /** Multiplications; of each the sum, the tap, where its input lies, and the input's number. */
    private int count;

    private final int[] sums;
    private final int[] taps;
    private final int[] places;
    private final int[] inputs;

    /** What each register holds; registers are taken in order, and never given back. */
    private final int[] held;

    private int taken;

    /** The register of a weight or an input, or -1. */
    private final int[] register;

    /** The multiplication that needs a weight or an input next. */
    private final int[] next;

    /** The same once a multiplication has been made, of its weight and of its input. */
    private final int[] weightAfter;

    private final int[] inputAfter;

    Held(Writer asm, ChannelKernel kernel, int px, int width) {
      this.asm = asm;
      this.first = px;
      this.width = width;
      this.far = kernel.far;
      int most = kernel.taps.length * px;
      sums = new int[most];
      taps = new int[most];
      places = new int[most];
      order(kernel, px);
      held = new int[asm.registers - first];
      inputs = new int[count];
      int all = numbers(kernel.taps.length);
      register = new int[all];
      next = new int[all];
      for (int i = 0; i < all; i++) {
        register[i] = -1;
        next[i] = NEVER;
      }
      weightAfter = new int[count];
      inputAfter = new int[count];
      for (int i = count - 1; i >= 0; i--) {
        int tap = taps[i];
        int input = inputs[i];
        weightAfter[i] = next[tap];
        inputAfter[i] = next[input];
        next[tap] = i;
        next[input] = i;
      }
    }

    private void order(ChannelKernel kernel, int px) {
      int[] offsets = kernel.taps;
      int step = kernel.inStep;
      if (far) {
        for (int t = 0; t < offsets.length; t++) {
          for (int p = 0; p < px; p++) {
            add(p, t, offsets[t] + p * step);
          }
        }
        return;
      }
      int row = kernel.row;
      int apart = asm.wide() ? 2 : 3;
      for (int tap = 0; tap < offsets.length; tap += row) {
        for (int now = 0; now < px + (row - 1) * apart; now++) {
          for (int k = 0; k < row; k++) {
            int p = now - k * apart;
            if (p >= 0 && p < px) {
              add(p, tap + k, offsets[tap + k] + p * step);
            }
          }
        }
      }
    }

    private void add(int sum, int tap, int place) {
      sums[count] = sum;
      taps[count] = tap;
      places[count++] = place;
    }

    /** Numbers the inputs, one for each place; how many numbers there are with the weights'. */
    private int numbers(int weights) {
      int mask = Integer.highestOneBit(count) * 4 - 1;
      int[] known = new int[mask + 1];
      int all = weights;
      for (int i = 0; i < count; i++) {
        int place = places[i];
        int slot = place * 0x9E37_79B9 >>> 8 & mask;
        while (known[slot] > 0 && places[known[slot] - 1] != place) {
          slot = slot + 1 & mask;
        }
        if (known[slot] == 0) {
          known[slot] = i + 1;
          inputs[i] = all++;
        } else {
          inputs[i] = inputs[known[slot] - 1];
        }
      }
      return all;
    }

    void multiply(int at) {
      int weight = taps[at];
      int input = inputs[at];
      next[weight] = weightAfter[at];
      next[input] = inputAfter[at];
      int w = register[weight];
      if (w < 0) {
        w = take(weight, input);
        asm.vLoad(MOVUPS_LOAD, width, first + w, R9, (1 + weight) * asm.bytes);
      }
      int in = register[input];
      if (in < 0 && (far || next[input] == NEVER)) {
        asm.vMem(FMADD231, width, sums[at], first + w, RAX, places[at]);
        return;
      }
      if (in < 0) {
        in = take(input, weight);
        asm.vLoad(MOVUPS_LOAD, width, first + in, RAX, places[at]);
      }
      asm.v(FMADD231, width, sums[at], first + w, first + in);
    }

    /** A register for something: one that is free, or the one needed latest but for another's. */
    private int take(int what, int kept) {
      int best = taken;
      if (taken < held.length) {
        taken++;
      } else {
        int latest = -1;
        for (int i = 0; i < held.length; i++) {
          int at = next[held[i]];
          if (at > latest && held[i] != kept) {
            latest = at;
            best = i;
          }
        }
        register[held[best]] = -1;
      }
      held[best] = what;
      register[what] = best;
      return best;
    }
  }

  /** Pixels a tile that the registers and a sensible size of code allow. */
  static int mostPixels(Writer asm, int taps, boolean far) {
    int others = far ? Functions.TEMPORARIES : asm.wide() ? 12 : 6;
    return Math.max(1, Math.min(asm.registers - others, 1024 / taps));
  }
}
