package dev.kinglet.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes PNG: every colour type and depth, interlaced or not, to Pillow's RGB. */
final class PngDecoder {
  /** Deflate cannot expand further: a match of 258 bytes takes at least 2 bits. */
  private static final int MOST_EXPANSION = 1032;

  private static final int[] ADAM7_X = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] ADAM7_Y = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] ADAM7_DX = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] ADAM7_DY = {8, 8, 8, 4, 4, 2, 2};

  private final Inflater inflater = new Inflater();
  private byte[] row = new byte[0];
  private byte[] previous = new byte[0];
  private Source source;
  private long at;

  static boolean isPng(byte[] b) {
    return (b[0] & 0xFF) == 0x89
        && b[1] == 'P'
        && b[2] == 'N'
        && b[3] == 'G'
        && b[4] == '\r'
        && b[5] == '\n'
        && b[6] == 0x1A
        && b[7] == '\n';
  }

  static PictureHeader header(Source source) {
    PngHeader h = PngHeader.read(source);
    return new PictureHeader(PictureFormat.PNG, h.width, h.height, h.orientation);
  }

  void decode(Source source, long limit, Raster raster) {
    PngHeader h = PngHeader.read(source);
    source.checkSize(h.width, h.height, limit);
    this.source = source;
    at = h.data;
    long expected = rawSize(h);
    if (dataSize() * MOST_EXPANSION < expected) {
      throw source.truncated();
    }
    byte[] rgb = raster.start(h.width, h.height);
    int longest = (int) h.rowBytes(h.width) + 1;
    if (row.length < longest) {
      row = new byte[longest];
      previous = new byte[longest];
    }
    inflater.reset();
    inflater.setInput(source.bytes, 0, 0);
    if (h.interlaced) {
      for (int pass = 0; pass < 7; pass++) {
        int columns = (h.width - ADAM7_X[pass] + ADAM7_DX[pass] - 1) / ADAM7_DX[pass];
        int rows = (h.height - ADAM7_Y[pass] + ADAM7_DY[pass] - 1) / ADAM7_DY[pass];
        if (columns > 0 && rows > 0) {
          int from = 3 * (ADAM7_Y[pass] * h.width + ADAM7_X[pass]);
          int down = 3 * ADAM7_DY[pass] * h.width;
          pass(h, columns, rows, rgb, from, down, 3 * ADAM7_DX[pass]);
        }
      }
    } else {
      pass(h, h.width, h.height, rgb, 0, 3 * h.width, 3);
    }
    finish();
    this.source = null;
  }

  private static long rawSize(PngHeader h) {
    if (!h.interlaced) {
      return (h.rowBytes(h.width) + 1) * h.height;
    }
    long sum = 0;
    for (int pass = 0; pass < 7; pass++) {
      long columns = (h.width - ADAM7_X[pass] + ADAM7_DX[pass] - 1) / ADAM7_DX[pass];
      long rows = (h.height - ADAM7_Y[pass] + ADAM7_DY[pass] - 1) / ADAM7_DY[pass];
      sum += columns > 0 ? (h.rowBytes(columns) + 1) * rows : 0;
    }
    return sum;
  }

  /** Bytes of all IDAT chunks in a row; a last chunk that is cut off counts as far as it goes. */
  private long dataSize() {
    long sum = 0;
    long p = at;
    while (p + 8 <= source.length && source.u32be(p + 4) == PngHeader.IDAT) {
      long length = source.u32be(p);
      sum += Math.min(length, source.length - p - 8);
      p += 12 + length;
    }
    return sum;
  }

  private void pass(
      PngHeader h, int columns, int rows, byte[] rgb, int from, int down, int across) {
    int bytes = (int) h.rowBytes(columns);
    int pixel = Math.max(1, h.channels() * h.depth / 8);
    Arrays.fill(previous, 0, bytes + 1, (byte) 0);
    int out = from;
    for (int y = 0; y < rows; y++) {
      inflate(row, bytes + 1);
      PngRows.unfilter(source, row, previous, bytes, pixel);
      PngRows.toRgb(h, row, columns, rgb, out, across);
      byte[] swap = previous;
      previous = row;
      row = swap;
      out += down;
    }
  }

  private void inflate(byte[] into, int bytes) {
    int done = 0;
    try {
      while (done < bytes) {
        int got = inflater.inflate(into, done, bytes - done);
        done += got;
        if (got > 0) {
          continue;
        }
        if (inflater.finished()) {
          throw source.broken("its compressed data end before its pixels are complete");
        }
        if (inflater.needsDictionary()) {
          throw source.broken("its compressed data ask for a dictionary");
        }
        if (!nextChunk()) {
          throw source.truncated();
        }
      }
    } catch (DataFormatException e) {
      throw new PictureException(source.name + " is broken: its compressed data are corrupt.", e);
    }
  }

  private boolean nextChunk() {
    if (at + 8 > source.length || source.u32be(at + 4) != PngHeader.IDAT) {
      return false;
    }
    long length = source.u32be(at);
    int from = (int) at + 8;
    inflater.setInput(source.bytes, from, (int) Math.min(length, source.length - from));
    at += 12 + length;
    return true;
  }

  /** Reads what follows the pixels: a wrong checksum at its end tells of corrupt pixels. */
  private void finish() {
    try {
      while (!inflater.finished()) {
        // Into the row that is not needed any more; a bomb costs time bounded by the file.
        int got = inflater.inflate(previous, 0, previous.length);
        if (got == 0 && !inflater.finished() && (inflater.needsDictionary() || !nextChunk())) {
          return;
        }
      }
    } catch (DataFormatException e) {
      throw new PictureException(
          source.name + " is broken: the checksum of its pixels does not match.", e);
    }
  }
}
