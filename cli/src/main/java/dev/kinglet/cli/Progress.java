package dev.kinglet.cli;

import java.util.Locale;

/**
 * How far the work has come, on the last line of a terminal: a bar, pictures a second, the time
 * that is left. Where nobody watches, nothing is drawn.
 */
final class Progress {
  private static final long FIRST_AFTER = 400_000_000L;
  private static final long EVERY = 100_000_000L;
  private static final int BAR = 24;

  private final Console console;
  private final String what;
  private final long total;
  private final long start = System.nanoTime();
  private long drawn = start + FIRST_AFTER - EVERY;
  private long done;
  private boolean visible;

  /** For a total of things, called by a word such as {@code pictures}. */
  Progress(Console console, String what, long total) {
    this.console = console;
    this.what = what;
    this.total = total;
  }

  /** One more is done. */
  void step() {
    done++;
    if (!console.errIsTerminal()) {
      return;
    }
    long now = System.nanoTime();
    if (now - drawn >= EVERY) {
      drawn = now;
      draw((now - start) / 1e9);
    }
  }

  /** Clears the line, before something else is written or at the end. */
  void hide() {
    if (visible) {
      console.err().print("\r\033[K");
      console.err().flush();
      visible = false;
    }
  }

  /** How many are done. */
  long done() {
    return done;
  }

  /** The seconds since the beginning. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private void draw(double seconds) {
    int full = (int) (BAR * done / Math.max(total, 1));
    double rate = done / seconds;
    long left = Math.round((total - done) / rate);
    String line =
        String.format(
            Locale.ROOT,
            "\r\033[K[%s%s] %d/%d  %.0f %s/s  %d:%02d left",
            "#".repeat(full),
            " ".repeat(BAR - full),
            done,
            total,
            rate,
            what,
            left / 60,
            left % 60);
    console.err().print(line);
    console.err().flush();
    visible = true;
  }
}
