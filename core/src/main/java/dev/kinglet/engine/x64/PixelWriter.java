package dev.kinglet.engine.x64;

import java.util.Arrays;

/** Writes a pixel kernel: code with a pool of 32-byte constants behind it. */
class PixelWriter extends Vectors {
  /** Points to the pool once {@link #pool} has been written. */
  static final int POOL = R11;

  private final int poolLabel = label();
  private int[] constants = new int[0];

  /**
   * The start of every kernel: adds the offsets that come on the stack to the pointers in RDI, RSI,
   * RDX and RCX. An array moves, so its segment is kept and places in it are told apart by number.
   */
  final void begin() {
    int[] pointers = {RDI, RSI, RDX, RCX};
    for (int i = 0; i < 4; i++) {
      opLoad(ADD, pointers[i], RSP, 8 + 8 * i);
    }
  }

  final void pool() {
    leaLabel(POOL, poolLabel);
  }

  /** The displacement of a constant of eight double words in the pool. */
  final int eight(int... words) {
    int at = constants.length;
    constants = Arrays.copyOf(constants, at + 8);
    System.arraycopy(words, 0, constants, at, 8);
    return 4 * at;
  }

  /** A double word repeated. */
  final int all(int word) {
    return eight(word, word, word, word, word, word, word, word);
  }

  /** Two words repeated, the first one lower. */
  final int pairs(int first, int second) {
    return all(first & 0xFFFF | second << 16);
  }

  /** The same 16 bytes in both halves. */
  final int bytes(int... bytes) {
    int[] words = new int[8];
    for (int i = 0; i < 32; i++) {
      words[i / 4] |= (bytes[i % 16] & 0xFF) << 8 * (i % 4);
    }
    return eight(words);
  }

  /** Ends the function and writes the pool. */
  final byte[] end() {
    vzeroupper();
    ret();
    align(32);
    place(poolLabel);
    for (int word : constants) {
      byte4(word);
    }
    return finish();
  }
}
