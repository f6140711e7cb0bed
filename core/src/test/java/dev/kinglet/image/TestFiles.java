package dev.kinglet.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The reference files beside these tests. */
final class TestFiles {
  private TestFiles() {}

  static byte[] bytes(String name) {
    try (InputStream in = TestFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no test resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Picture picture(String name) {
    return Pictures.decode(bytes(name), name);
  }

  /** The files of an archive, by name. */
  static Map<String, byte[]> archive(String name) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(name)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** A file of the data that lie beside the repository. */
  static Path shared(String name) {
    return Path.of(System.getProperty("kinglet.shared", "../shared")).resolve(name);
  }

  /** Whether a picture has the width, height and CRC-32 of a row (name, width, height, CRC-32). */
  static boolean same(Picture picture, String[] row) {
    CRC32 crc = new CRC32();
    crc.update(picture.rgb());
    return picture.width() == Integer.parseInt(row[1])
        && picture.height() == Integer.parseInt(row[2])
        && crc.getValue() == Long.parseLong(row[3], 16);
  }

  /** The rows of a comma-separated list without its header, each split. */
  static List<String[]> rows(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8)
        .lines()
        .skip(1)
        .map(line -> line.split(",", -1))
        .toList();
  }
}
