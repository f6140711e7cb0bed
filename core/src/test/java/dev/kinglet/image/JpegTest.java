package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.house.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Every pixel against Pillow with libjpeg-turbo 3.2. */
class JpegTest {

  /**
   * Qualities 1 to 100; 4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1 and 1 x 4 sampling; grey, RGB, CMYK;
   * baseline, optimised, progressive; restarts; sizes from 1 x 1.
   */
  @Test
  void everyKindOfJpegHasTheBytesOfLibjpegTurbo() {
    List<String> different = new ArrayList<>();
    Map<String, byte[]> files = TestFiles.archive("jpeg.zip");
    List<String[]> expected = TestFiles.rows("jpeg.csv");
    for (String[] row : expected) {
      Picture picture = Pictures.decode(files.get(row[0]), row[0]);
      if (!TestFiles.same(picture, row)) {
        different.add(row[0]);
      }
    }
    assertEquals(List.of(), different);
    assertEquals(files.size(), expected.size());
    assertTrue(files.size() > 400, "only " + files.size() + " files");
  }

  @Test
  void everyPictureOfImageNetHasTheBytesOfLibjpegTurbo() {
    Path folder = TestFiles.shared("data/imagenet300");
    Skip.unless(Files.isDirectory(folder), "no pictures at " + folder);
    List<String> different = new ArrayList<>();
    PictureReader reader = new PictureReader();
    List<String[]> expected = TestFiles.rows("imagenet300.csv");
    for (String[] row : expected) {
      if (!TestFiles.same(reader.read(folder.resolve(row[0])), row)) {
        different.add(row[0]);
      }
    }
    assertEquals(List.of(), different);
    assertEquals(300, expected.size());
  }

  @Test
  void twoThousandPicturesOfCifarHaveTheBytesOfLibjpegTurbo() throws IOException {
    Path archive = TestFiles.shared("data/cifar10.zip");
    Skip.unless(Files.exists(archive), "no pictures at " + archive);
    List<String> different = new ArrayList<>();
    PictureReader reader = new PictureReader();
    List<String[]> expected = TestFiles.rows("cifar2000.csv");
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (String[] row : expected) {
        ZipEntry entry = zip.getEntry(row[0]);
        Picture picture = reader.decode(zip.getInputStream(entry).readAllBytes(), row[0]);
        if (!TestFiles.same(picture, row)) {
          different.add(row[0]);
        }
      }
    }
    assertEquals(List.of(), different);
    assertEquals(2000, expected.size());
  }
}
