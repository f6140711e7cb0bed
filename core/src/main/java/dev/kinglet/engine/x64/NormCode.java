package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

import dev.kinglet.engine.Isa;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The loops of a batch norm in training as machine code, over maps whose channels are innermost.
 *
 * <p>A map is a stream of floats. What belongs to a channel is repeated over a tile, which is some
 * whole pixels, so that a loop only walks along streams and, from its start for every tile, along
 * the tile's arrays. Several arrays of a tile lie {@link #span} bytes apart.
 */
public final class NormCode {
  /** What follows the norm. */
  public enum Clamp {
    /** Nothing. */
    NONE,
    /** No values below 0. */
    RELU,
    /** No values below 0 or above 6. */
    RELU6
  }

  private static final int UNROLLED = 4;

  /** CMPPS: the first is not below or at, not above or at the second, or one is no number. */
  private static final int NOT_AT_MOST = 6;

  private static final int NOT_AT_LEAST = 9;

  // Vectors that stay; a step uses the first four.
  private static final int ZERO = 13;
  private static final int SIX = 14;

  private final Native machine;
  private final MemorySegment moments;
  private final Map<Clamp, MemorySegment> forward = new EnumMap<>(Clamp.class);
  private final Map<Clamp, MemorySegment> products = new EnumMap<>(Clamp.class);
  private final Map<Clamp, MemorySegment> backward = new EnumMap<>(Clamp.class);

  /** One step: a vector, or a single float, at the index. */
  private interface Body {
    void write(Access at);
  }

  NormCode(Native machine, Isa isa) {
    this.machine = machine;
    Writer asm = new Writer(isa);
    int first = writeMoments(asm);
    Map<Clamp, int[]> starts = new EnumMap<>(Clamp.class);
    for (Clamp clamp : Clamp.values()) {
      starts.put(
          clamp,
          new int[] {
            writeForward(asm, clamp), writeProducts(asm, clamp), writeBackward(asm, clamp)
          });
    }
    MemorySegment code = machine.executable(asm.complete());
    moments = code.asSlice(asm.position(first));
    starts.forEach(
        (clamp, labels) -> {
          forward.put(clamp, code.asSlice(asm.position(labels[0])));
          products.put(clamp, code.asSlice(asm.position(labels[1])));
          backward.put(clamp, code.asSlice(asm.position(labels[2])));
        });
  }

  /** The bytes between the arrays of a tile of so many floats. */
  public static long span(int tile) {
    return tile * 4L + 63 & -64;
  }

  /**
   * Adds moments around pivots.
   *
   * @param x address of {@code count} floats
   * @param pivot address of a tile: what is taken from each float
   * @param sums address of a tile that grows by the differences
   * @param squares address of a tile that grows by their squares
   * @param count at least 1
   * @param tile floats a tile
   */
  public void moments(long x, long pivot, long sums, long squares, long count, int tile) {
    machine.call(moments, x, pivot, sums, squares, count, tile);
  }

  /**
   * Writes to {@code y} the clamped scale times the distance from the mean, plus shift.
   *
   * @param tiles address of three tiles: scale, shift, mean
   */
  public void forward(Clamp clamp, long x, long y, long tiles, long count, int tile) {
    machine.call(forward.get(clamp), x, y, tiles, 0, count, tile);
  }

  /**
   * Adds gradients, and their products with each float's distance from its mean.
   *
   * @param g the gradients of what {@link #forward} wrote; those of clamped values count nothing
   * @param tiles address of three tiles: scale, shift, mean
   * @param sums address of two tiles that grow: the sums, the products
   */
  public void products(Clamp clamp, long g, long x, long tiles, long sums, long count, int tile) {
    machine.call(products.get(clamp), g, x, tiles, sums, count, tile);
  }

  /**
   * Writes the gradient of {@code x}: scale times that of the output, plus slope times the distance
   * from the mean, plus rest.
   *
   * @param tiles address of five tiles: scale, shift, mean, slope, rest
   * @param dx is written; may be {@code g}
   */
  public void backward(Clamp clamp, long g, long x, long tiles, long dx, long count, int tile) {
    machine.call(backward.get(clamp), g, x, tiles, dx, count, tile);
  }

  // RDI x, RSI pivot, RDX sums, RCX squares.
  private static int writeMoments(Writer asm) {
    return loop(
        asm,
        List.of(RDI),
        List.of(),
        at -> {
          at.load(0, RDI);
          at.load(1, RSI);
          asm.three(SUBPS, 0, 0, 1);
          at.load(1, RDX);
          asm.three(ADDPS, 1, 1, 0);
          at.store(RDX, 1);
          at.load(1, RCX);
          asm.three(FMADD231, 1, 0, 0);
          at.store(RCX, 1);
        });
  }

  // RDI x, RSI y, RDX scale, RAX shift, R10 mean.
  private static int writeForward(Writer asm, Clamp clamp) {
    return loop(
        asm,
        List.of(RDI, RSI),
        List.of(RDX, RAX, RAX, R10),
        at -> {
          at.load(0, RDI);
          at.load(1, R10);
          asm.three(SUBPS, 0, 0, 1);
          at.load(1, RDX);
          at.load(2, RAX);
          asm.three(FMADD213, 0, 1, 2);
          if (clamp != Clamp.NONE) {
            asm.three(MAXPS, 0, ZERO, 0); // the last operand where one is no number
          }
          if (clamp == Clamp.RELU6) {
            asm.three(MINPS, 0, SIX, 0);
          }
          at.store(RSI, 0);
        });
  }

