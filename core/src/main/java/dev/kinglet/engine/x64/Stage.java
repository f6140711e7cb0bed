package dev.kinglet.engine.x64;

/**
 * One call of a kernel in a plan.
 *
 * @param name of the step that it belongs to
 * @param kernel its label
 * @param pointers six pairs: a base as in {@link Driver}, and the bytes behind it
 * @param meets whether the threads wait for each other afterwards
 * @param work what there is to be shared out
 * @param thread that does all of it; {@link #EVERY} if all threads share the work
 */
record Stage(String name, int kernel, long[] pointers, boolean meets, Share work, int thread) {
  /** All threads. */
  static final int EVERY = -1;

  Stage(String name, int kernel, long[] pointers, boolean meets, int panels, int tiles) {
    this(name, kernel, pointers, meets, panels, tiles, EVERY);
  }

  Stage(
      String name, int kernel, long[] pointers, boolean meets, int panels, int tiles, int thread) {
    this(name, kernel, pointers, meets, Share.inOrder(panels, tiles), thread);
  }

  /** The same work for one thread, at the end of which all meet or not. */
  Stage of(int one, boolean meet) {
    return new Stage(name, kernel, pointers, meet, work, one);
  }
}
