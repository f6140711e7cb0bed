package dev.kinglet.train;

import java.util.Locale;

/** One line on a terminal that is written over and over while an epoch runs. */
final class Meter {
  private static final long PAUSE = 200_000_000L;

  private final Console console;
  private final Progress progress;
  private final int epochs;
  private final int batches;
  private final int batch;
  private final int first;
  private final long begun = System.nanoTime();
  private long shown;

  /** From where the progress is now. */
  Meter(Console console, Progress progress, int epochs, int batches, int batch) {
    this.console = console;
    this.progress = progress;
    this.epochs = epochs;
    this.batches = batches;
    this.batch = batch;
    first = progress.place;
  }

  /** Shows the progress, unless it was shown just now or nobody looks. */
  void show(long waited) {
    long now = System.nanoTime();
    if (console.terminal() && now - shown >= PAUSE) {
      shown = now;
      console.progress(line((now - begun) / 1e9, waited));
    }
  }

  /**
   * The line.
   *
   * @param seconds since the epoch, or its rest, began
   * @param waited nanoseconds of them that steps have waited for samples
   */
  String line(double seconds, long waited) {
    int steps = progress.place - first;
    double each = seconds / steps;
    long left =
        (long) (each * (batches - progress.place + (epochs - progress.epoch - 1.0) * batches));
    return String.format(
        Locale.ROOT,
        "epoch %d of %d, step %d of %d: loss %.4f, accuracy %.1f %%, %.0f samples/s, %.1f ms"
            + " waiting a step, %d:%02d:%02d left",
        progress.epoch + 1,
        epochs,
        progress.place,
        batches,
        progress.loss / progress.place,
        100.0 * progress.right / progress.seen,
        batch / each,
        waited / 1e6 / steps,
        left / 3600,
        left / 60 % 60,
        left % 60);
  }
}
