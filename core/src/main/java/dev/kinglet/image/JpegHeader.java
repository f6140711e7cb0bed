package dev.kinglet.image;

import java.util.Arrays;

/**
 * Reads the markers of a JPEG file (ITU-T T.81, annex B) up to the next scan or the end, and keeps
 * what they define.
 */
final class JpegHeader {
  static final int SOS = 0xDA;
  static final int EOI = 0xD9;
  static final int RST0 = 0xD0;
  private static final int SOI = 0xD8;
  private static final int DHT = 0xC4;
  private static final int DQT = 0xDB;
  private static final int DRI = 0xDD;
  private static final int COM = 0xFE;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;

  /** Natural position of each coefficient in zigzag order; broken runs past the end reach 63. */
  static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63
  };

  private static final JpegComponent[] NONE = {};

  private Source source;

  /** The next byte to read. */
  int at;

  /** A marker found inside a scan's data and not dealt with yet; 0 when there is none. */
  int marker;

  boolean frameSeen;
  boolean progressive;
  int width;
  int height;
  int maxH;
  int maxV;
  int mcusWide;
  int mcusHigh;
  JpegComponent[] components;
  int orientation;
  boolean jfif;

  /** The Adobe marker's colour transform; -1 without such a marker. */
  int adobe;

  int restartInterval;
  private final int[][] quantTables = new int[4][64];

  /** Bit n tells that the quantisation table n is defined. */
  private int quantDefined;

  /** The Huffman tables that are defined, null for the others: four for DC, four for AC. */
  private final HuffmanTable[] tables = new HuffmanTable[8];

  /** Scans so far. */
  int scanNumber;

  /** The scan's components, spectral band and bit positions. */
  JpegComponent[] scan;

  int bandStart;
  int bandEnd;
  int high;
  int low;

  /** Components, tables and lists of an earlier picture, whose memory is used again. */
  private final JpegComponent[] pool = new JpegComponent[4];

  private final HuffmanTable[] ownTables = new HuffmanTable[8];
  private final JpegComponent[][] frames = {
    NONE, new JpegComponent[1], NONE, new JpegComponent[3], new JpegComponent[4]
  };
  private final JpegComponent[][] scans = {
    NONE, new JpegComponent[1], new JpegComponent[2], new JpegComponent[3], new JpegComponent[4]
  };

  /** Goes to the beginning of a file; nothing is left of the one before. */
  void start(Source source) {
    this.source = source;
    at = 2;
    marker = 0;
    frameSeen = false;
    progressive = false;
    components = NONE;
    orientation = 0;
    jfif = false;
    adobe = -1;
    restartInterval = 0;
    quantDefined = 0;
    Arrays.fill(tables, null);
    scanNumber = 0;
    scan = NONE;
  }

  /** Holds on to no file between two pictures. */
  void release() {
    source = null;
  }

  static PictureHeader header(Source source) {
    JpegHeader header = new JpegHeader();
    header.start(source);
    while (!header.frameSeen) {
      if (header.step() == EOI) {
        throw source.broken("it ends before its first scan");
      }
    }
    // The orientation may stand behind the frame, but no writer puts it there.
    int orientation = Math.max(1, header.orientation);
    return new PictureHeader(PictureFormat.JPEG, header.width, header.height, orientation);
  }

  /** Reads on to the next scan's data (SOS) or to the end of the picture (EOI). */
  int next() {
    int found;
    do {
      found = step();
    } while (found != SOS && found != EOI);
    return found;
  }

  private int step() {
    int code = marker != 0 ? marker : findMarker();
    marker = 0;
    if (code == EOI || code >= RST0 && code < SOI || code == 1) {
      return code;
    }
    if (code == SOI) {
      throw source.broken("a second picture begins inside it");
    }
    if (code < 0xC0
        || code == 0xC8
        || code == 0xDE
        || code == 0xDF
        || code >= 0xF0 && code != COM) {
      throw source.broken("it has the unknown marker " + code + " before byte " + at);
    }
    int length = source.u16be(at);
    int from = at + 2;
    int to = at + length;
    if (length < 2) {
      throw source.broken("the segment at byte " + at + " has no length");
    }
    if (to > source.length) {
      throw source.truncated();
    }
    switch (code) {
      case 0xC0, 0xC1, 0xC2 -> frame(code, from, to);
      case DHT -> huffman(from, to);
      case DQT -> quantisation(from, to);
      case SOS -> scan(from, to);
      case DRI -> {
        if (length != 4) {
          throw source.broken("the restart interval at byte " + at + " has a wrong length");
        }
        restartInterval = source.u16be(from);
      }
      case APP0 -> jfif |= length >= 16 && starts(from, "JFIF");
      case APP1 -> {
        if (orientation == 0 && length >= 8 && starts(from, "Exif")) {
          orientation = Exif.orientation(source.bytes, from + 6, to);
        }
      }
      case APP14 -> {
        if (length >= 14 && starts(from, "Adobe")) {
          adobe = source.u8(from + 11);
        }
      }
      default -> {
        if (code >= 0xC3 && code <= 0xCF && code != 0xCC) {
          throw source.unsupported("JPEG of the kind " + kind(code) + " is not decoded here");
        }
      }
    }
    at = to;
    return code;
  }

  private static String kind(int code) {
    return switch (code) {
      case 0xC3 -> "lossless";
      case 0xC9, 0xCA -> "arithmetic coding";
      case 0xCB -> "lossless with arithmetic coding";
      default -> "hierarchical";
    };
  }

  /** Skips what is no marker, as libjpeg does, and returns the code of the next. */
  int findMarker() {
    while (true) {
      while (source.u8(at) != 0xFF) {
        at++;
      }
      while (source.u8(at) == 0xFF) {
        at++;
      }
      int code = source.u8(at++);
      if (code != 0) {
        return code;
      }
    }
  }

  private boolean starts(int from, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (source.u8(from + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void frame(int code, int from, int to) {
    if (frameSeen) {
      throw source.broken("it has a second frame at byte " + from);
    }
    int precision = source.u8(from);
    height = source.u16be(from + 1);
    width = source.u16be(from + 3);
    int count = source.u8(from + 5);
    if (precision != 8) {
      throw source.unsupported("a JPEG of " + precision + " bits a sample is not decoded here");
    }
    if (count != 1 && count != 3 && count != 4) {
      throw source.unsupported("a JPEG of " + count + " components is not decoded here");
    }
    if (width == 0 || height == 0) {
      throw source.broken("its header gives a size of " + width + " x " + height);
    }
    if (to - from != 6 + 3 * count) {
      throw source.broken("its frame has a wrong length");
    }
    progressive = code == 0xC2;
    components = frames[count];
    maxH = 1;
    maxV = 1;
    for (int i = 0; i < count; i++) {
      if (pool[i] == null) {
        pool[i] = new JpegComponent();
      }
      JpegComponent c = pool[i];
      components[i] = c;
      c.id = source.u8(from + 6 + 3 * i);
      c.h = source.u8(from + 7 + 3 * i) >> 4;
      c.v = source.u8(from + 7 + 3 * i) & 15;
      c.quantTable = source.u8(from + 8 + 3 * i);
      if (c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4) {
        throw source.broken("its sampling factors are " + c.h + " x " + c.v);
      }
      maxH = Math.max(maxH, c.h);
      maxV = Math.max(maxV, c.v);
    }
    mcusWide = (width + 8 * maxH - 1) / (8 * maxH);
    mcusHigh = (height + 8 * maxV - 1) / (8 * maxV);
    for (JpegComponent c : components) {
      if (maxH % c.h != 0 || maxV % c.v != 0) {
        throw source.unsupported("a JPEG with fractional sampling factors is not decoded here");
      }
      c.measure(this);
    }
    frameSeen = true;
  }

  private void huffman(int from, int to) {
    int p = from;
    // What is left after the last table has to be nothing.
    while (to - p > 16) {
      int index = source.u8(p);
      int count = 0;
      for (int i = 1; i <= 16; i++) {
        count += source.u8(p + i);
      }
      if (count > 256 || p + 17 + count > to || (index & 0xEF) > 3) {
        throw source.broken("the Huffman table at byte " + p + " is not one");
      }
      boolean ac = (index & 0x10) != 0;
      int place = (ac ? 4 : 0) + (index & 3);
      if (ownTables[place] == null) {
        ownTables[place] = new HuffmanTable(ac);
      }
      tables[place] = ownTables[place];
      tables[place].read(source, p + 1, count);
      p += 17 + count;
    }
    if (p != to) {
      throw source.broken("the Huffman tables before byte " + to + " have a wrong length");
    }
  }

  private void quantisation(int from, int to) {
    int p = from;
    while (p < to) {
      int n = source.u8(p) & 15;
      boolean wide = source.u8(p) >> 4 != 0;
      p++;
      if (n > 3 || p + (wide ? 128 : 64) > to) {
        throw source.broken("the quantisation table at byte " + p + " is not one");
      }
      quantDefined |= 1 << n;
      for (int i = 0; i < 64; i++) {
        quantTables[n][i] = wide ? source.u16be(p + 2L * i) : source.u8(p + i);
      }
      p += wide ? 128 : 64;
    }
  }

  private void scan(int from, int to) {
    if (!frameSeen) {
      throw source.broken("a scan comes before the frame");
    }
    int count = source.u8(from);
    if (count < 1 || count > 4 || to - from != 4 + 2 * count) {
      throw source.broken("the scan at byte " + from + " has a wrong length");
    }
    scan = scans[count];
    Arrays.fill(scan, null);
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      int id = source.u8(from + 1 + 2 * i);
      for (JpegComponent c : components) {
        if (c.id == id && !inScan(c)) {
          scan[i] = c;
          break;
        }
      }
      if (scan[i] == null) {
        throw source.broken("a scan names the component " + id + " that the frame has not");
      }
      int tables = source.u8(from + 2 + 2 * i);
      scan[i].dcTable = tables >> 4;
      scan[i].acTable = tables & 15;
      blocks += scan[i].h * scan[i].v;
    }
    if (count > 1 && blocks > 10) {
      throw source.broken("a scan has " + blocks + " blocks in an MCU, more than 10");
    }
    scanNumber++;
    bandStart = source.u8(to - 3);
    bandEnd = source.u8(to - 2);
    high = source.u8(to - 1) >> 4;
    low = source.u8(to - 1) & 15;
  }

  private boolean inScan(JpegComponent component) {
    for (JpegComponent c : scan) {
      if (c == component) {
        return true;
      }
    }
    return false;
  }

  /** The scan's table; without one, the standard's own example, which motion JPEG leaves out. */
  HuffmanTable table(boolean ac, int index) {
    int place = (ac ? 4 : 0) + index;
    if (index > 3 || tables[place] == null && index > 1) {
      throw source.broken("a scan uses a Huffman table that is not defined");
    }
    if (tables[place] == null) {
      tables[place] = HuffmanTable.standard(ac, index);
    }
    return tables[place];
  }

  /** Keeps the dequantisation of the scan's components that have none yet. */
  void latchQuantisation() {
    for (JpegComponent c : scan) {
      if (c.quantKnown) {
        continue;
      }
      if (c.quantTable > 3 || (quantDefined >> c.quantTable & 1) == 0) {
        throw source.broken("a component uses a quantisation table that is not defined");
      }
      c.dequantiseBy(quantTables[c.quantTable]);
    }
  }
}