  // RDI g, RSI x, RDX scale, RAX shift, R10 mean, RCX sums, R11 products.
  private static int writeProducts(Writer asm, Clamp clamp) {
    return loop(
        asm,
        List.of(RDI, RSI),
        List.of(RDX, RAX, RAX, R10, RCX, R11),
        at -> {
          gradient(asm, at, clamp);
          at.load(1, RCX);
          asm.three(ADDPS, 1, 1, 0);
          at.store(RCX, 1);
          at.load(1, R11);
          asm.three(FMADD231, 1, 0, 2);
          at.store(R11, 1);
        });
  }

  // RDI g, RSI x, RCX dx, RDX scale, RAX shift, R10 mean, R11 slope, RBP rest.
  private static int writeBackward(Writer asm, Clamp clamp) {
    return loop(
        asm,
        List.of(RDI, RSI, RCX),
        List.of(RDX, RAX, RAX, R10, R10, R11, R11, RBP),
        at -> {
          gradient(asm, at, clamp);
          at.load(1, R11);
          at.load(3, RBP);
          asm.three(FMADD213, 2, 1, 3);
          at.load(1, RDX);
          asm.three(FMADD213, 0, 1, 2);
          at.store(RCX, 0);
        });
  }

  /** The gradient behind the clamp in register 0, the distance from the mean in register 2. */
  private static void gradient(Writer asm, Access at, Clamp clamp) {
    at.load(0, RDI);
    at.load(2, RSI);
    at.load(1, R10);
    asm.three(SUBPS, 2, 2, 1);
    if (clamp == Clamp.NONE) {
      return;
    }
    at.load(1, RDX);
    at.load(3, RAX);
    asm.three(FMADD231, 3, 2, 1);
    asm.select(NOT_AT_MOST, 0, 3, ZERO, 0, ZERO, 1);
    if (clamp == Clamp.RELU6) {
      asm.select(NOT_AT_LEAST, 0, 3, SIX, 0, ZERO, 1);
    }
  }

  /** Where a step reads and writes: whole vectors, or single floats in a vector's first lane. */
  private record Access(Writer asm, boolean single, int disp) {
    void load(int to, int base) {
      if (single) {
        asm.vLoad(MOVSS_LOAD, XMM, to, base, RBX, 1, disp);
      } else {
        asm.vLoad(MOVUPS_LOAD, asm.width, to, base, RBX, 1, disp);
      }
    }

    void store(int base, int from) {
      if (single) {
        asm.vStore(MOVSS_STORE, XMM, base, RBX, 1, disp, from);
      } else {
        asm.vStore(MOVUPS_STORE, asm.width, base, RBX, 1, disp, from);
      }
    }
  }

  /**
   * A function that steps over R8 floats in tiles of R9.
   *
   * @param streams registers that go on from tile to tile; others begin again
   * @param tiles pairs of registers: the second begins one array of a tile behind the first
   */
  private static int loop(Writer asm, List<Integer> streams, List<Integer> tiles, Body body) {
    asm.align(32);
    int start = asm.here();
    asm.push(RBX);
    asm.push(RBP);
    asm.push(R12);
    asm.loadLiterals(RBX);
    asm.broadcast(SIX, RBX, asm.literal(6f));
    asm.zeroVector(ZERO);
    asm.shiftLeft(R8, 2);
    asm.shiftLeft(R9, 2);
    asm.lea(R12, R9, 63);
    asm.opImm(AND, R12, -64);
    for (int i = 0; i < tiles.size(); i += 2) {
      asm.mov(tiles.get(i + 1), tiles.get(i));
      asm.op(ADD, tiles.get(i + 1), R12);
    }
    int tile = asm.here();
    int whole = asm.label();
    asm.mov(R12, R9);
    asm.op(CMP, R9, R8);
    asm.jumpIf(LESS, whole);
    asm.mov(R12, R8);
    asm.place(whole);
    asm.op(SUB, R8, R12);
    asm.zero(RBX);
    steps(asm, UNROLLED, false, body);
    steps(asm, 1, false, body);
    steps(asm, 1, true, body);
    streams.forEach(register -> asm.op(ADD, register, RBX));
    asm.test(R8, R8);
    asm.jumpIf(NOT_EQUAL, tile);
    asm.vzeroupper();
    asm.pop(R12);
    asm.pop(RBP);
    asm.pop(RBX);
    asm.ret();
    return start;
  }

  /** As many rounds as R12 bytes, which become fewer, have room for; RBX goes on. */
  private static void steps(Writer asm, int unrolled, boolean single, Body body) {
    int bytes = single ? Float.BYTES : asm.bytes;
    int top = asm.here();
    int end = asm.label();
    asm.opImm(CMP, R12, unrolled * bytes);
    asm.jumpIf(LESS, end);
    for (int i = 0; i < unrolled; i++) {
      body.write(new Access(asm, single, i * bytes));
    }
    asm.add(RBX, unrolled * bytes);
    asm.opImm(SUB, R12, unrolled * bytes);
    asm.jump(top);
    asm.place(end);
  }
}
