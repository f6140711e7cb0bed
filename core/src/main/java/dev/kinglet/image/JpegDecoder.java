package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
import dev.kinglet.engine.x64.ScanState;
import java.util.Arrays;

/**
 * Decodes JPEG (ITU-T T.81): baseline, extended and progressive Huffman, 8 bits; its pixels are
 * libjpeg-turbo's. One thread's, with memory that is used again.
 */
final class JpegDecoder {
  /** Steps that leave coefficients as they are coded. */
  private static final int[] ONES = new int[JpegHeader.ZIGZAG.length];

  static {
    for (int k = 0; k < ONES.length; k++) {
      ONES[k] = 1 << 8 | JpegHeader.ZIGZAG[k];
    }
  }

  private final JpegHeader header = new JpegHeader();
  private final JpegBits bits = new JpegBits(header);
  private final InverseDct inverse = new InverseDct();
  private final PixelCode code;
  private final Upsampling upsampling;
  private final int[] quant = new int[64];
  private final JpegPart part = new JpegPart();

  /** The tables of a scan's components, and the first block of each in a row of MCUs. */
  private final HuffmanTable[] dc = new HuffmanTable[4];

  private final HuffmanTable[] ac = new HuffmanTable[4];
  private final int[] start = new int[4];

  /** A row of blocks, and the last coefficient of each. */
  private final Shorts blocks = new Shorts();

  private final Bytes last = new Bytes();
  private final EmittedScan emitted;
  private ProgressiveScan progressive;
  private BlockSmoothing smoothing;

  /** With machine code, or null to do all in plain Java. */
  JpegDecoder(PixelCode code) {
    this.code = code;
    upsampling = new Upsampling(code);
    emitted = code != null && code.readsScans() ? new EmittedScan(code, bits) : null;
  }

  /** Decodes what a geometry reads of the picture, or everything where that is null. */
  void decode(Source source, long limit, Geometry reader, Raster raster) {
    try {
      header.start(source);
      picture(source, limit, reader, raster);
    } finally {
      header.release();
      bits.release();
    }
  }

  private void picture(Source source, long limit, Geometry reader, Raster raster) {
    if (header.next() == JpegHeader.EOI) {
      throw source.broken("it ends before its first scan");
    }
    source.checkSize(header.width, header.height, limit);
    part.start(header, reader);
    for (JpegComponent c : header.components) {
      long samples = 8L * c.stride * c.paddedHigh;
      if (samples > Integer.MAX_VALUE - 64) {
        throw source.broken("a component has more than 2^31 samples");
      }
      c.plane.room((int) samples);
    }
    if (!header.progressive && header.scan.length == header.components.length) {
      singleScan(source);
      finish(source);
    } else {
      manyScans(source);
    }
    colour(raster);
  }

  /** All components in one sequential scan: row after row of MCUs, without keeping coefficients. */
  private void singleScan(Source source) {
    header.latchQuantisation();
    bits.startScan(source);
    JpegComponent[] scan = header.scan;
    boolean single = scan.length == 1;
    int mcusWide = single ? scan[0].blocksWide : header.mcusWide;
    int mcusHigh = single ? scan[0].blocksHigh : header.mcusHigh;
    int total = 0;
    for (int i = 0; i < scan.length; i++) {
      start[i] = total;
      total += single ? mcusWide : scan[i].paddedWide * scan[i].v;
    }
    room(total);
    for (int i = 0; i < scan.length; i++) {
      dc[i] = header.table(false, scan[i].dcTable);
      ac[i] = header.table(true, scan[i].acTable);
      scan[i].prediction = 0;
    }
    boolean fast = emitted != null && emitted.start(header, start, single);
    for (int row = 0; row < mcusHigh; row++) {
      if (row == (single ? part.endRow(scan[0]) : part.endRow()) && bits.skipData()) {
        return;
      }
      boolean wanted = part.hasRow(scan[0], single ? row : row * scan[0].v);
      int first = single ? part.firstBlock(scan[0]) : part.firstColumn();
      int end = !wanted ? first : single ? part.endBlock(scan[0]) : part.endColumn();
      int x = 0;
      while (x < mcusWide) {
        if (bits.restarted()) {
          resetPredictions(scan);
        }
        int left = mcusWide - x;
        int done = fast ? emitted.decode(source, blocks, last, x, left, first, end) : 0;
        if (done == 0) {
          mcu(x, single);
          bits.endMcu();
          done = 1;
        }
        x += done;
      }
      for (int i = 0; i < scan.length; i++) {
        JpegComponent c = scan[i];
        int down = single ? 1 : c.v;
        for (int by = 0; by < down; by++) {
          if (part.hasRow(c, row * down + by)) {
            transform(c, row * down + by, start[i] + by * c.paddedWide);
          }
        }
      }
    }
  }

  /** The blocks of one MCU, in the row that the inverse transform reads; zeros behind the data. */
  private void mcu(int x, boolean single) {
    short[] blocks = this.blocks.array;
    byte[] last = this.last.array;
    JpegComponent[] scan = header.scan;
    for (int i = 0; i < scan.length; i++) {
      JpegComponent c = scan[i];
      int across = single ? 1 : c.h;
      int down = single ? 1 : c.v;
      for (int by = 0; by < down; by++) {
        for (int bx = 0; bx < across; bx++) {
          int b = start[i] + by * c.paddedWide + x * across + bx;
          Arrays.fill(blocks, 64 * b, 64 * b + 64, (short) 0);
          last[b] = 0;
          if (!bits.exhausted) {
            last[b] = (byte) SequentialScan.block(bits, dc[i], ac[i], c.steps, c, blocks, 64 * b);
          }
        }
      }
    }
  }

