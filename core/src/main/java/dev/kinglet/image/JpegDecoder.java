package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
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

  private final JpegComponent[] pool = new JpegComponent[4];
  private final InverseDct inverse = new InverseDct();
  private final PixelCode code;
  private final Upsampling upsampling;
  private final int[] quant = new int[64];
  private short[] blocks = new short[0];
  private byte[] last = new byte[0];

  /** With machine code, or null to do all in plain Java. */
  JpegDecoder(PixelCode code) {
    this.code = code;
    upsampling = new Upsampling(code);
  }

  void decode(Source source, long limit, Raster raster) {
    JpegHeader header = new JpegHeader(source, pool);
    if (header.next() == JpegHeader.EOI) {
      throw source.broken("it ends before its first scan");
    }
    source.checkSize(header.width, header.height, limit);
    for (JpegComponent c : header.components) {
      long samples = 8L * c.stride * c.paddedHigh;
      if (samples > Integer.MAX_VALUE - 64) {
        throw source.broken("a component has more than 2^31 samples");
      }
      if (c.plane.length < samples) {
        c.plane = new byte[(int) samples];
      }
    }
    JpegBits bits = new JpegBits(source, header);
    if (!header.progressive && header.scan.length == header.components.length) {
      singleScan(header, bits);
      finish(source, header);
    } else {
      manyScans(source, header, bits);
    }
    colour(header, raster.start(header.width, header.height));
  }

  /** All components in one sequential scan: row after row of MCUs, without keeping coefficients. */
  private void singleScan(JpegHeader header, JpegBits bits) {
    header.latchQuantisation();
    bits.startScan();
    JpegComponent[] scan = header.scan;
    boolean single = scan.length == 1;
    int mcusWide = single ? scan[0].blocksWide : header.mcusWide;
    int mcusHigh = single ? scan[0].blocksHigh : header.mcusHigh;
    int[] start = new int[scan.length];
    int total = 0;
    for (int i = 0; i < scan.length; i++) {
      start[i] = total;
      total += single ? mcusWide : scan[i].paddedWide * scan[i].v;
    }
    room(total);
    HuffmanTable[] dc = new HuffmanTable[scan.length];
    HuffmanTable[] ac = new HuffmanTable[scan.length];
    for (int i = 0; i < scan.length; i++) {
      dc[i] = header.table(false, scan[i].dcTable);
      ac[i] = header.table(true, scan[i].acTable);
      scan[i].prediction = 0;
    }
    for (int row = 0; row < mcusHigh; row++) {
      Arrays.fill(blocks, 0, 64 * total, (short) 0);
      Arrays.fill(last, 0, total, (byte) 0);
      for (int x = 0; x < mcusWide; x++) {
        if (bits.restarted()) {
          resetPredictions(scan);
        }
        if (!bits.exhausted) {
          for (int i = 0; i < scan.length; i++) {
            JpegComponent c = scan[i];
            int across = single ? 1 : c.h;
            int down = single ? 1 : c.v;
            for (int by = 0; by < down; by++) {
              for (int bx = 0; bx < across; bx++) {
                int b = start[i] + by * c.paddedWide + x * across + bx;
                int end = SequentialScan.block(bits, dc[i], ac[i], c.steps, c, blocks, 64 * b);
                last[b] = (byte) end;
              }
            }
          }
        }
        bits.endMcu();
      }
      for (int i = 0; i < scan.length; i++) {
        JpegComponent c = scan[i];
        int down = single ? 1 : c.v;
        for (int by = 0; by < down && row * down + by < c.blocksHigh; by++) {
          int b = start[i] + by * c.paddedWide;
          int to = 8 * (row * down + by) * c.stride;
          transform(c, b, to);
        }
      }
    }
  }

  /** What follows the only scan is read to its end; it may be missing, but not be broken. */
  private static void finish(Source source, JpegHeader header) {
    try {
      if (header.next() == JpegHeader.SOS) {
        throw source.broken("a scan follows the one that has all components");
      }
    } catch (TruncatedPictureException e) {
      // All pixels are there.
    }
  }

  /** Progressive pictures, and sequential ones whose components come in several scans. */
  private void manyScans(Source source, JpegHeader header, JpegBits bits) {
    for (JpegComponent c : header.components) {
      long size = 64L * c.paddedWide * c.paddedHigh;
      if (c.coefficients.length < size) {
        c.coefficients = new short[(int) size];
      } else {
        Arrays.fill(c.coefficients, 0, (int) size, (short) 0);
      }
    }
    ProgressiveScan progressive = new ProgressiveScan(source, header, bits);
    do {
      header.latchQuantisation();
      bits.startScan();
      if (header.progressive) {
        progressive.decode();
      } else {
        sequentialPart(header, bits);
      }
    } while (header.next() == JpegHeader.SOS);
    boolean smooth = header.progressive && BlockSmoothing.needed(header);
    BlockSmoothing smoothing = smooth ? new BlockSmoothing() : null;
    for (JpegComponent c : header.components) {
      room(c.blocksWide);
      for (int row = 0; row < c.blocksHigh; row++) {
        if (smooth) {
          smooth(smoothing, header, c, row, progressive.lastGood);
        } else {
          dequantise(c, c.coefficients, 64 * row * c.paddedWide, 0, c.blocksWide);
        }
        transform(c, 0, 8 * row * c.stride);
      }
    }
  }

  private static void sequentialPart(JpegHeader header, JpegBits bits) {
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

  private void smooth(
      BlockSmoothing smoothing, JpegHeader header, JpegComponent c, int row, int lastGood) {
    short[] block = new short[64];
    for (int x = 0; x < c.blocksWide; x++) {
      System.arraycopy(c.coefficients, 64 * (row * c.paddedWide + x), block, 0, 64);
      smoothing.block(header, c, row, x, lastGood, block);
      dequantise(c, block, 0, x, 1);
    }
  }

  /** Dequantises blocks of a component into the row that the inverse transform reads. */
  private void dequantise(JpegComponent c, short[] in, int from, int first, int count) {
    for (int k = 0; k < 64; k++) {
      quant[JpegHeader.ZIGZAG[k]] = c.quant[k];
    }
    for (int b = first; b < first + count; b++, from += 64) {
      long sum = 0;
      int any = 0;
      for (int i = 0; i < 64; i++) {
        int value = in[from + i] * quant[i];
        blocks[64 * b + i] = (short) value;
        sum += Math.abs(value);
        any |= i == 0 ? 0 : value;
      }
      boolean wild = sum > SequentialScan.TAME;
      if (wild) {
        SequentialScan.wrapFirstRow(blocks, 64 * b);
      }
      last[b] = any == 0 ? 0 : wild ? SequentialScan.WILD : 63;
    }
  }

  /** A row of a component's blocks, from block b on, to samples. */
  private void transform(JpegComponent c, int b, int to) {
    if (code != null) {
      code.transform(blocks, 64 * b, last, b, c.blocksWide, c.plane, to, c.stride);
    } else {
      inverse.blocks(blocks, 64 * b, last, b, c.blocksWide, c.plane, to, c.stride);
    }
  }

  /** Room for so many blocks, and for one that is transformed along with the last. */
  private void room(int count) {
    if (last.length <= count) {
      blocks = new short[64 * (count + 1)];
      last = new byte[count + 1];
    }
  }

  private void colour(JpegHeader header, byte[] rgb) {
    JpegColour colour = JpegColour.of(header);
    JpegComponent[] components = header.components;
    upsampling.start(header.mcusWide * 8 * header.maxH);
    for (int y = 0; y < header.height; y++) {
      for (int i = 0; i < components.length; i++) {
        JpegComponent c = components[i];
        upsampling.row(c, header.maxH / c.h, header.maxV / c.v, y, i);
      }
      colour.row(upsampling, header.width, rgb, 3 * header.width * y);
    }
  }
}
