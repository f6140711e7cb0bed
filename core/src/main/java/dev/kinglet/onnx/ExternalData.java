package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The files beside a model in which it may keep its weights; each is mapped once.
 *
 * <p>A model may name only regular files inside its own folder, links resolved: else a model from a
 * stranger could read whatever its reader can.
 */
final class ExternalData {
  private final Path folder;
  private final Map<String, MemorySegment> mapped = new HashMap<>();

  /** Files in this folder; null where there is none, as for a model that is not a file. */
  ExternalData(Path folder) {
    this.folder = folder;
  }

  /**
   * The bytes that a tensor keeps elsewhere.
   *
   * @param entries {@code location}, and {@code offset} and {@code length} where given
   * @param bytes as many as the tensor's shape and type need
   */
  MemorySegment read(String tensor, Map<String, String> entries, long bytes) {
    String location = entries.getOrDefault("location", "");
    if (folder == null || location.isEmpty()) {
      throw new InvalidInputException(
          "Tensor '" + tensor + "' lies in an external file that is not named or not there.");
    }
    long offset = number(tensor, entries, "offset", 0);
    long length = number(tensor, entries, "length", bytes);
    MemorySegment file = mapped.get(location);
    if (file == null) {
      file = map(tensor, location);
      mapped.put(location, file);
    }
    if (length != bytes || offset > file.byteSize() || bytes > file.byteSize() - offset) {
      throw new InvalidInputException(
          "Tensor '"
              + tensor
              + "' needs "
              + bytes
              + " bytes at "
              + offset
              + " of '"
              + location
              + "', which has "
              + file.byteSize()
              + "; the two files do not belong together.");
    }
    return file.asSlice(offset, bytes);
  }

  private static long number(
      String tensor, Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a negative number is.
    }
    throw new InvalidInputException(
        "Tensor '" + tensor + "' has the " + key + " '" + text + "', which is no position.");
  }

  private MemorySegment map(String tensor, String location) {
    try {
      Path root = folder.toRealPath();
      Path file = root.resolve(location).toRealPath();
      if (!file.startsWith(root) || !Files.isRegularFile(file)) {
        throw new InvalidInputException(
            "Tensor '"
                + tensor
                + "' names the external file '"
                + location
                + "', which is not a file inside the model's own folder; this is refused.");
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      }
    } catch (IOException | InvalidPathException e) {
      throw new InvalidInputException(
          "Tensor '"
              + tensor
              + "' lies in the external file '"
              + location
              + "', which cannot be read; put it beside the model.",
          e);
    }
  }
}
