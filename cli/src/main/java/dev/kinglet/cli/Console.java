package dev.kinglet.cli;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where a command's answers and complaints go.
 *
 * <p>Answers go to {@code out}, everything else to {@code err}; progress is drawn only where {@code
 * err} is a terminal.
 */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final boolean ofProcess;
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Over these streams, neither of them a terminal. */
  Console(PrintStream out, PrintStream err) {
    this(out, err, false, false, false);
  }

  private Console(
      PrintStream out,
      PrintStream err,
      boolean outIsTerminal,
      boolean errIsTerminal,
      boolean ofProcess) {
    this.out = out;
    this.err = err;
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
    this.ofProcess = ofProcess;
  }

  /** Over the process's own streams. */
  static Console ofProcess() {
    Charset charset = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"));
    PrintStream out =
        new PrintStream(new BufferedOutputStream(new StandardOutput(), 1 << 14), false, charset);
    return new Console(out, System.err, Terminal.isAt(1), Terminal.isAt(2), true);
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /** Whether a person reads {@code out} as it comes. */
  boolean outIsTerminal() {
    return outIsTerminal;
  }

  /** Whether a person watches {@code err}. */
  boolean errIsTerminal() {
    return errIsTerminal;
  }

  /** Whether more than ASCII can be printed. */
  boolean speaksUnicode() {
    return out.charset().equals(StandardCharsets.UTF_8);
  }

  void print(String text) {
    out.print(text);
  }

  void line(String text) {
    out.print(text);
    out.print('\n');
  }

  /**
   * Sends on what has been written.
   *
   * @throws ClosedPipe if nobody reads it
   */
  void flush() {
    out.flush();
    if (out.checkError()) {
      throw new ClosedPipe(null);
    }
  }

  /** One line on {@code err}, whatever the sentence contains. */
  void complain(String sentence) {
    String line = String.valueOf(sentence).replaceAll("\\s*\\R\\s*", " ");
    err.print("kinglet: " + line + "\n");
    err.flush();
  }

  /**
   * From now on Ctrl-C lets the command end by itself: it finds {@link #interrupted} true, prints
   * what is done and returns; only after ten seconds the process ends regardless.
   */
  void endGently() {
    if (!ofProcess) {
      return;
    }
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  interrupted.set(true);
                  try {
                    finished.await(10, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "kinglet-last-words"));
  }

  /** Whether the user wants the command to end. */
  boolean interrupted() {
    return interrupted.get();
  }

  /**
   * Ends the process with an exit code, all having been written.
   *
   * <p>{@code System.exit} looks for a logger to tell that to, which loads a hundred classes: a
   * tenth of a short command. So the process is halted, unless it is being ended already, by a
   * signal: then that goes its way, with its own exit code.
   */
  void end(int code) {
    finished();
    try {
      Runtime.getRuntime().addShutdownHook(new Thread("kinglet-end"));
      Runtime.getRuntime().halt(code);
    } catch (IllegalStateException ending) {
      System.exit(code);
    }
  }

  /** Says that all has been written; a process that is being ended may end now. */
  void finished() {
    finished.countDown();
  }
}
