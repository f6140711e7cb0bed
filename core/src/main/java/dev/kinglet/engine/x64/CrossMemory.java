package dev.kinglet.engine.x64;

/**
 * Where products keep what they make before and in between: sums of {@link Strassen}'s halves, what
 * {@link CrossKernel} makes for {@link Pairing}, and what {@link Carry} keeps.
 *
 * @param sums where the first thread's sums of halves lie, behind all values
 * @param bytes of one thread's; 0 for none
 * @param at where the first thread's cross terms lie, behind the sums; the others' follow
 * @param each bytes of one thread's; 0 for none
 * @param mirror bytes from a value to where its activations lie if they had to be scaled
 * @param end the bytes of all memory; of what is never touched the system gives nothing
 */
record CrossMemory(long sums, long bytes, long at, long each, long mirror, long end) {
  /** What is added to a group's last vector may be read, and not used, behind the last value. */
  private static final int BEYOND = 64;

  /** Behind so many bytes of values, whole lines of the cache. */
  static CrossMemory behind(long values, Layout layout, int threads, boolean pairs) {
    long each = 0;
    long sums = 0;
    for (Task task : layout.tasks) {
      if (!(task instanceof Task.Product product)) {
        continue;
      }
      if (pairs && product.pairable()) {
        each = Math.max(each, product.groups() * CrossKernel.bytes(product.output().area()));
      }
      if (layout.choice.strassen(product, layout.vector, threads, pairs)) {
        Place out = layout.place(product.output());
        int half = Strassen.half(out.frame.sizes, threads);
        int step = layout.place(product.input().value(0)).frame.root().step(2);
        sums = Math.max(sums, 2L * half * step * product.reach().stride()[2]);
        // Both buffers, of half the channels and what fills the last panel.
        long kept = 8L * half * (out.width / 2 + TileShape.WIDEST * 16);
        each = Math.max(each, Strassen.values().length * CrossKernel.bytes(half) + kept);
      }
    }
    each = each + 63 & -64;
    sums = sums + 63 & -64;
    long at = values + threads * sums;
    long mirror = at + threads * each;
    long end = pairs && each > 0 ? mirror + at : mirror;
    return new CrossMemory(values, sums, at, each, mirror, end + BEYOND);
  }

  /** A thread's sums of halves. */
  long sums(int thread) {
    return sums + thread * bytes;
  }

  /** A thread's cross terms; those of all threads together lie where the first's do. */
  long of(int thread) {
    return at + Math.max(thread, 0) * each;
  }
}
