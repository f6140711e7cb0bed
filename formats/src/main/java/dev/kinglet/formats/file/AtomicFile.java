package dev.kinglet.formats.file;

import dev.kinglet.graph.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that appear whole or not at all: written beside their place, synced, then renamed. */
public final class AtomicFile {
  private AtomicFile() {}

  /** What is written. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, replacing one that is there.
   *
   * @throws InvalidInputException if its folder is missing or cannot be written to
   */
  public static void write(Path file, Content content) {
    Path temporary = null;
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new InvalidInputException("There is no folder " + folder + "; make it first.");
      }
      // Not Files.createTempFile: its files are readable by their owner alone, and so would ours
      // be.
      temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
      try (FileChannel channel =
              FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      move(temporary, file);
    } catch (IOException | SecurityException e) {
      throw new InvalidInputException(
          file
              + " cannot be written ("
              + e.getMessage()
              + "); check folder, space and permissions.",
          e);
    } finally {
      delete(temporary);
    }
  }

  /** Renames a finished file to its place in one step where the file system can. */
  public static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      // A left-over temporary file harms nobody; the first failure is the one to report.
    }
  }
}