  /** What follows the only scan is read to its end; it may be missing, but not be broken. */
  private void finish(Source source) {
    try {
      if (header.next() == JpegHeader.SOS) {
        throw source.broken("a scan follows the one that has all components");
      }
    } catch (TruncatedPictureException e) {
      // All pixels are there.
    }
  }

  /** Progressive pictures, and sequential ones whose components come in several scans. */
  private void manyScans(Source source) {
    for (JpegComponent c : header.components) {
      long size = 64L * c.paddedWide * c.paddedHigh;
      if (c.coefficients.length < size) {
        c.coefficients = new short[(int) size];
      } else {
        Arrays.fill(c.coefficients, 0, (int) size, (short) 0);
      }
    }
    if (header.progressive && progressive == null) {
      progressive = new ProgressiveScan(header, bits);
    }
    do {
      header.latchQuantisation();
      bits.startScan(source);
      if (header.progressive) {
        progressive.decode(source);
      } else {
        sequentialPart();
      }
    } while (header.next() == JpegHeader.SOS);
    boolean smooth = header.progressive && BlockSmoothing.needed(header);
    if (smooth && smoothing == null) {
      smoothing = new BlockSmoothing();
    }
    for (JpegComponent c : header.components) {
      room(c.blocksWide);
      for (int row = 0; row < c.blocksHigh; row++) {
        if (!part.hasRow(c, row)) {
          continue;
        }
        if (smooth) {
          smooth(c, row);
        } else {
          int first = part.firstBlock(c);
          int from = 64 * (row * c.paddedWide + first);
          dequantise(c, c.coefficients, from, first, part.endBlock(c) - first);
        }
        transform(c, row, 0);
      }
    }
  }

  private void sequentialPart() {
    JpegComponent[] scan = header.scan;
    boolean single = scan.length == 1;
    int wide = single ? scan[0].blocksWide : header.mcusWide;
    int high = single ? scan[0].blocksHigh : header.mcusHigh;
    resetPredictions(scan);
    for (int y = 0; y < high; y++) {
      for (int x = 0; x < wide; x++) {
        if (bits.restarted()) {
          resetPredictions(scan);
        }
        for (int i = 0; i < scan.length && !bits.exhausted; i++) {
          JpegComponent c = scan[i];
          HuffmanTable dc = header.table(false, c.dcTable);
          HuffmanTable ac = header.table(true, c.acTable);
          int across = single ? 1 : c.h;
          int down = single ? 1 : c.v;
          for (int by = 0; by < down; by++) {
            for (int bx = 0; bx < across; bx++) {
              int at = 64 * ((y * down + by) * c.paddedWide + x * across + bx);
              SequentialScan.block(bits, dc, ac, ONES, c, c.coefficients, at);
            }
          }
        }
        bits.endMcu();
      }
    }
  }

  private static void resetPredictions(JpegComponent[] scan) {
    for (JpegComponent c : scan) {
      c.prediction = 0;
    }
  }

  private void smooth(JpegComponent c, int row) {
    for (int x = part.firstBlock(c); x < part.endBlock(c); x++) {
      short[] block = smoothing.block(header, c, row, x, progressive.lastGood);
      dequantise(c, block, 0, x, 1);
    }
  }

  /** Dequantises blocks of a component into the row that the inverse transform reads. */
  private void dequantise(JpegComponent c, short[] in, int from, int first, int count) {
    for (int k = 0; k < 64; k++) {
      quant[JpegHeader.ZIGZAG[k]] = c.quant[k];
    }
    short[] blocks = this.blocks.array;
    for (int b = first; b < first + count; b++, from += 64) {
      long sum = 0;
      int any = 0;
      for (int i = 0; i < 64; i++) {
        int value = in[from + i] * quant[i];
        blocks[64 * b + i] = (short) value;
        sum += Math.abs(value);
        any |= i == 0 ? 0 : value;
      }
      boolean wild = sum > ScanState.TAME;
      if (wild) {
        SequentialScan.wrapFirstRow(blocks, 64 * b);
      }
      last.array[b] = any == 0 ? 0 : wild ? SequentialScan.WILD : 63;
    }
  }

  /** What is wanted of a row of a component's blocks, the first of which is block b, to samples. */
  private void transform(JpegComponent c, int row, int b) {
    int first = part.firstBlock(c);
    int wide = part.endBlock(c) - first;
    int to = 8 * (row * c.stride + first);
    b += first;
    if (code != null) {
      code.transform(blocks.segment, 64 * b, last.segment, b, wide, c.plane.segment, to, c.stride);
    } else {
      inverse.blocks(blocks.array, 64 * b, last.array, b, wide, c.plane.array, to, c.stride);
    }
  }

  /** Room for so many blocks, and for one that is transformed along with the last. */
  private void room(int count) {
    blocks.room(64 * (count + 1));
    last.room(count + 1);
  }

  private void colour(Raster raster) {
    raster.start(header.width, header.height);
    JpegColour colour = JpegColour.of(header);
    JpegComponent[] components = header.components;
    int left = part.left();
    int width = part.right() - left;
    upsampling.start(left, part.right());
    for (int y = part.top(); y < part.bottom(); y++) {
      for (int i = 0; i < components.length; i++) {
        JpegComponent c = components[i];
        upsampling.row(c, header.maxH / c.h, header.maxV / c.v, y, i);
      }
      colour.row(upsampling, width, raster.rgb, 3 * (header.width * y + left));
    }
  }
}
