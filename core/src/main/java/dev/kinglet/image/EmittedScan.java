package dev.kinglet.image;

import dev.kinglet.engine.x64.PixelCode;
import dev.kinglet.engine.x64.ScanState;

/** A sequential scan's MCUs by machine code, stretch after stretch of usual ones. */
final class EmittedScan {
  /** MCUs a call: while it runs the collector has to wait. */
  private static final int STRETCH = 128;

  /**
   * The file's last bytes are plain Java's. It takes bits from the file earlier than machine code
   * does, up to eight bytes ahead (16 with the zeros behind 0xFF), and says where there are none;
   * further than this from the end it would find them, so both refuse the same files.
   */
  private static final int LAST_BYTES = 32;

  private final PixelCode code;
  private final JpegBits bits;
  private final ScanState state = new ScanState();
  private JpegComponent[] scan;

  EmittedScan(PixelCode code, JpegBits bits) {
    this.code = code;
    this.bits = bits;
  }

  /**
   * Takes the tables of the scan that begins.
   *
   * @param start the first block of each component in a row of MCUs
   * @param single whether the scan has one component, whose MCUs are blocks
   * @return false if its MCUs have too many blocks
   */
  boolean start(JpegHeader header, int[] start, boolean single) {
    scan = header.scan;
    int blocks = 0;
    for (JpegComponent c : scan) {
      blocks += single ? 1 : c.h * c.v;
    }
    if (blocks > ScanState.MOST_BLOCKS) {
      return false;
    }
    state.start();
    for (int i = 0; i < scan.length; i++) {
      JpegComponent c = scan[i];
      state.table(c.dcTable, header.table(false, c.dcTable).words);
      state.table(4 + c.acTable, header.table(true, c.acTable).words);
      state.steps(i, c.steps);
      int across = single ? 1 : c.h;
      int down = single ? 1 : c.v;
      for (int y = 0; y < down; y++) {
        for (int x = 0; x < across; x++) {
          int first = start[i] + y * c.paddedWide + x;
          state.block(i, c.dcTable, 4 + c.acTable, first, across);
        }
      }
    }
    return true;
  }

  /**
   * Decodes MCUs of a row from place {@code x} on.
   *
   * @param count how many are left in the row
   * @param first the first MCU of the row whose coefficients are wanted
   * @param end the one after the last
   * @return how many were decoded; 0 where plain Java has to decode the next one
   */
  int decode(Source source, Shorts blocks, Bytes last, int x, int count, int first, int end) {
    if (!bits.inData()) {
      return 0;
    }
    state.wanted(first, end);
    state.file(source.length - LAST_BYTES, bits.lastWord() - LAST_BYTES);
    state.bits(bits.buffer, bits.bits, bits.at());
    for (int i = 0; i < scan.length; i++) {
      state.prediction(i, scan[i].prediction);
    }
    int most = Math.min(Math.min(count, STRETCH), bits.beforeRestart());
    code.blocks(source.segment, blocks.segment, last.segment, state, most, x);
    bits.save(state.buffer(), state.bits(), state.at());
    for (int i = 0; i < scan.length; i++) {
      scan[i].prediction = state.prediction(i);
    }
    bits.endMcus(state.done());
    return state.done();
  }
}
