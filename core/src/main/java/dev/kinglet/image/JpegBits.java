package dev.kinglet.image;

import java.nio.ByteBuffer;

/**
 * The bits of a scan's data: stuffed bytes taken out, zeros after a marker, restarts found.
 *
 * <p>Up to 64 bits are kept, the next ones uppermost.
 */
final class JpegBits {
  private final JpegHeader header;
  private Source source;

  /** The file, to be read eight bytes at a time, the first one uppermost. */
  ByteBuffer words;

  /** The next bits, from the uppermost down. */
  long buffer;

  /** How many of them count. */
  int bits;

  /** How many zeros were made up because the data ended in a marker. */
  private long madeUp;

  /** Data ran out in this segment: what follows stays zero until the next restart. */
  boolean exhausted;

  private int restartsLeft;
  private int nextRestart;

  JpegBits(JpegHeader header) {
    this.header = header;
  }

  void startScan(Source source) {
    this.source = source;
    words = source.words;
    startSegment();
    exhausted = false;
    nextRestart = 0;
    restartsLeft = header.restartInterval;
  }

  /** Holds on to no file between two pictures. */
  void release() {
    source = null;
    words = null;
  }

  private void startSegment() {
    buffer = 0;
    bits = 0;
    madeUp = 0;
  }

  /** Puts back what was kept outside for a while. */
  void save(long buffer, int bits, int at) {
    this.buffer = buffer;
    this.bits = bits;
    header.at = at;
  }

  /** The next byte of the file that is not in the buffer. */
  int at() {
    return header.at;
  }

  /** The last place of the file where eight bytes can be read; -1 behind the data's end. */
  int lastWord() {
    return header.marker == 0 ? source.length - 8 : -1;
  }

  /** Whether none of eight bytes is 0xFF, so that all are data. */
  static boolean plain(long bytes) {
    // No byte of the complement is zero.
    return (~bytes - 0x0101010101010101L & bytes & 0x8080808080808080L) == 0;
  }

  /** Makes at least 57 bits count; at the latest when fewer than 32 do. */
  void refill() {
    int at = header.at;
    if (at <= lastWord()) {
      long next = words.getLong(at);
      if (plain(next)) {
        buffer |= next >>> bits;
        int taken = 63 - bits >> 3;
        header.at = at + taken;
        bits += taken << 3;
        return;
      }
    }
    refillBytewise();
  }

  private void refillBytewise() {
    while (bits <= 56) {
      if (header.marker != 0) {
        madeUp += 64 - bits;
        bits = 64;
        return;
      }
      int next = source.u8(header.at++);
      if (next == 0xFF) {
        int after;
        do {
          after = source.u8(header.at++);
        } while (after == 0xFF);
        if (after != 0) {
          header.marker = after;
          continue;
        }
      }
      buffer |= (long) next << 56 - bits;
      bits += 8;
    }
  }

  /** One bit. */
  int bit() {
    if (bits == 0) {
      refill();
    }
    int bit = (int) (buffer >>> 63);
    buffer <<= 1;
    bits--;
    return bit;
  }

  /** Up to 15 bits as a number; at least one. */
  int take(int count) {
    if (bits < 32) {
      refill();
    }
    int value = (int) (buffer >>> -count);
    buffer <<= count;
    bits -= count;
    return value;
  }

  /** The coefficient in the next bits, 1 to 15 of them. */
  int coefficient(int size) {
    if (bits < 32) {
      refill();
    }
    int value = HuffmanTable.extend(buffer, size);
    buffer <<= size;
    bits -= size;
    return value;
  }

  /** The next code's run of zeros (bits 4 to 7) and size (bits 0 to 3). */
  int symbol(HuffmanTable table) {
    if (bits < 32) {
      refill();
    }
    int entry = table.entry(buffer);
    int length = entry >> 8 & 0xFF;
    buffer <<= length;
    bits -= length;
    return entry >>> 20 & 0xF0 | entry >> 16 & 15;
  }

  /** Whether no marker has been met yet, so that nothing but data has been read. */
  boolean inData() {
    return header.marker == 0;
  }

  /**
   * Leaves out the data that are not yet decoded, up to the marker behind them; false, with nothing
   * changed, where a restart may come first or the file ends before a marker.
   */
  boolean skipData() {
    if (header.restartInterval != 0) {
      return false;
    }
    int at = header.at;
    while (header.marker == 0) {
      if (at <= source.length - 8 && plain(words.getLong(at))) {
        at += 8;
      } else if (at >= source.length - 1) {
        return false;
      } else if (source.u8(at) != 0xFF) {
        at++;
      } else {
        int after = source.u8(at + 1);
        at += after == 0xFF ? 1 : 2;
        if (after != 0 && after != 0xFF) {
          header.marker = after;
          header.at = at;
        }
      }
    }
    return true;
  }

  /** How many MCUs come before the next restart, if there is one. */
  int beforeRestart() {
    return header.restartInterval == 0 ? Integer.MAX_VALUE : restartsLeft;
  }

  /** To be called after MCUs that were decoded elsewhere, from data alone. */
  void endMcus(int count) {
    restartsLeft -= count;
  }

  /** To be called after each MCU. */
  void endMcu() {
    exhausted |= bits < madeUp;
    restartsLeft--;
  }

  /** To be called before each MCU; true when a restart began, which resets all predictions. */
  boolean restarted() {
    if (header.restartInterval == 0 || restartsLeft != 0) {
      return false;
    }
    startSegment();
    if (header.marker == 0) {
      header.marker = header.findMarker();
    }
    if (header.marker == JpegHeader.RST0 + nextRestart) {
      header.marker = 0;
    } else {
      resynchronise();
    }
    nextRestart = nextRestart + 1 & 7;
    restartsLeft = header.restartInterval;
    // Right before another marker there are no data: what follows stays as it was.
    if (header.marker == 0) {
      exhausted = false;
    }
    return true;
  }

  /**
   * A restart marker is missing or damaged: libjpeg takes one of the next two as a sign that data
   * are lost and waits for it, skips one of the last two, and accepts any other.
   */
  private void resynchronise() {
    while (true) {
      int ahead = header.marker - JpegHeader.RST0 - nextRestart & 7;
      boolean restart = header.marker >= JpegHeader.RST0 && header.marker < JpegHeader.RST0 + 8;
      if (header.marker >= 0xC0 && (!restart || ahead == 1 || ahead == 2)) {
        return;
      }
      if (restart && ahead < 6) {
        header.marker = 0;
        return;
      }
      header.marker = header.findMarker();
    }
  }
}
