package dev.kinglet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.Picture;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentationTest {
  private static Picture noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new SplittableRandom(seed).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }

  @Test
  void aSeedDecidesEverything() {
    Augmentation all =
        new Augmentation(
            new Augmentation.Crop.Resized(0.08), true, 0.4, new Augmentation.Policy.Trivial(), 0.5);
    for (int seed = 0; seed < 50; seed++) {
      Picture picture = noise(40 + seed, 70 - seed, seed);
      Picture once = all.apply(picture, 24, new SplittableRandom(seed));
      Picture again = all.apply(picture, 24, new SplittableRandom(seed));
      assertEquals(24, once.width());
      assertEquals(24, once.height());
      assertArrayEquals(once.rgb(), again.rgb());
    }
  }

  @Test
  void aPaddedCropOfTheWholeSizeIsAShiftOfThePicture() {
    Picture picture = noise(8, 8, 1);
    Augmentation padded =
        new Augmentation(
            new Augmentation.Crop.Padded(0), false, 0, new Augmentation.Policy.None(), 0);
    assertArrayEquals(picture.rgb(), padded.apply(picture, 8, new SplittableRandom(1)).rgb());
    Picture shifted = Pixels.cut(picture, -2, 0, 8);
    for (int row = 0; row < 8; row++) {
      for (int i = 0; i < 3; i++) {
        assertEquals(picture.rgb()[24 * row + 6 + i], shifted.rgb()[24 * row + i]);
        assertEquals(picture.rgb()[24 * row + i], shifted.rgb()[24 * row + 6 + i]);
      }
    }
  }

  @Test
  void aConstantPictureStaysConstantUnderEveryResize() {
    byte[] grey = new byte[3 * 50 * 31];
    Arrays.fill(grey, (byte) 201);
    Picture resized = Pixels.resized(new Picture(50, 31, grey), 3.3, 2.1, 40.5, 20.2, 17, 23);
    for (byte value : resized.rgb()) {
      assertEquals((byte) 201, value);
    }
  }

  @Test
  void mirroringTwiceIsNothing() {
    Picture picture = noise(7, 5, 3);
    assertArrayEquals(picture.rgb(), Pixels.mirrored(Pixels.mirrored(picture)).rgb());
    assertFalse(Arrays.equals(picture.rgb(), Pixels.mirrored(picture).rgb()));
  }

  @ParameterizedTest
  @EnumSource
  void strengthZeroLeavesAPictureWithAllLevelsAsItIs(PictureOperation operation) {
    // A ramp through all 256 levels: already stretched, and equalised up to one level.
    byte[] ramp = new byte[3 * 16 * 16];
    for (int i = 0; i < 256; i++) {
      Arrays.fill(ramp, 3 * i, 3 * i + 3, (byte) i);
    }
    Picture changed = operation.apply(new Picture(16, 16, ramp), 0, new SplittableRandom(1));
    for (int i = 0; i < ramp.length; i++) {
      assertEquals(ramp[i] & 0xFF, changed.rgb()[i] & 0xFF, 1, operation + " at " + i);
    }
  }

  @Test
  void mixupBlendsEachSampleWithTheNextByTheShareThatItReports() {
    Shape shape = Shape.of(2, 3, 3);
    float[] batch = new float[3 * 18];
    for (int i = 0; i < 3; i++) {
      Arrays.fill(batch, i * 18, (i + 1) * 18, i);
    }
    double share = new Mixing(0.5, 0).apply(batch, 3, shape, new SplittableRandom(2));
    assertTrue(share > 0 && share < 1);
    assertEquals(1 - share, batch[0], 1e-6);
    assertEquals(share + 2 * (1 - share), batch[18], 1e-6);
    assertEquals(2 * share, batch[36], 1e-6);
  }

  @Test
  void cutmixPastesARectangleOfTheShareThatItReports() {
    Shape shape = Shape.of(1, 20, 20);
    for (int seed = 0; seed < 50; seed++) {
      float[] batch = new float[2 * 400];
      Arrays.fill(batch, 400, 800, 1);
      double share = new Mixing(0, 1).apply(batch, 2, shape, new SplittableRandom(seed));
      double pasted = 0;
      for (int i = 0; i < 400; i++) {
        pasted += batch[i];
      }
      assertEquals(1 - share, pasted / 400, 1e-9);
    }
  }

  @Test
  void unknownWordsAreAnsweredWithTheKnownOnes() {
    for (String text : new String[] {"", "resized", "resized:2", "padded:x", "centre:1"}) {
      assertThrows(InvalidInputException.class, () -> Augmentation.Crop.parse(text), text);
    }
    for (String text : new String[] {"", "rand", "rand:1", "rand:0:3", "rand:2:11", "auto"}) {
      assertThrows(InvalidInputException.class, () -> Augmentation.Policy.parse(text), text);
    }
  }
}
