package dev.kinglet.formats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

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

  /** The lines of a text resource. */
  public static List<String> lines(String resource) {
    return new String(bytes(resource), StandardCharsets.UTF_8).lines().toList();
  }

  /** Copies a resource into a folder under its own name. */
  public static Path copy(String resource, Path folder) throws IOException {
    return Files.write(folder.resolve(Path.of(resource).getFileName().toString()), bytes(resource));
  }

  /** Every entry of a zip resource, read by the JDK's own reader. */
  public static Map<String, byte[]> unzip(String resource) throws IOException {
    return unzip(bytes(resource));
  }

  /** The entries of a zip resource whose names match a pattern. */
  public static List<byte[]> unzip(String resource, String pattern) throws IOException {
    return unzip(resource).entrySet().stream()
        .filter(entry -> entry.getKey().matches(pattern))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Every entry of a zip archive, read by the JDK's own reader. */
  public static Map<String, byte[]> unzip(byte[] archive) throws IOException {
    Path file = Files.createTempFile("kinglet", ".zip");
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(Files.write(file, archive).toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    } finally {
      Files.delete(file);
    }
    return entries;
  }

  /** An archive of stored entries, written by the JDK's own writer. */
  public static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey());
        CRC32 checksum = new CRC32();
        checksum.update(content.getValue());
        entry.setCrc(checksum.getValue());
        entry.setSize(content.getValue().length);
        out.putNextEntry(entry);
        out.write(content.getValue());
      }
    }
    return bytes.toByteArray();
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
