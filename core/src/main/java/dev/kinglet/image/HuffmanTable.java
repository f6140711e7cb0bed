package dev.kinglet.image;

import dev.kinglet.engine.x64.ScanState;
import java.util.Arrays;

/**
 * A Huffman table made for decoding: most codes in one look. It is one array of words, as {@link
 * ScanState} lays it out, so that machine code can read it too.
 *
 * <p>An entry stands for the next {@value #LOOK} bits. Bits 0 to 7: the bits of the code and of the
 * coefficient behind it; bits 8 to 15: those of the code alone; bits 16 to 23: those of the
 * coefficient; bits 24 to 31: the run of zeros before it. An entry of 0 stands for a longer code.
 * For machine code there are the coefficients that a look shows whole as well.
 */
final class HuffmanTable {
  static final int LOOK = ScanState.LOOK;

  /** Of an entry, the bits that tell how long the coefficient is. */
  static final int SIZE = 0xFF0000;

  /**
   * The entries of all looks; for each length the largest code, aligned to 16 bits, or -1 when
   * there is none; what added to a code of that length gives its place; the entry of each place;
   * for AC the coefficients of all looks.
   */
  final int[] words = new int[ScanState.TABLE];

  private final byte[] counts = new byte[16];
  private final byte[] symbols = new byte[256];
  private final boolean ac;

  /** Without any code, for DC sizes or for AC runs and sizes. */
  HuffmanTable(boolean ac) {
    this.ac = ac;
  }

  private HuffmanTable(String counts, String symbols, boolean ac) {
    this.ac = ac;
    for (int i = 0; i < 16; i++) {
      this.counts[i] = (byte) Integer.parseInt(counts, 2 * i, 2 * i + 2, 16);
    }
    for (int i = 0; i < symbols.length() / 2; i++) {
      this.symbols[i] = (byte) Integer.parseInt(symbols, 2 * i, 2 * i + 2, 16);
    }
    build();
  }

  /** Takes the codes of a file's table: 16 counts, and as many symbols. */
  void read(Source source, int at, int count) {
    for (int i = 0; i < 16; i++) {
      counts[i] = (byte) source.u8(at + i);
    }
    Arrays.fill(symbols, (byte) 0);
    for (int i = 0; i < count; i++) {
      symbols[i] = (byte) source.u8(at + 16 + i);
    }
    String wrong = build();
    if (wrong != null) {
      throw source.broken("the Huffman table at byte " + at + " " + wrong);
    }
  }

  private String build() {
    Arrays.fill(words, 0);
    int code = 0;
    int place = 0;
    for (int length = 1; length <= 16; length++) {
      int n = counts[length - 1] & 0xFF;
      words[ScanState.OFFSET + length] = place - code;
      for (int i = 0; i < n; i++, place++, code++) {
        int symbol = symbols[place] & 0xFF;
        if (!ac && symbol > 15) {
          return "has a DC size of " + symbol;
        }
        int entry = entry(symbol, length, ac);
        words[ScanState.ENTRIES + (place & 0xFF)] = entry;
        if (length <= LOOK && code < 1 << length) {
          int rest = LOOK - length;
          Arrays.fill(words, code << rest, code + 1 << rest, entry);
          if (ac) {
            whole(code, length, symbol);
          }
        }
      }
      if (n > 0 && code >= 1 << length) {
        return "has more codes than its lengths allow";
      }
      words[ScanState.LARGEST + length] =
          n == 0 ? -1 : (code - 1 << 16 - length) | (1 << 16 - length) - 1;
      code <<= 1;
    }
    words[ScanState.LARGEST + 17] = Integer.MAX_VALUE;
    return null;
  }

  /** The coefficients behind a code, where a look shows all their bits. */
  private void whole(int code, int length, int symbol) {
    int size = symbol & 15;
    int rest = LOOK - length - size;
    if (size == 0 || rest < 0) {
      return;
    }
    int place = (symbol >> 4) + 1;
    int half = 1 << size - 1;
    for (int bits = 0; bits < 2 * half; bits++) {
      int value = bits < half ? bits - 2 * half + 1 : bits;
      int at = ScanState.WHOLE + ((code << size | bits) << rest);
      Arrays.fill(words, at, at + (1 << rest), value << 16 | place << 8 | length + size);
    }
  }

  private static int entry(int symbol, int length, boolean ac) {
    int size = ac ? symbol & 15 : symbol;
    int run = ac ? symbol >> 4 : 0;
    return run << 24 | size << 16 | length << 8 | length + size;
  }

  /** The coefficient (T.81, F.2.2.1) in the upper {@code size} bits, 1 to 16 of them. */
  static int extend(long bits, int size) {
    // All ones when the first bit is 0, which means a negative coefficient.
    int negative = (int) ~(bits >> 63);
    return (int) (bits >>> -size) - (negative >>> -size);
  }

  /** The entry of the code in the uppermost bits. */
  int entry(long bits) {
    int entry = words[(int) (bits >>> 64 - LOOK)];
    return entry != 0 ? entry : longCode((int) (bits >>> 48));
  }

  /** The entry of a code longer than the look, from the next 16 bits. */
  int longCode(int next16) {
    int length = LOOK + 1;
    while (next16 > words[ScanState.LARGEST + length]) {
      length++;
    }
    if (length > 16) {
      // No such code: libjpeg takes symbol 0 and goes on, having used all bits it looked at.
      return entry(0, 17, ac);
    }
    int place = (next16 >> 16 - length) + words[ScanState.OFFSET + length];
    return words[ScanState.ENTRIES + (place & 0xFF)];
  }

  /** The example tables of T.81, annex K.3, that motion JPEG uses without stating them. */
  static HuffmanTable standard(boolean ac, int index) {
    return Standard.TABLES[(ac ? 2 : 0) + index];
  }

  /** Made when a file asks for them. */
  private static final class Standard {
    private static final String SIZES = "000102030405060708090a0b";
    static final HuffmanTable[] TABLES = {
      new HuffmanTable("00010501010101010100000000000000", SIZES, false),
      new HuffmanTable("00030101010101010101010000000000", SIZES, false),
      new HuffmanTable("0002010303020403050504040000017d", LUMINANCE, true),
      new HuffmanTable("00020102040403040705040400010277", CHROMINANCE, true)
    };
  }

  private static final String LUMINANCE =
      "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a16"
          + "1718191a25262728292a3435363738393a434445464748494a535455565758595a63646566676869"
          + "6a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6"
          + "b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8"
          + "f9fa";
  private static final String CHROMINANCE =
      "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e1"
          + "25f11718191a262728292a35363738393a434445464748494a535455565758595a63646566676869"
          + "6a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5"
          + "b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";
}
