package dev.kinglet.engine.x64;

/**
 * Some rows of a task's output, and where they and what they read lie.
 *
 * @param from the first row
 * @param to the row behind the last
 * @param in bytes that the input has moved from its place
 * @param out the same of the output
 * @param beside the same of what is added, or of the right operand
 * @param thread that does it, or all
 */
record Slice(int from, int to, long in, long out, long beside, int thread) {
  /** All rows of a value, where they belong, by all threads. */
  static Slice all(int[] sizes) {
    return new Slice(0, sizes[0] * sizes[1], 0, 0, 0, Stage.EVERY);
  }

  /** Whether all threads take part, so that they meet behind it. */
  boolean meets() {
    return thread == Stage.EVERY;
  }

  /** These rows, counted from the place of the first; so slices alike have equal tables. */
  Lines of(Lines lines) {
    return lines.rows(from, to, -lines.starts()[from]);
  }
}
