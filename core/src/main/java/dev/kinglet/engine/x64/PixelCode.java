package dev.kinglet.engine.x64;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Machine code for pictures: what {@code dev.kinglet.image} does sample by sample, 16 or 32 at a
 * time. All arithmetic is that of the plain Java twins there, so the results are equal bit by bit.
 *
 * <p>The calls take segments over arrays, which their owner keeps, and places in them, so that a
 * call allocates nothing; they return within microseconds. Sizes are not checked here: each method
 * says how far it reads and writes.
 */
@SuppressWarnings("restricted") // these are the calls that native access is for
public final class PixelCode {
  /** Bits of a resize's weight in the lower one of its two words. */
  public static final int LOWER = PixelResize.LOWER;

  private static final MethodHandle CALL;
  private static final MemorySegment BLOCKS;
  private static final MemorySegment TRANSFORM;
  private static final MemorySegment SUMS;
  private static final MemorySegment WIDEN;
  private static final MemorySegment SPREAD_BOTH;
  private static final MemorySegment SPREAD_ACROSS;
  private static final MemorySegment COLOUR;
  private static final MemorySegment ACROSS;

  /** For one, two and three fours of taps. */
  private static final MemorySegment[] ACROSS_BY_FOUR;

  private static final MemorySegment DOWN;
  private static final MemorySegment SCALE_RGB;
  private static final MemorySegment SCALE_BGR;
  private static final PixelCode INSTANCE;

  static {
    Native machine = null;
    boolean bits = false;
    try {
      Native opened = Native.open();
      Processor processor = Processor.detect(opened);
      machine = processor.avx2() ? opened : null;
      bits = processor.bmi2();
    } catch (Unavailable e) {
      // Plain Java then; the engine says why when it is asked for machine code.
    }
    CALL = machine == null ? null : link();
    BLOCKS = bits ? place(machine, new PixelBlocks().write()) : null;
    TRANSFORM = place(machine, new PixelTransform().write());
    SUMS = place(machine, new PixelRows().sums(true));
    WIDEN = place(machine, new PixelRows().sums(false));
    SPREAD_BOTH = place(machine, new PixelRows().spread(8, 7, 4));
    SPREAD_ACROSS = place(machine, new PixelRows().spread(1, 2, 2));
    COLOUR = place(machine, new PixelRows().colour());
    ACROSS = place(machine, new PixelResize().across());
    ACROSS_BY_FOUR = new MemorySegment[3];
    for (int i = 0; i < ACROSS_BY_FOUR.length; i++) {
      ACROSS_BY_FOUR[i] = place(machine, new PixelResize().acrossByFour(i + 1));
    }
    DOWN = place(machine, new PixelResize().down());
    SCALE_RGB = place(machine, new PixelResize().scale(false));
    SCALE_BGR = place(machine, new PixelResize().scale(true));
    INSTANCE = machine == null ? null : new PixelCode();
  }

  private PixelCode() {}

  /** The machine code of this computer, or null when it has none (AVX2 on Linux is needed). */
  public static PixelCode orNull() {
    return INSTANCE;
  }

