package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.house.Damages;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mutated files end in a picture or in a PictureException, whatever was done to them; and in the
 * same one with machine code and without, and where only a part of the picture is wanted.
 */
class DecoderFuzzTest {
  /** Mutations may claim larger sizes; what they would cost is not what is tried here. */
  private static final long LIMIT = 100_000;

  /** Reads the middle of a picture. */
  private static final Recipe MIDDLE =
      new Recipe(
          "middle",
          new Geometry(Fit.SHORTER_SIDE, 32, 8, Resampling.BILINEAR),
          Scaling.of(1, 0, 1));

  @ParameterizedTest
  @ValueSource(strings = {"png", "pnm", "bmp", "jpeg"})
  void twentyThousandDamagedFilesEndInAPictureOrOneSentence(String format) {
    mutate(format, 20_000);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"png", "pnm", "bmp", "jpeg"})
  void aMillionDamagedFilesEndInAPictureOrOneSentence(String format) {
    mutate(format, 1_000_000);
  }

  private static void mutate(String format, int count) {
    List<byte[]> files = new ArrayList<>(TestFiles.archive(format + ".zip").values());
    files.removeIf(file -> file.length > 3000);
    SplittableRandom random = new SplittableRandom(format.hashCode());
    PictureReader reader = new PictureReader(LIMIT);
    PictureReader plain = new PictureReader(LIMIT, null);
    float[] values = new float[MIDDLE.output().elements()];
    MemorySegment target = MemorySegment.ofArray(values);
    Damages damages = new Damages(random);
    int pictures = 0;
    for (int i = 0; i < count; i++) {
      byte[] file = damages.of(files.get(random.nextInt(files.size())));
      if (format.equals("png") && random.nextInt(4) > 0) {
        repairChecksums(file);
      }
      try {
        Picture picture = reader.decode(file, "mutated");
        assertTrue((long) picture.width() * picture.height() <= LIMIT);
        pictures++;
        if (format.equals("jpeg")) {
          assertArrayEquals(plain.decode(file, "mutated").rgb(), picture.rgb(), "mutation " + i);
          reader.prepare(file, "mutated", MIDDLE, target, 0);
          assertArrayEquals(MIDDLE.prepare(picture), values, "mutation " + i);
        }
      } catch (PictureException e) {
        assertTrue(e.getMessage().startsWith("mutated"), e.getMessage());
        if (format.equals("jpeg")) {
          refusedAlike(e, () -> plain.decode(file, "mutated"), i);
          refusedAlike(e, () -> reader.prepare(file, "mutated", MIDDLE, target, 0), i);
        }
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("mutation " + i + " of " + format + ": " + e, e);
      }
    }
    // Were all refused, the decoders would hardly have been tried.
    assertTrue(pictures > count / 20, pictures + " of " + count);
  }

  private static void refusedAlike(PictureException e, Executable again, int i) {
    String message = assertThrows(PictureException.class, again).getMessage();
    assertEquals(e.getMessage(), message, "mutation " + i);
  }

  /** So that what lies behind the checksums is tried too. */
  private static void repairChecksums(byte[] png) {
    int at = 8;
    while (at + 12 <= png.length) {
      long length =
          (png[at] & 0xFFL) << 24
              | (png[at + 1] & 0xFF) << 16
              | (png[at + 2] & 0xFF) << 8
              | png[at + 3] & 0xFF;
      if (at + 12 + length > png.length) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, (int) length + 4);
      int end = (int) (at + 8 + length);
      for (int i = 0; i < 4; i++) {
        png[end + i] = (byte) (crc.getValue() >> 24 - 8 * i);
      }
      at = end + 4;
    }
  }
}
