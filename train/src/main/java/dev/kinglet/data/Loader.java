package dev.kinglet.data;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prepares batches in the background, a few ahead of the training.
 *
 * <p>Order and contents depend on the seed, the epoch and the place in it alone. Close it to end
 * its threads.
 */
public final class Loader implements AutoCloseable {
  private static final int AHEAD = 4;

  private final ExecutorService workers;
  private final Samples samples;
  private final Mixing mixing;
  private final long seed;
  private final int batch;
  private final Deque<Future<Batch>> ready = new ArrayDeque<>();
  private int epoch;
  private int[] order;
  private int next;
  private long waited;

  /** Over these samples. */
  public Loader(Samples samples, Mixing mixing, int batch, long seed, int threads) {
    this.samples = samples;
    this.mixing = mixing;
    this.batch = Math.min(batch, samples.size());
    this.seed = seed;
    workers = Executors.newFixedThreadPool(threads, PictureCache.daemon());
  }

  /** The batches of one epoch; samples that do not fill the last one wait for another epoch. */
  public int batches() {
    return samples.size() / batch;
  }

  /** Begins an epoch at one of its batches. */
  public void begin(int newEpoch, int first) {
    ready.forEach(future -> future.cancel(true));
    ready.clear();
    epoch = newEpoch;
    order = Seeds.shuffled(samples.size(), Seeds.at(seed, epoch));
    next = first;
    for (int i = 0; i < AHEAD; i++) {
      submit();
    }
  }

  /** The next batch; waits where it is not ready. */
  public Batch take() {
    long start = System.nanoTime();
    Batch taken = PictureCache.await(ready.remove());
    waited += System.nanoTime() - start;
    submit();
    return taken;
  }

  /** The nanoseconds that {@link #take} has waited since {@link #takeWaited}. */
  public long waited() {
    return waited;
  }

  /** The nanoseconds that {@link #take} has waited since this was asked last. */
  public long takeWaited() {
    long since = waited;
    waited = 0;
    return since;
  }

  private void submit() {
    if (next < batches()) {
      int place = next++;
      int[] indices = Arrays.copyOfRange(order, place * batch, (place + 1) * batch);
      int from = epoch;
      ready.add(workers.submit(() -> prepare(indices, from, place)));
    }
  }

  private Batch prepare(int[] indices, int from, int place) {
    int elements = samples.shape().elements();
    float[] values = new float[indices.length * elements];
    long[] labels = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      SplittableRandom random = Seeds.at(seed, from, indices[i], 1);
      samples.augmented(indices[i], random, values, i * elements);
      labels[i] = samples.label(indices[i]);
    }
    double share =
        mixing.apply(values, indices.length, samples.shape(), Seeds.at(seed, from, place, 2));
    long[] others = new long[labels.length];
    for (int i = 0; i < labels.length; i++) {
      others[i] = labels[(i + 1) % labels.length];
    }
    return new Batch(values, labels, others, share);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
