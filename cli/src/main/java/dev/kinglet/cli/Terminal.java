package dev.kinglet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a stream of this process is a terminal. */
final class Terminal {
  private Terminal() {}

  /**
   * Whether standard output (1) or standard error (2) is a terminal. Linux says so without a native
   * call; elsewhere the JDK knows it for input and output together.
   */
  static boolean isAt(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      java.io.Console console = System.console();
      return console != null && console.isTerminal();
    }
  }
}
