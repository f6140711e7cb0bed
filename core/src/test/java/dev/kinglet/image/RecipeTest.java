package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {

  /** Crops by Pillow and torchvision's own transforms. */
  static List<String[]> crops() {
    return TestFiles.rows("preprocess/crops.csv");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("crops")
  void everyCropHasTheBytesOfPillowAndTorchvision(
      String picture, String recipe, String width, String height, String hash) {
    Geometry geometry =
        switch (recipe) {
          case "tv256" -> new Geometry(Fit.SHORTER_SIDE, 256, 224, Resampling.BILINEAR);
          case "tv232" -> new Geometry(Fit.SHORTER_SIDE, 232, 224, Resampling.BILINEAR);
          case "timm_bicubic" -> new Geometry(Fit.SHORTER_SIDE, 256, 224, Resampling.BICUBIC);
          default -> new Geometry(Fit.SHORTER_SIDE, 300, 280, Resampling.BILINEAR);
        };
    Picture crop =
        new Recipe(recipe, geometry, Scaling.imagenet())
            .crop(TestFiles.picture("preprocess/" + picture + ".png"));
    assertEquals(Integer.parseInt(width), crop.width());
    assertEquals(Integer.parseInt(height), crop.height());
    assertEquals(hash, PixelHash.of(crop));
  }

  /** Crops by OpenCV 5.0 (Megvii's) and by Pillow's nearest sample (Keras'). */
  static List<String[]> otherCrops() {
    return TestFiles.rows("preprocess/other_crops.csv");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("otherCrops")
  void cropsOfOtherLibrariesHaveTheirBytes(String picture, String recipe, String hash) {
    Picture crop = Recipe.named(recipe).crop(TestFiles.picture("preprocess/" + picture + ".png"));
    assertEquals(hash, PixelHash.of(crop));
  }

  @Test
  void everyNamedRecipeComesBackFromItsMetadata() {
    for (Recipe recipe : Recipe.all()) {
      assertEquals(recipe, Recipe.fromMetadata(recipe.toMetadata()));
      assertEquals(recipe, Recipe.named(recipe.name()));
      Recipe larger = recipe.withSize(288);
      assertEquals(larger, Recipe.fromMetadata(larger.toMetadata()));
      assertEquals(Shape.of(3, 288, 288), larger.output());
    }
  }

  @Test
  void anotherSizeKeepsTheResizeInProportion() {
    Recipe recipe = Recipe.named("torchvision_v1").withSize(192);
    assertEquals("219", recipe.toMetadata().get("recipe.resize"));
    assertEquals("192", recipe.toMetadata().get("recipe.crop"));
  }

  @Test
  void valuesAreScaledAsPyTorchScalesThem() {
    byte[] rgb = new byte[3 * 256 * 256];
    for (int i = 0; i < 256 * 256; i++) {
      rgb[3 * i] = 7;
      rgb[3 * i + 1] = (byte) 200;
      rgb[3 * i + 2] = (byte) 255;
    }
    Picture picture = new Picture(256, 256, rgb);
    float[] values = Recipe.named("torchvision_v1").prepare(picture);
    assertEquals(3 * 224 * 224, values.length);
    assertEquals((7f / 255 - 0.485f) / 0.229f, values[0]);
    assertEquals((200f / 255 - 0.456f) / 0.224f, values[224 * 224]);
    assertEquals((255f / 255 - 0.406f) / 0.225f, values[2 * 224 * 224]);
    float[] bgr = Recipe.named("megvii").prepare(picture);
    assertArrayEquals(
        new float[] {255, 200, 7}, new float[] {bgr[0], bgr[224 * 224], bgr[2 * 224 * 224]});
  }

  @Test
  void aCropLargerThanThePictureIsFilledWithBlackAllRound() {
    byte[] rgb = new byte[3 * 10 * 10];
    Arrays.fill(rgb, (byte) 90);
    Geometry geometry = new Geometry(Fit.SHORTER_SIDE, 10, 13, Resampling.BILINEAR);
    Picture crop =
        new Recipe("padded", geometry, Scaling.imagenet()).crop(new Picture(10, 10, rgb));
    // Three columns to fill: one in front, two behind.
    assertEquals(0, crop.rgb()[3 * (5 * 13)]);
    assertEquals(90, crop.rgb()[3 * (5 * 13 + 1)]);
    assertEquals(90, crop.rgb()[3 * (5 * 13 + 10)]);
    assertEquals(0, crop.rgb()[3 * (5 * 13 + 11)]);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNames() {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Recipe.named("torchvision"));
    assertTrue(e.getMessage().contains("torchvision_v1"), e.getMessage());
  }

  @Test
  void metadataThatMakeNoRecipeAreRefused() {
    Map<String, String> good = Recipe.named("tf_inception").toMetadata();
    for (Map.Entry<String, String> wrong :
        Map.of(
                "recipe.fit", "shorter_side",
                "recipe.resize", "many",
                "recipe.crop", "0",
                "recipe.resampling", "lanczos",
                "recipe.channels", "grb",
                "recipe.divisor", "0",
                "recipe.mean", "1,2",
                "recipe.std", "1,NaN,1")
            .entrySet()) {
      Map<String, String> bad = new HashMap<>(good);
      bad.put(wrong.getKey(), wrong.getValue());
      assertThrows(InvalidInputException.class, () -> Recipe.fromMetadata(bad), wrong.getKey());
      bad.remove(wrong.getKey());
      assertThrows(InvalidInputException.class, () -> Recipe.fromMetadata(bad), wrong.getKey());
    }
  }
}
