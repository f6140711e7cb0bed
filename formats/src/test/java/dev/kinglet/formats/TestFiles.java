package dev.kinglet.formats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reference files beside the tests, and what a refusal must look like. */
public final class TestFiles {
  private TestFiles() {}

  /** The bytes of a resource below {@code dev/kinglet/formats}. */
  public static byte[] bytes(String resource) {
    try (InputStream in = TestFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError("There is no test resource " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Copies a resource into a folder under its own name. */
  public static Path copy(String resource, Path folder) throws IOException {
    return Files.write(folder.resolve(Path.of(resource).getFileName().toString()), bytes(resource));
  }

  /** Every entry of a zip resource, read by the JDK's own reader. */
  public static Map<String, byte[]> unzip(String resource) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(TestFiles.class.getResourceAsStream(resource))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
    return entries;
  }

  /** Runs what must be refused, and returns the one sentence it is refused with. */
  public static String refusal(Runnable reading) {
    String message = assertThrows(InvalidInputException.class, reading::run).getMessage();
    assertTrue(message.endsWith("."), message);
    assertFalse(message.contains("\n"), message);
    assertFalse(message.substring(0, message.length() - 1).matches(".*[.!?] [A-Z].*"), message);
    return message;
  }
}
