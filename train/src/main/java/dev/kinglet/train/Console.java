package dev.kinglet.train;

import java.io.PrintWriter;

/** Where a run speaks: lines on standard output, progress on a terminal's standard error alone. */
record Console(PrintWriter out, PrintWriter err, boolean terminal) {
  void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  void progress(String text) {
    if (terminal) {
      err.print("\r\u001b[K" + text);
      err.flush();
    }
  }

  void clear() {
    progress("");
  }
}
