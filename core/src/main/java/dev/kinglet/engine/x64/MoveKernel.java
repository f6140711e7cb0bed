package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;
import static dev.kinglet.engine.x64.Vectors.*;

/**
 * Copies or fills runs of floats.
 *
 * <p>A tile is one run. RDI: input. RDX: output. R8: a table of three numbers a run: its place in
 * the input and in the output in bytes, and its length in floats.
 *
 * @param runs tiles
 * @param fill whether every element is set to {@code value} instead of copied
 * @param value bits of a float
 */
record MoveKernel(int runs, boolean fill, int value) {
  /** Bytes of a run's record. */
  static final int RECORD = 12;

  @Override
  public boolean equals(Object other) {
    return other instanceof MoveKernel that
        && runs == that.runs
        && fill == that.fill
        && value == that.value;
  }

  @Override
  public int hashCode() {
    return (runs * 31 + value) * 2 + (fill ? 1 : 0);
  }

  void write(Writer asm) {
    asm.push(R14);
    if (fill) {
      asm.loadLiterals(R14);
      asm.loadVector(0, R14, asm.literal(value));
    }
    Share.panels(asm, () -> panel(asm));
    asm.pop(R14);
    asm.ret();
  }

  /** Half a vector, if there are so many left; whether none are, in the flags. */
  private void half(Writer asm) {
    int fewer = asm.label();
    asm.opImm(CMP, RCX, Blocks.UNIT);
    asm.jumpIf(LESS, fewer);
    if (!fill) {
      asm.vLoad(MOVUPS_LOAD, YMM, 0, R9, 0);
      asm.add(R9, Blocks.UNIT * 4);
    }
    asm.vStore(MOVUPS_STORE, YMM, R10, 0, 0);
    asm.add(R10, Blocks.UNIT * 4);
    asm.opImm(SUB, RCX, Blocks.UNIT);
    asm.place(fewer);
  }

  private void panel(Writer asm) {
    int top = asm.here();
    asm.imul(RAX, RBP, RECORD);
    asm.op(ADD, RAX, R8);
    if (!fill) {
      asm.loadSigned32(R9, RAX, NONE, 1, 0);
      asm.op(ADD, R9, RDI);
    }
    asm.loadSigned32(R10, RAX, NONE, 1, 4);
    asm.op(ADD, R10, RDX);
    asm.loadSigned32(RCX, RAX, NONE, 1, 8);
    int single = asm.label();
    int next = asm.label();
    asm.opImm(SUB, RCX, asm.lanes);
    asm.jumpIf(LESS, single);
    int vectors = asm.here();
    if (!fill) {
      asm.loadVector(0, R9, 0);
      asm.add(R9, asm.bytes);
    }
    asm.storeVector(R10, 0, 0);
    asm.add(R10, asm.bytes);
    asm.opImm(SUB, RCX, asm.lanes);
    asm.jumpIf(GREATER_EQUAL, vectors);
    asm.place(single);
    asm.add(RCX, asm.lanes);
    asm.jumpIf(EQUAL, next);
    if (asm.wide()) {
      half(asm);
      asm.jumpIf(EQUAL, next);
    }
    int singles = asm.here();
    if (!fill) {
      asm.vLoad(MOVSS_LOAD, XMM, 0, R9, 0);
      asm.add(R9, 4);
    }
    asm.vStore(MOVSS_STORE, XMM, R10, 0, 0);
    asm.add(R10, 4);
    asm.dec(RCX);
    asm.jumpIf(NOT_EQUAL, singles);
    asm.place(next);
    asm.inc(RBP);
    asm.op(CMP, RBP, R12);
    asm.jumpIf(LESS, top);
  }
}
