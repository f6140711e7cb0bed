package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What decoding costs is bounded by the picture's size and by the file's. */
class MemoryTest {

  /** Deflate expands 1032 times at most: a small file cannot fill a large picture. */
  @Test
  void aPngWhoseDataCannotFillItsSizeIsRefusedBeforeItsPixelsAreAllocated() {
    byte[] file = DecoderTest.resized("png", 9_000, 9_000);
    long before = used();
    PictureException e = assertThrows(PictureException.class, () -> Pictures.decode(file, "bomb"));
    assertTrue(e.getMessage().contains("truncated"), e.getMessage());
    assertTrue(used() - before < 100_000_000L, "243 MB were allocated for nothing");
  }

  @Test
  void aRawPixmapAndABitmapThatAreTooShortAreRefusedBeforeTheirPixelsAreAllocated() {
    for (String format : new String[] {"pnm", "bmp"}) {
      byte[] file = DecoderTest.resized(format, 9_000, 9_000);
      long before = used();
      assertThrows(PictureException.class, () -> Pictures.decode(file, "short"));
      assertTrue(used() - before < 100_000_000L, format);
    }
  }

  @Test
  void headersOfHugePicturesCostNothing() {
    long before = used();
    for (String format : new String[] {"png", "pnm", "bmp", "jpeg"}) {
      byte[] file = DecoderTest.resized(format, 60_000, 60_000);
      for (int i = 0; i < 100; i++) {
        PictureHeader.of(file, "huge");
      }
    }
    assertTrue(used() - before < 200_000_000L, "headers took memory by the picture's size");
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
