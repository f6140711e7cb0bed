package dev.kinglet.engine.x64;

import java.util.Arrays;

/**
 * Places of pixels, row by row: evenly within a row, each row where it is.
 *
 * @param starts the place of each row's first pixel, in bytes
 * @param step bytes from pixel to pixel
 * @param width pixels a row
 */
record Lines(int[] starts, int step, int width) {

  /** Where the windows of all outputs begin in an input's frame. */
  static Lines windows(Place.Frame frame, Reach reach, int[] out) {
    int[] starts = new int[out[0] * out[1]];
    long row = (long) frame.step(1) * reach.stride()[1];
    for (int d = 0; d < out[0]; d++) {
      int depth = d * reach.stride()[0] - reach.before()[0];
      long at = frame.at(depth, -reach.before()[1], -reach.before()[2]);
      for (int h = 0; h < out[1]; h++) {
        starts[d * out[1] + h] = Math.toIntExact(at);
        at += row;
      }
    }
    return new Lines(starts, frame.step(2) * reach.stride()[2], out[2]);
  }

  /** All positions of a frame. */
  static Lines of(Place.Frame frame) {
    return windows(frame, Reach.POINT, frame.sizes);
  }

  /** Some of the rows, all moved by so many bytes. */
  Lines rows(int from, int to, int move) {
    int[] chosen = Arrays.copyOfRange(starts, from, to);
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] += move;
    }
    return new Lines(chosen, step, width);
  }

  int pixels() {
    return starts.length * width;
  }

  /** The same pixels as one row, or as columns that are one pixel wide, if they lie evenly. */
  Lines flat() {
    int apart = starts.length > 1 ? starts[1] - starts[0] : 0;
    if (starts.length == 1 || width > 1 && apart != width * step) {
      return this;
    }
    for (int i = 2; i < starts.length; i++) {
      if (starts[i] - starts[i - 1] != apart) {
        return this;
      }
    }
    return new Lines(new int[] {starts[0]}, width == 1 ? apart : step, starts.length * width);
  }

  /** The same pixels as so many rows, if this is one row that can be cut into equal ones. */
  Lines cut(int parts) {
    if (starts.length > 1 || width % parts > 0) {
      return this;
    }
    int[] each = new int[parts];
    for (int i = 0; i < parts; i++) {
      each[i] = starts[0] + i * (width / parts) * step;
    }
    return new Lines(each, step, width / parts);
  }
}
