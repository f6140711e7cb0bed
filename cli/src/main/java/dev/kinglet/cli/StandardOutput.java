package dev.kinglet.cli;

import dev.kinglet.graph.InvalidInputException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * The process's standard output, with failures that cannot go unseen: a {@code PrintStream} hides
 * every {@code IOException}, so they leave here as unchecked ones.
 */
final class StandardOutput extends OutputStream {
  private final FileOutputStream file = new FileOutputStream(FileDescriptor.out);

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      file.write(bytes, offset, length);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (message.toLowerCase(Locale.ROOT).contains("pipe")) {
        throw new ClosedPipe(e);
      }
      throw new InvalidInputException(
          "Standard output cannot be written (" + message + "); make room or write elsewhere.", e);
    }
  }
}
