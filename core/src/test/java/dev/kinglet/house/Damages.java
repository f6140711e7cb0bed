package dev.kinglet.house;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Copies of good files with a few bytes changed, moved, lost or added: what parsers are fed. */
public final class Damages {
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    0x7F,
    0x80,
    0xFF,
    0xFFFF,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final SplittableRandom random;

  /** Damage that follows from this generator. */
  public Damages(SplittableRandom random) {
    this.random = random;
  }

  /** A damaged copy. */
  public byte[] of(byte[] good) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(8)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> write(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)], 8);
        case 3 -> write(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)], 4);
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        case 5 -> bytes = splice(bytes, at, Math.min(bytes.length, at + random.nextInt(64)), 0);
        case 6 -> bytes = splice(bytes, at, at, 1 + random.nextInt(64));
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(64), bytes.length - Math.max(from, at));
          System.arraycopy(bytes.clone(), from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static void write(byte[] bytes, int at, long value, int width) {
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  /** Replaces a range by random bytes, or by a repetition of what stands before it. */
  private byte[] splice(byte[] bytes, int from, int to, int insert) {
    byte[] result = new byte[bytes.length - (to - from) + insert];
    System.arraycopy(bytes, 0, result, 0, from);
    for (int i = 0; i < insert; i++) {
      result[from + i] =
          from > i && insert % 2 == 0 ? bytes[from - i - 1] : (byte) random.nextInt();
    }
    System.arraycopy(bytes, to, result, from + insert, bytes.length - to);
    return result;
  }
}