  private static MethodHandle link() {
    ValueLayout.OfLong number = ValueLayout.JAVA_LONG;
    return Linker.nativeLinker()
        .downcallHandle(
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                number,
                number,
                number,
                number,
                number,
                number),
            Linker.Option.critical(true));
  }

  private static MemorySegment place(Native machine, byte[] code) {
    return machine == null ? null : machine.executable(code);
  }

  /** Four segments, two numbers, and the byte of each segment where its data begin. */
  private static void call(
      MemorySegment code,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment d,
      long e,
      long f,
      long atA,
      long atB,
      long atC,
      long atD) {
    try {
      CALL.invokeExact(code, a, b, c, d, e, f, atA, atB, atC, atD);
    } catch (Throwable impossible) {
      throw new AssertionError("machine code does not throw", impossible);
    }
  }

  /** Whether it decodes the bits of a scan: the processor has BMI2, as all but a few with AVX2. */
  public boolean readsScans() {
    return BLOCKS != null;
  }

  /**
   * Up to {@code count} MCUs of a sequential scan, at least one; {@link ScanState#done} says how
   * many. The one that it stopped before may have coefficients already.
   *
   * @param blocks 64 shorts a block
   * @param last a byte a block for its last coefficient that is not 0, in zigzag order
   * @param first the first MCU's place in its row
   */
  public void blocks(
      MemorySegment file,
      MemorySegment blocks,
      MemorySegment last,
      ScanState state,
      int count,
      int first) {
    call(BLOCKS, file, blocks, last, state.segment, count, first, 0, 0, 0, 0);
  }

  /**
   * JPEG's inverse DCT of blocks side by side; an odd count computes one block more, with its input
   * and output.
   *
   * @param blocks 64 shorts a block
   * @param last a byte a block, 0 if all coefficients but the first are 0
   */
  public void transform(
      MemorySegment blocks,
      int from,
      MemorySegment last,
      int lastAt,
      int count,
      MemorySegment out,
      int to,
      int stride) {
    long pairs = (count + 1) / 2;
    MemorySegment none = MemorySegment.NULL;
    call(TRANSFORM, blocks, last, out, none, pairs, stride, 2L * from, lastAt, to, 0);
  }

  /** {@code 3 * near + far} of samples as shorts; counts are rounded up to 16. */
  public void sums(MemorySegment plane, int near, int far, int count, MemorySegment out, int to) {
    long groups = (count + 15) / 16;
    call(SUMS, plane, plane, out, MemorySegment.NULL, groups, 0, near, far, 2L * to, 0);
  }

  /** Samples as shorts; counts are rounded up to 16. */
  public void widen(MemorySegment plane, int from, int count, MemorySegment out, int to) {
    long groups = (count + 15) / 16;
    MemorySegment none = MemorySegment.NULL;
    call(WIDEN, plane, none, out, none, groups, 0, from, 0, 2L * to, 0);
  }

  /**
   * Twice as many samples from shorts, one more of which is read at either end; counts are rounded
   * up to 16. With {@code both}, the shorts are sums of two rows.
   */
  public void spread(MemorySegment words, int from, int count, boolean both, MemorySegment out) {
    long groups = (count + 15) / 16;
    MemorySegment none = MemorySegment.NULL;
    MemorySegment code = both ? SPREAD_BOTH : SPREAD_ACROSS;
    call(code, words, none, out, none, groups, 0, 2L * from, 0, 0, 0);
  }

  /** YCbCr to RGB of {@code groups} times 16 pixels, at least one. */
  public void colour(MemorySegment[] rows, int[] at, int groups, MemorySegment rgb, int to) {
    call(COLOUR, rows[0], rows[1], rows[2], rgb, groups, 0, at[0], at[1], at[2], to);
  }

  /**
   * One row of a horizontal resize.
   *
   * @param starts for each output, as an int, the byte of the row where its input starts; {@code 12
   *     * fours + 4} bytes are read from there
   * @param weights for each output and four taps 16 ints: pairs of words with the lower {@link
   *     #LOWER} bits of two weights, four times the first and four times the other pair; then
   *     likewise with the upper bits
   * @param out three bytes an output and two more are written
   */
  public void across(
      MemorySegment rgb,
      int row,
      MemorySegment starts,
      MemorySegment weights,
      int count,
      int fours,
      MemorySegment out,
      int to) {
    int done = 0;
    if (fours <= ACROSS_BY_FOUR.length && count >= 4) {
      done = count & ~3;
      MemorySegment code = ACROSS_BY_FOUR[fours - 1];
      call(code, rgb, starts, weights, out, count / 4, 0, row, 0, 0, to);
    }
    if (done < count) {
      long from = 64L * fours * done;
      int left = count - done;
      call(ACROSS, rgb, starts, weights, out, left, fours, row, 4L * done, from, to + 3L * done);
    }
  }

  /** One row of a vertical resize; the count of samples is rounded up to 32. */
  public void down(
      MemorySegment in,
      int from,
      int stride,
      MemorySegment weights,
      int first,
      int taps,
      int count,
      MemorySegment out,
      int to) {
    long groups = (count + 31) / 32;
    call(DOWN, in, weights, out, MemorySegment.NULL, groups, stride, from, 4L * first, to, taps);
  }

  /**
   * Interleaved RGB to planes of float32 {@code (v / divisor - mean) / std}.
   *
   * @param constants as floats: divisor, three means, three deviations
   * @param groups groups of 8 pixels; 4 bytes more are read behind the last
   */
  public void scale(
      MemorySegment rgb,
      boolean bgr,
      MemorySegment constants,
      int groups,
      MemorySegment target,
      long offset,
      long plane) {
    MemorySegment code = bgr ? SCALE_BGR : SCALE_RGB;
    call(code, rgb, constants, target, MemorySegment.NULL, groups, plane, 0, 0, offset, 0);
  }
}
