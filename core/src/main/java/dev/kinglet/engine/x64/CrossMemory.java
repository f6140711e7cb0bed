package dev.kinglet.engine.x64;

import java.util.List;

/**
 * Where products by {@link Pairing} keep what {@link CrossKernel} makes.
 *
 * @param at where the first thread's cross terms lie, behind all values; the others' follow
 * @param each bytes of one thread's; 0 without pairs
 * @param mirror bytes from a value to where its activations lie if they had to be scaled
 * @param end the bytes of all memory; of what is never touched the system gives nothing
 */
record CrossMemory(long at, long each, long mirror, long end) {
  /** What is added to a group's last vector may be read, and not used, behind the last value. */
  private static final int BEYOND = 64;

  /** Behind so many bytes of values, whole lines of the cache. */
  static CrossMemory behind(long values, List<Task> tasks, int threads, boolean pairs) {
    long each = 0;
    for (Task task : tasks) {
      if (pairs && task instanceof Task.Product product && product.pairable()) {
        each = Math.max(each, product.groups() * CrossKernel.bytes(product.output().area()));
      }
    }
    long mirror = values + threads * each;
    long end = each > 0 ? mirror + values : values;
    return new CrossMemory(values, each, mirror, end + BEYOND);
  }

  /** A thread's cross terms; those of all threads together lie where the first's do. */
  long of(int thread) {
    return at + Math.max(thread, 0) * each;
  }
}
