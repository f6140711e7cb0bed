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
 * <p>The calls take arrays where they lie and return within microseconds; nothing is kept. Sizes
 * are not checked here: each method says how far it reads and writes.
 */
@SuppressWarnings("restricted") // these are the calls that native access is for
public final class PixelCode {
  private static final MethodHandle CALL;
  private static final MemorySegment TRANSFORM;
  private static final MemorySegment SUMS;
  private static final MemorySegment WIDEN;
  private static final MemorySegment SPREAD_BOTH;
  private static final MemorySegment SPREAD_ACROSS;
  private static final MemorySegment COLOUR;
  private static final MemorySegment ACROSS;
  private static final MemorySegment DOWN;
  private static final MemorySegment SCALE_RGB;
  private static final MemorySegment SCALE_BGR;
  private static final PixelCode INSTANCE;

  static {
    Native machine = null;
    try {
      Native opened = Native.open();
      machine = Processor.detect(opened).avx2() ? opened : null;
    } catch (Unavailable e) {
      // Plain Java then; the engine says why when it is asked for machine code.
    }
    CALL = machine == null ? null : link();
    TRANSFORM = place(machine, new PixelTransform().write());
    SUMS = place(machine, PixelRows.sums(true));
    WIDEN = place(machine, PixelRows.sums(false));
    SPREAD_BOTH = place(machine, PixelRows.spread(8, 7, 4));
    SPREAD_ACROSS = place(machine, PixelRows.spread(1, 2, 2));
    COLOUR = place(machine, PixelRows.colour());
    ACROSS = place(machine, PixelResize.across());
    DOWN = place(machine, PixelResize.down());
    SCALE_RGB = place(machine, PixelResize.scale(false));
    SCALE_BGR = place(machine, PixelResize.scale(true));
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
                number),
            Linker.Option.critical(true));
  }

  private static MemorySegment place(Native machine, byte[] code) {
    return machine == null ? null : machine.executable(code);
  }

  private static void call(
      MemorySegment code,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment d,
      long e,
      long f) {
    try {
      CALL.invokeExact(code, a, b, c, d, e, f);
    } catch (Throwable impossible) {
      throw new AssertionError("machine code does not throw", impossible);
    }
  }

  private static MemorySegment at(byte[] array, long offset) {
    return MemorySegment.ofArray(array).asSlice(offset);
  }

  private static MemorySegment at(short[] array, long offset) {
    return MemorySegment.ofArray(array).asSlice(2 * offset);
  }

  private static MemorySegment at(int[] array, long offset) {
    return MemorySegment.ofArray(array).asSlice(4 * offset);
  }

  /**
   * JPEG's inverse DCT of blocks side by side; an odd count computes one block more, with its input
   * and output.
   *
   * @param last for each block, 0 if all coefficients but the first are 0
   */
  public void transform(
      short[] blocks,
      int from,
      byte[] last,
      int lastAt,
      int count,
      byte[] out,
      int to,
      int stride) {
    long pairs = (count + 1) / 2;
    call(
        TRANSFORM,
        at(blocks, from),
        at(last, lastAt),
        at(out, to),
        MemorySegment.NULL,
        pairs,
        stride);
  }

  /** {@code 3 * near + far} of samples as words; counts are rounded up to 16. */
  public void sums(byte[] plane, int near, int far, int count, short[] out, int to) {
    call(
        SUMS,
        at(plane, near),
        at(plane, far),
        at(out, to),
        MemorySegment.NULL,
        (count + 15) / 16,
        0);
  }

  /** Samples as words; counts are rounded up to 16. */
  public void widen(byte[] plane, int from, int count, short[] out, int to) {
    call(
        WIDEN,
        at(plane, from),
        MemorySegment.NULL,
        at(out, to),
        MemorySegment.NULL,
        (count + 15) / 16,
        0);
  }

  /**
   * Twice as many samples from words, one more of which is read at either end; counts are rounded
   * up to 16. With {@code both}, the words are sums of two rows.
   */
  public void spread(short[] words, int from, int count, boolean both, byte[] out) {
    call(
        both ? SPREAD_BOTH : SPREAD_ACROSS,
        at(words, from),
        MemorySegment.NULL,
        at(out, 0),
        MemorySegment.NULL,
        (count + 15) / 16,
        0);
  }

  /** YCbCr to RGB of {@code groups} times 16 pixels, at least one. */
  public void colour(byte[][] rows, int[] at, int groups, byte[] rgb, int to) {
    call(
        COLOUR, at(rows[0], at[0]), at(rows[1], at[1]), at(rows[2], at[2]), at(rgb, to), groups, 0);
  }

  /**
   * One row of a horizontal resize.
   *
   * @param starts for each output, the byte of the row where its input starts; {@code 6 * pairs +
   *     2} bytes are read from there
   * @param weights for each output and pair of taps, 4 times the first and 4 times the second
   *     weight
   * @param out three bytes an output and one more are written
   */
  public void across(
      byte[] rgb, int row, int[] starts, int[] weights, int pairs, byte[] out, int to) {
    call(ACROSS, at(rgb, row), at(starts, 0), at(weights, 0), at(out, to), starts.length, pairs);
  }

  /** One row of a vertical resize; the count of samples is rounded up to 32. */
  public void down(
      byte[] in,
      int from,
      int stride,
      int[] weights,
      int first,
      int taps,
      int count,
      byte[] out,
      int to) {
    call(
        DOWN,
        at(in, from),
        at(weights, first),
        at(out, to),
        MemorySegment.ofAddress(taps),
        (count + 31) / 32,
        stride);
  }

  /**
   * Interleaved RGB to planes of float32 {@code (v / divisor - mean) / std}.
   *
   * @param constants divisor, three means, three deviations
   * @param groups groups of 8 pixels; 4 bytes more are read behind the last
   */
  public void scale(
      byte[] rgb,
      boolean bgr,
      float[] constants,
      int groups,
      MemorySegment target,
      long offset,
      long plane) {
    call(
        bgr ? SCALE_BGR : SCALE_RGB,
        at(rgb, 0),
        MemorySegment.ofArray(constants),
        target.asSlice(offset),
        MemorySegment.NULL,
        groups,
        plane);
  }
}
