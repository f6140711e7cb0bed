package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {

  /**
   * PNG: every colour type and depth, filters, interlace, tRNS. PNM: P1 to P6 with many largest
   * values. BMP: every depth, header and coding. JPEG: damaged data and missing scans. Of other
   * programs' writing: all of these again, and JPEG with unusual sampling (3 x 1, mixed), scans of
   * one or two components in any order, 16-bit quantisation, restart intervals that change between
   * scans, markers of every kind, CMYK and YCCK with every Adobe transform.
   */
  @ParameterizedTest
  @ValueSource(strings = {"png", "pnm", "bmp", "jpeg_damaged", "other_writers"})
  void everyFileHasThePixelsOfPillowOrIsRefusedAsThere(String format) {
    List<String> different = new ArrayList<>();
    Map<String, byte[]> files = TestFiles.archive(format + ".zip");
    for (String[] row : TestFiles.rows(format + ".csv")) {
      boolean right;
      try {
        Picture picture = Pictures.decode(files.get(row[0]), row[0]);
        right = !row[3].equals("refused") && TestFiles.same(picture, row);
      } catch (PictureException e) {
        right = row[3].equals("refused");
        assertTrue(e.getMessage().startsWith(row[0]), e.getMessage());
      }
      if (!right) {
        different.add(row[0]);
      }
    }
    assertEquals(List.of(), different);
    assertTrue(files.size() > 70, "only " + files.size() + " files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "pnm", "bmp", "jpeg"})
  void aReaderGivesTheSamePixelsWhateverItReadBefore(String format) {
    PictureReader reader = new PictureReader();
    List<byte[]> files = new ArrayList<>(TestFiles.archive(format + ".zip").values());
    for (int i = 0; i < files.size(); i++) {
      byte[] file = files.get(i * 7 % files.size());
      try {
        assertArrayEquals(
            Pictures.decode(file, "alone").rgb(), reader.decode(file, "in turn").rgb());
      } catch (PictureException e) {
        assertThrows(PictureException.class, () -> reader.decode(file, "in turn"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "jpeg"})
  void aFileCutAnywhereIsAPictureOrRefused(String format) {
    byte[] file = TestFiles.archive(format + ".zip").values().iterator().next();
    int refused = 0;
    for (int n = 0; n < file.length; n++) {
      byte[] cut = Arrays.copyOf(file, n);
      try {
        Pictures.decode(cut, "cut");
      } catch (PictureException e) {
        refused++;
      }
    }
    // What follows the last pixel may be missing.
    assertTrue(refused > file.length / 2, refused + " of " + file.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "pnm", "bmp", "jpeg"})
  void aPictureThatClaimsBillionsOfPixelsIsRefusedByItsHeader(String format) {
    byte[] file = resized(format, 60_000, 60_000);
    PictureHeader header = PictureHeader.of(file, "huge");
    assertEquals(60_000, header.width());
    assertEquals(60_000, header.height());
    PictureException e =
        assertThrows(PictureException.class, () -> Pictures.decode(file, "huge." + format));
    assertTrue(e.getMessage().contains("60000 x 60000"), e.getMessage());
  }

  @Test
  void aLimitOfTheReaderIsTheLargestPicture() {
    byte[] file = TestFiles.bytes("preprocess/n04238763_slide_rule.png");
    PictureHeader header = PictureHeader.of(file, "slide rule");
    long pixels = (long) header.width() * header.height();
    assertEquals(header.width(), new PictureReader(pixels).decode(file, "slide rule").width());
    assertThrows(
        PictureException.class, () -> new PictureReader(pixels - 1).decode(file, "slide rule"));
  }

  @Test
  void arithmeticCodingAndLosslessAndTwelveBitsAreLeftToOthers() {
    byte[] jpeg = TestFiles.archive("jpeg.zip").get("rgb444False.jpg");
    int frame = frame(jpeg);
    for (int kind : new int[] {0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCD}) {
      byte[] other = jpeg.clone();
      other[frame + 1] = (byte) kind;
      assertThrows(UnsupportedPictureException.class, () -> Pictures.decode(other, "other"));
    }
    byte[] deep = jpeg.clone();
    deep[frame + 4] = 12;
    UnsupportedPictureException e =
        assertThrows(UnsupportedPictureException.class, () -> Pictures.decode(deep, "deep.jpg"));
    assertTrue(e.getMessage().contains("12 bits"), e.getMessage());
  }

  @Test
  void otherFormatsAreNamedInTheAnswer() {
    byte[] gif = {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0};
    UnsupportedPictureException e =
        assertThrows(UnsupportedPictureException.class, () -> Pictures.decode(gif, "a.gif"));
    assertTrue(e.getMessage().contains("GIF"), e.getMessage());
    assertThrows(PictureException.class, () -> Pictures.decode(new byte[0], "empty"));
  }

  @Test
  void exifOrientationIsReadAndAppliedOnRequestOnly() {
    byte[] jpeg = TestFiles.archive("jpeg.zip").get("s3x2_444.jpg");
    Picture stored = Pictures.decode(jpeg, "stored");
    for (int orientation = 1; orientation <= 8; orientation++) {
      byte[] exif = {
        (byte) 0xFF,
        (byte) 0xE1,
        0,
        34,
        'E',
        'x',
        'i',
        'f',
        0,
        0,
        'M',
        'M',
        0,
        42,
        0,
        0,
        0,
        8,
        0,
        1,
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        (byte) orientation,
        0,
        0,
        0,
        0,
        0,
        0
      };
      byte[] turned = new byte[jpeg.length + exif.length];
      System.arraycopy(jpeg, 0, turned, 0, 2);
      System.arraycopy(exif, 0, turned, 2, exif.length);
      System.arraycopy(jpeg, 2, turned, 2 + exif.length, jpeg.length - 2);
      assertEquals(orientation, PictureHeader.of(turned, "turned").orientation());
      assertArrayEquals(stored.rgb(), Pictures.decode(turned, "turned").rgb());
    }
    assertEquals(1, PictureHeader.of(jpeg, "stored").orientation());
  }

  /** Where the corners of a 2 x 3 picture go, by the EXIF standard's table of orientations. */
  @Test
  void orientationsTurnAndMirrorAsTheStandardSays() {
    // Rows: a b / c d / e f.
    Picture picture = letters(2, 3, "abcdef");
    String[] upright = {
      "abcdef", "badcfe", "fedcba", "efcdab", "acebdf", "ecafdb", "fdbeca", "bdface"
    };
    for (int o = 1; o <= 8; o++) {
      Picture turned = picture.upright(o);
      int width = o < 5 ? 2 : 3;
      assertEquals(width, turned.width());
      assertArrayEquals(letters(width, 5 - width, upright[o - 1]).rgb(), turned.rgb(), "turn " + o);
    }
  }

  private static Picture letters(int width, int height, String letters) {
    byte[] rgb = new byte[3 * letters.length()];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (letters.charAt(i / 3) + i % 3);
    }
    return new Picture(width, height, rgb);
  }

  private static int frame(byte[] jpeg) {
    for (int i = 0; ; i++) {
      int code = jpeg[i + 1] & 0xFF;
      if ((jpeg[i] & 0xFF) == 0xFF && code >= 0xC0 && code <= 0xC2) {
        return i;
      }
    }
  }

  /** A small picture's file with another size in its header. */
  static byte[] resized(String format, int width, int height) {
    if (format.equals("pnm")) {
      return ("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII);
    }
    Map<String, byte[]> files = TestFiles.archive(format + ".zip");
    int size = width;
    assertEquals(width, height);
    if (format.equals("bmp")) {
      byte[] file = files.get("b24_1x1_False.bmp").clone();
      for (int at : new int[] {18, 22}) {
        file[at] = (byte) size;
        file[at + 1] = (byte) (size >> 8);
      }
      return file;
    }
    if (format.equals("jpeg")) {
      byte[] file = files.get("rgb444False.jpg").clone();
      int frame = frame(file);
      for (int at : new int[] {frame + 5, frame + 7}) {
        file[at] = (byte) (size >> 8);
        file[at + 1] = (byte) size;
      }
      return file;
    }
    byte[] file = files.get("c2d8_1x1.png").clone();
    for (int at : new int[] {18, 22}) {
      file[at] = (byte) (size >> 8);
      file[at + 1] = (byte) size;
    }
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    for (int i = 0; i < 4; i++) {
      file[29 + i] = (byte) (crc.getValue() >> 24 - 8 * i);
    }
    return file;
  }
}
