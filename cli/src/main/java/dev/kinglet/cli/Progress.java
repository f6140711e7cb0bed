package dev.kinglet.cli;

import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far the work has come, on the last line of a terminal: a bar, things a second, the time that
 * is left. Where nobody watches, and in the first moments, nothing is drawn.
 */
final class Progress implements AutoCloseable {
  private static final long FIRST_AFTER = 400_000_000L;
  private static final int COLUMNS = 79;

  private final Console console;
  private final String what;
  private final long total;
  private final long start = System.nanoTime();
  private long done;
  private ProgressBar bar;

  /** For a total of things, called by a word such as {@code pictures}. */
  Progress(Console console, String what, long total) {
    this.console = console;
    this.what = what;
    this.total = total;
  }

  /** One more is done. */
  void step() {
    done++;
    if (bar != null) {
      bar.stepTo(done);
    } else if (console.errIsTerminal()
        && done < total
        && System.nanoTime() - start >= FIRST_AFTER) {
      bar =
          new ProgressBarBuilder()
              .setInitialMax(total)
              .startsFrom(done, Duration.ofNanos(System.nanoTime() - start))
              .setUnit(" " + what, 1)
              .showSpeed()
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new DelegatingProgressBarConsumer(this::draw, COLUMNS))
              .build();
    }
  }

  /** Clears the line before something else is written; the next step draws it again. */
  void hide() {
    if (bar != null) {
      draw("");
    }
  }

  /** Ends the bar and clears its line. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      draw("");
      bar = null;
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

  private void draw(String line) {
    console.err().print("\r\033[K" + line);
    console.err().flush();
  }
}
