package dev.kinglet.image;

/** Decodes one scan of a progressive picture into its coefficients (T.81, annex G). */
final class ProgressiveScan {
  private final JpegHeader header;
  private final JpegBits in;
  private final HuffmanTable[] tables = new HuffmanTable[4];
  private final int[] zigzag = JpegHeader.ZIGZAG;
  private int endOfBandRun;

  /** The last row of MCUs that the last scan's data reached. */
  int lastGood;

  ProgressiveScan(JpegHeader header, JpegBits in) {
    this.header = header;
    this.in = in;
  }

  void decode(Source source) {
    check(source);
    JpegComponent[] scan = header.scan;
    boolean dc = header.bandStart == 0;
    boolean refine = header.high != 0;
    for (int i = 0; i < scan.length; i++) {
      if (!dc) {
        tables[i] = header.table(true, scan[i].acTable);
      } else if (!refine) {
        tables[i] = header.table(false, scan[i].dcTable);
      }
      scan[i].prediction = 0;
    }
    endOfBandRun = 0;
    boolean single = scan.length == 1;
    int wide = single ? scan[0].blocksWide : header.mcusWide;
    int high = single ? scan[0].blocksHigh : header.mcusHigh;
    for (int y = 0; y < high; y++) {
      for (int x = 0; x < wide; x++) {
        if (in.restarted()) {
          endOfBandRun = 0;
          for (JpegComponent c : scan) {
            c.prediction = 0;
          }
        }
        if (!in.exhausted) {
          lastGood = single ? y / scan[0].v : y;
        }
        for (int i = 0; i < scan.length; i++) {
          JpegComponent c = scan[i];
          int across = single ? 1 : c.h;
          int down = single ? 1 : c.v;
          for (int by = 0; by < down; by++) {
            for (int bx = 0; bx < across; bx++) {
              int at = 64 * ((y * down + by) * c.paddedWide + x * across + bx);
              block(c, tables[i], dc, refine, at);
            }
          }
        }
        in.endMcu();
      }
    }
  }

  private void check(Source source) {
    int start = header.bandStart;
    int end = header.bandEnd;
    boolean wrong = start == 0 ? end != 0 : start > end || end > 63 || header.scan.length != 1;
    if (wrong || header.low > 13 || header.high != 0 && header.low != header.high - 1) {
      throw source.broken(
          "a progressive scan covers "
              + (start + " to " + end + " with bits " + header.high + " to " + header.low));
    }
    for (JpegComponent c : header.scan) {
      for (int k = Math.min(start, 1); k <= Math.max(end, 9); k++) {
        c.knownBefore[k] = header.scanNumber > 1 ? c.known[k] : 0;
      }
      for (int k = start; k <= end; k++) {
        c.known[k] = header.low;
      }
    }
  }

  private void block(JpegComponent c, HuffmanTable table, boolean dc, boolean refine, int at) {
    if (dc && refine) {
      if (in.bit() != 0) {
        c.coefficients[at] |= (short) (1 << header.low);
      }
    } else if (in.exhausted) {
      // Left as it is until the next restart.
    } else if (dc) {
      int size = in.symbol(table);
      if (size > 0) {
        c.prediction += in.coefficient(size);
      }
      c.coefficients[at] = (short) (c.prediction << header.low);
    } else if (refine) {
      refineBand(c.coefficients, at, table);
    } else {
      firstBand(c.coefficients, at, table);
    }
  }

  private void firstBand(short[] out, int at, HuffmanTable table) {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return;
    }
    for (int k = header.bandStart; k <= header.bandEnd; k++) {
      int symbol = in.symbol(table);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (size != 0) {
        k += run;
        int value = in.coefficient(size);
        out[at + zigzag[k]] = (short) (value << header.low);
      } else if (run == 15) {
        k += 15;
      } else {
        endOfBandRun = (1 << run) - 1;
        if (run > 0) {
          endOfBandRun += in.take(run);
        }
        return;
      }
    }
  }

  private void refineBand(short[] out, int at, HuffmanTable table) {
    int k = header.bandStart;
    int end = header.bandEnd;
    int plus = 1 << header.low;
    if (endOfBandRun == 0) {
      while (k <= end) {
        int symbol = in.symbol(table);
        int run = symbol >> 4;
        int value = 0;
        if ((symbol & 15) != 0) {
          value = in.bit() != 0 ? plus : -plus;
        } else if (run != 15) {
          endOfBandRun = 1 << run;
          if (run > 0) {
            endOfBandRun += in.take(run);
          }
          break;
        }
        // Corrections of known coefficients on the way to the run's end.
        while (k <= end) {
          int place = at + zigzag[k];
          if (out[place] != 0) {
            correct(out, place, plus);
          } else if (--run < 0) {
            break;
          }
          k++;
        }
        if (value != 0) {
          out[at + zigzag[k]] = (short) value;
        }
        k++;
      }
    }
    if (endOfBandRun > 0) {
      for (; k <= end; k++) {
        int place = at + zigzag[k];
        if (out[place] != 0) {
          correct(out, place, plus);
        }
      }
      endOfBandRun--;
    }
  }

  private void correct(short[] out, int place, int plus) {
    if (in.bit() != 0 && (out[place] & plus) == 0) {
      out[place] += (short) (out[place] >= 0 ? plus : -plus);
    }
  }
}
