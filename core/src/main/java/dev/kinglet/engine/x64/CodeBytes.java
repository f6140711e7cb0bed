package dev.kinglet.engine.x64;

import java.util.Arrays;

/** Machine code as it grows: bytes, and labels that may be jumped to before they are placed. */
class CodeBytes {
  private byte[] code = new byte[1 << 14];
  private int size;
  private int[] targets = new int[64];
  private int labels;
  private int[] fixes = new int[128];
  private int fixCount;

  /** The finished code; every label must have been placed. */
  final byte[] finish() {
    for (int i = 0; i < fixCount; i += 2) {
      int at = fixes[i];
      int target = targets[fixes[i + 1]];
      if (target < 0) {
        throw new IllegalStateException("A jump leads to a label that was never placed.");
      }
      patch(at, target - (at + 4));
    }
    return Arrays.copyOf(code, size);
  }

  private void patch(int at, int value) {
    code[at] = (byte) value;
    code[at + 1] = (byte) (value >> 8);
    code[at + 2] = (byte) (value >> 16);
    code[at + 3] = (byte) (value >> 24);
  }

  final void byte1(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, size * 2);
    }
    code[size++] = (byte) value;
  }

  final void byte4(int value) {
    if (size + 4 > code.length) {
      code = Arrays.copyOf(code, size * 2);
    }
    patch(size, value);
    size += 4;
  }

  final void byte8(long value) {
    byte4((int) value);
    byte4((int) (value >> 32));
  }

  /** A place to jump to, not yet known. */
  final int label() {
    if (labels == targets.length) {
      targets = Arrays.copyOf(targets, labels * 2);
    }
    targets[labels] = -1;
    return labels++;
  }

  /** Makes a label stand for the next instruction. */
  final void place(int label) {
    targets[label] = size;
  }

  /** A new label that stands for the next instruction. */
  final int here() {
    int label = label();
    place(label);
    return label;
  }

  /** Where a placed label stands. */
  final int position(int label) {
    return targets[label];
  }

  /** Fills up to a multiple of {@code bytes} with one-byte no-operations. */
  final void align(int bytes) {
    while (size % bytes != 0) {
      byte1(0x90);
    }
  }

  /** Whether a jump of two bytes, written now, reaches back to the label. */
  final boolean isNear(int label) {
    return targets[label] >= 0 && targets[label] - (size + 2) >= -128;
  }

  /** How far a near label lies behind the next byte, as the one byte that ends a short jump. */
  final void distance1(int label) {
    byte1(targets[label] - (size + 1));
  }

  /** How far a label lies from the byte after these four, filled in when the code is finished. */
  final void distance(int label) {
    if (fixCount + 2 > fixes.length) {
      fixes = Arrays.copyOf(fixes, fixCount * 2);
    }
    fixes[fixCount++] = size;
    fixes[fixCount++] = label;
    byte4(0);
  }

  /** Makes room for one instruction. */
  final void room() {
    if (size + 16 > code.length) {
      code = Arrays.copyOf(code, size * 2);
    }
  }

  /** One byte, for which there is room. */
  final void one(int a) {
    code[size++] = (byte) a;
  }

  /** Two bytes, lowest first, for which there is room. */
  final void two(int a, int b) {
    code[size] = (byte) a;
    code[size + 1] = (byte) b;
    size += 2;
  }

  /** Four bytes, lowest first, for which there is room. */
  final void four(int a, int b, int c, int d) {
    code[size] = (byte) a;
    code[size + 1] = (byte) b;
    code[size + 2] = (byte) c;
    code[size + 3] = (byte) d;
    size += 4;
  }
}
