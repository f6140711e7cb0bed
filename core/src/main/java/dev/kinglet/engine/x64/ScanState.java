package dev.kinglet.engine.x64;

import java.lang.foreign.MemorySegment;

/**
 * What the machine code of a JPEG scan reads and leaves, in one array: the place in the file, the
 * components' predictions, which blocks an MCU has, dequantisation and Huffman tables.
 */
public final class ScanState {
  /**
   * A block whose dequantised coefficients have no larger sum of magnitudes cannot overflow 16 bits
   * in the inverse transform: each pass grows a column's or row's sum by at most 5.55.
   */
  public static final int TAME = 5900;

  /** The bits that a look into a table takes. */
  public static final int LOOK = 10;

  /** In a table, behind the looks: for lengths 0 to 17 the largest code, aligned to 16 bits. */
  public static final int LARGEST = 1 << LOOK;

  /** Then what added to a code of that length gives its place. */
  public static final int OFFSET = LARGEST + 18;

  /** Then the entry of each place. */
  public static final int ENTRIES = OFFSET + 18;

  /**
   * Then, for AC, the coefficients that lie in a look with their code: the value in the upper half,
   * in bits 8 to 15 how many places it is further than the one before, in the lowest its bits; 0
   * for all else.
   */
  public static final int WHOLE = ENTRIES + 256;

  /** All of a table. */
  public static final int TABLE = WHOLE + (1 << LOOK);

  /** Dequantisation steps of a component: 64, and 16 for runs that lead out of a block. */
  public static final int STEPS = 80;

  /** No MCU may have more (T.81, B.2.3). */
  public static final int MOST_BLOCKS = 10;

  static final int BUFFER = 0;
  static final int BITS = 2;
  static final int AT = 3;
  static final int LAST_WORD = 4;
  static final int LENGTH = 5;
  static final int DONE = 6;
  static final int BLOCKS = 7;
  static final int PREDICTIONS = 8;
  static final int KEPT = 12;
  static final int FIRST = 16;
  static final int END = 17;
  static final int BLOCK = 18;
  static final int BLOCK_WORDS = 8;
  private static final int STEP = BLOCK + MOST_BLOCKS * BLOCK_WORDS;
  private static final int HUFFMAN = STEP + 4 * STEPS;

  private final int[] words = new int[HUFFMAN + 8 * TABLE];
  final MemorySegment segment = MemorySegment.ofArray(words);

  /** A scan with no block yet. */
  public void start() {
    words[BLOCKS] = 0;
  }

  /** Where the file ends, and the last place where eight of its bytes can be read. */
  public void file(int length, int lastWord) {
    words[LENGTH] = length;
    words[LAST_WORD] = lastWord;
  }

  /** The MCUs of a row whose coefficients are wanted; of the others only the bits are read. */
  public void wanted(int first, int end) {
    words[FIRST] = first;
    words[END] = end;
  }

  /** A table of {@link #TABLE} words; those for AC have places 4 to 7. */
  public void table(int place, int[] table) {
    System.arraycopy(table, 0, words, HUFFMAN + place * TABLE, TABLE);
  }

  /** The dequantisation of a component, 0 to 3. */
  public void steps(int component, int[] steps) {
    System.arraycopy(steps, 0, words, STEP + component * STEPS, STEPS);
  }

  /**
   * One more block of each MCU.
   *
   * @param dc the place of its table for DC, from 0
   * @param ac that of its table for AC, from 4
   * @param first its place among the blocks in the first MCU
   * @param each how many places further it lies in the next MCU
   */
  public void block(int component, int dc, int ac, int first, int each) {
    int at = BLOCK + BLOCK_WORDS * words[BLOCKS]++;
    words[at] = 4 * (HUFFMAN + dc * TABLE);
    words[at + 1] = 4 * (HUFFMAN + ac * TABLE);
    words[at + 2] = 4 * (STEP + component * STEPS);
    words[at + 3] = 4 * (PREDICTIONS + component);
    words[at + 4] = first;
    words[at + 5] = each;
    words[at + 6] = 4 * (HUFFMAN + ac * TABLE + WHOLE);
  }

  /** The bits to begin with, from the uppermost down, and the place of the next byte. */
  public void bits(long buffer, int bits, int at) {
    words[BUFFER] = (int) buffer;
    words[BUFFER + 1] = (int) (buffer >>> 32);
    words[BITS] = bits;
    words[AT] = at;
  }

  /** The next bits. */
  public long buffer() {
    return words[BUFFER] & 0xFFFF_FFFFL | (long) words[BUFFER + 1] << 32;
  }

  /** How many of them count. */
  public int bits() {
    return words[BITS];
  }

  /** The place of the next byte that is not among them. */
  public int at() {
    return words[AT];
  }

  /** How many MCUs the last call has decoded. */
  public int done() {
    return words[DONE];
  }

  /** The DC value that a component's next difference adds to. */
  public int prediction(int component) {
    return words[PREDICTIONS + component];
  }

  /** Sets it. */
  public void prediction(int component, int value) {
    words[PREDICTIONS + component] = value;
  }
}
