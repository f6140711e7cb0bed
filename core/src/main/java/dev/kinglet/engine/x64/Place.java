package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import java.util.Arrays;

/**
 * Where a value lies: channels last, each pixel a whole number of vectors, a border of zeros
 * around; or, for what comes from and goes to the outside, one plane a channel.
 */
final class Place {
  /**
   * Rows between the buffers of two threads. A core that walks through its buffer row by row calls
   * ahead what lies some rows behind it: the other one would have to get those lines back.
   */
  private static final int APART = 4;

  final Value value;

  /** Whether channels are planes. */
  final boolean planar;

  /** The base that offsets count from, as in {@link Driver}. */
  final int base;

  /** The float of each channel within its pixel; unused where planar. */
  final int[] lane;

  /** Floats of a pixel, a whole number of vectors; 1 where planar. */
  final int width;

  /** The axes; shared by all values that are read together. */
  Frame frame;

  /** Bytes from the base. */
  long offset;

  /** Rows of a buffer that holds a band of the value at a time; 0 for the whole value. */
  int bandRows;

  /** Buffers of that size behind each other. */
  int bands = 1;

  Place(Value value, boolean planar, int base, int[] lane, int width) {
    this.value = value;
    this.planar = planar;
    this.base = base;
    this.lane = lane;
    this.width = width;
    this.frame = new Frame(Reach.sizes(value.shape()));
  }

  /** Makes room for what a window over so many outputs reads around the value. */
  void border(Reach reach, int[] out) {
    int[] before = new int[3];
    int[] behind = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      before[axis] = Math.max(0, reach.before()[axis]);
      behind[axis] = reach.behind(axis, frame.sizes[axis], out[axis]);
    }
    frame.root().border(before, behind);
  }

  /** Bytes in all. */
  long bytes() {
    if (bandRows > 0) {
      return bandBytes() * bands;
    }
    long pixels = frame.root().volume();
    return (planar ? pixels * value.channels() : pixels * frame.root().pitch) * 4;
  }

  /** Bytes from one band's buffer to the next. */
  long bandBytes() {
    return (long) (bandRows + (bands > 1 ? APART : 0)) * frame.root().step(1);
  }

  /** Bytes from the value's first byte to a channel of its first pixel of the border. */
  int channel(int c) {
    return planar ? Math.toIntExact(frame.root().volume() * c * 4) : lane[c] * 4;
  }

  /** Bytes from the value's first byte to an element. */
  int element(int c, int position) {
    return channel(c) + frame.root().position(position);
  }

  /** Depth, height, width and borders; joined with others that must be equal. */
  static final class Frame {
    private static final int SET = 512;
    private static final int LINE = 64;

    final int[] sizes;
    final int[] front = new int[3];
    final int[] back = new int[3];
    int pitch = 1;
    private Frame joined;

    Frame(int[] sizes) {
      this.sizes = sizes;
    }

    Frame root() {
      return joined == null ? this : joined.root();
    }

    void join(Frame other) {
      Frame a = root();
      Frame b = other.root();
      if (a != b) {
        a.pitch = Math.max(a.pitch, b.pitch);
        a.border(b.front, b.back);
        b.joined = a;
      }
    }

    void border(int[] before, int[] behind) {
      for (int axis = 0; axis < 3; axis++) {
        front[axis] = Math.max(front[axis], before[axis]);
        back[axis] = Math.max(back[axis], behind[axis]);
      }
    }

    /** Whether each position and the border lie where another frame's do. */
    boolean alike(Frame other) {
      return pitch == other.pitch
          && Arrays.equals(sizes, other.sizes)
          && Arrays.equals(front, other.front)
          && Arrays.equals(back, other.back);
    }

    /**
     * Neighbours a multiple of half a kilobyte apart would share a few sets of the first cache, and
     * a window over some rows would not stay in it: those move apart by a line more.
     */
    void spread() {
      if (pitch * 4 % SET == 0 && (long) sizes[0] * sizes[1] * sizes[2] > 1) {
        pitch += LINE / 4;
      }
    }

    boolean bordered() {
      for (int axis = 0; axis < 3; axis++) {
        if (front[axis] + back[axis] > 0) {
          return true;
        }
      }
      return false;
    }

    int extent(int axis) {
      return front[axis] + sizes[axis] + back[axis];
    }

    long volume() {
      return (long) extent(0) * extent(1) * extent(2);
    }

    /** Bytes between neighbours along an axis. */
    int step(int axis) {
      int pixels = axis == 2 ? 1 : axis == 1 ? extent(2) : extent(1) * extent(2);
      return Math.toIntExact((long) pixels * pitch * 4);
    }

    /** Bytes to a pixel, which may lie in the border. */
    int at(int d, int h, int w) {
      return Math.toIntExact(
          (((long) (d + front[0]) * extent(1) + h + front[1]) * extent(2) + w + front[2])
              * pitch
              * 4);
    }

    /** Bytes to a position counted row by row. */
    int position(int position) {
      int w = position % sizes[2];
      int h = position / sizes[2] % sizes[1];
      return at(position / sizes[2] / sizes[1], h, w);
    }
  }
}
