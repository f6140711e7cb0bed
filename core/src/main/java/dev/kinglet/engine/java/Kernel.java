package dev.kinglet.engine.java;

/** A step with its weights packed; shared by all sessions of a plan. */
interface Kernel {
  /**
   * The step over one session's memory.
   *
   * @param threads the most parts that its work is ever split into
   */
  Task bind(Planes planes, int threads);

  /** A step that can run. */
  interface Task {
    /** Does one of {@code parts} equal parts of the work; parts may run at the same time. */
    void run(int part, int parts);
  }

  /** The first of {@code count} pieces that belongs to a part; the next part's first ends it. */
  static int first(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }
}
