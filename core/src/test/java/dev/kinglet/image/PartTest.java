package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.x64.PixelCode;
import dev.kinglet.house.Skip;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the pixels that a recipe reads are made, and the values are those of the whole picture. */
class PartTest {
  private static final Scaling BYTES = Scaling.of(1, 0, 1);

  /** Every fit with every resize, from the middle pixel to the whole picture. */
  private static List<Recipe> recipes() {
    List<Recipe> recipes = new ArrayList<>();
    for (Fit fit : Fit.values()) {
      for (Resampling resampling : Resampling.values()) {
        boolean floats = resampling == Resampling.TENSORFLOW_BILINEAR;
        boolean central = fit == Fit.CENTRAL_PART || fit == Fit.CENTRAL_SQUARE;
        if (floats ? fit == Fit.SHORTER_SIDE : central) {
          continue;
        }
        for (int[] sizes : new int[][] {{64, 1}, {64, 8}, {300, 40}, {32, 28}, {60, 100}}) {
          int crop = sizes[1];
          int resize = fit == Fit.STRETCH ? crop : sizes[0];
          if (central && resize < crop) {
            continue;
          }
          Geometry geometry = new Geometry(fit, resize, crop, resampling);
          recipes.add(new Recipe(geometry.describe(), geometry, BYTES));
        }
      }
    }
    return recipes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "jpeg_damaged", "other_writers"})
  void theValuesAreThoseOfTheWholePicture(String archive) {
    List<String> different = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : TestFiles.archive(archive + ".zip").entrySet()) {
      for (PixelCode code : codes()) {
        different.addAll(different(file.getKey(), file.getValue(), code, recipes()));
      }
    }
    assertEquals(List.of(), different);
  }

  @Test
  void theValuesOfPhotographsAreThoseOfTheWholePicture() throws IOException {
    Path folder = TestFiles.shared("data/imagenet300");
    Skip.unless(Files.isDirectory(folder), "no pictures at " + folder);
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().filter(f -> f.toString().endsWith("JPEG")).toList();
    }
    List<String> different = new ArrayList<>();
    for (int i = 0; i < files.size(); i += 10) {
      byte[] file = Files.readAllBytes(files.get(i));
      for (PixelCode code : codes()) {
        different.addAll(different(files.get(i).toString(), file, code, Recipe.all()));
      }
    }
    assertEquals(List.of(), different);
  }

  /** Which recipes give other values when a new reader decodes for them. */
  private static List<String> different(
      String name, byte[] file, PixelCode code, List<Recipe> recipes) {
    Picture whole;
    try {
      whole = new PictureReader(PictureReader.DEFAULT_LIMIT, code).decode(file, name);
    } catch (PictureException e) {
      PictureReader reader = new PictureReader(PictureReader.DEFAULT_LIMIT, code);
      MemorySegment target = MemorySegment.ofArray(new float[3 * 512 * 512]);
      Recipe recipe = recipes.getFirst();
      PictureException again =
          assertThrows(PictureException.class, () -> reader.prepare(file, name, recipe, target, 0));
      assertEquals(e.getMessage(), again.getMessage());
      return List.of();
    }
    List<String> different = new ArrayList<>();
    for (Recipe recipe : recipes) {
      int count = recipe.output().elements();
      float[] expected = new float[count];
      float[] actual = new float[count];
      PictureReader reader = new PictureReader(PictureReader.DEFAULT_LIMIT, code);
      reader.prepare(whole, recipe, MemorySegment.ofArray(expected), 0);
      reader.prepare(file, name, recipe, MemorySegment.ofArray(actual), 0);
      if (!Arrays.equals(expected, actual)) {
        different.add(name + " by " + recipe + (code == null ? " in plain Java" : ""));
      }
    }
    return different;
  }

  @Test
  void pixelsFarFromTheCropAreNotMade() {
    byte[] file = TestFiles.archive("jpeg.zip").get("q75_420_c.jpg");
    Picture whole = Pictures.decode(file, "picture");
    Raster raster = new Raster();
    Geometry middle = new Geometry(Fit.SHORTER_SIDE, 64, 1, Resampling.NEAREST);
    new PictureReader().decode(new Source(file, file.length, "picture"), middle, raster);
    byte[] some = raster.rgb.array;
    int made = 0;
    for (int i = 0; i < whole.rgb().length; i++) {
      made += some[i] != 0 ? 1 : 0;
    }
    assertTrue(made < whole.rgb().length / 2, made + " of " + whole.rgb().length + " samples");
    assertNotEquals(0, made);
  }

  /** Pixels outside are changed, and no value changes. */
  @Test
  void nothingOutsideThePartIsRead() {
    Random random = new Random(5);
    List<Recipe> recipes = new ArrayList<>(recipes());
    recipes.addAll(Recipe.all());
    for (int round = 0; round < 40; round++) {
      int width = 1 + random.nextInt(300);
      int height = 1 + random.nextInt(300);
      byte[] rgb = new byte[3 * width * height];
      random.nextBytes(rgb);
      for (Recipe recipe : recipes) {
        Part part = recipe.geometry().part(width, height, new Part());
        byte[] other = new byte[rgb.length];
        for (int y = part.top(); y < part.bottom(); y++) {
          int from = 3 * (y * width + part.left());
          System.arraycopy(rgb, from, other, from, 3 * (part.right() - part.left()));
        }
        assertArrayEquals(
            recipe.prepare(new Picture(width, height, rgb)),
            recipe.prepare(new Picture(width, height, other)),
            recipe + " of " + width + " x " + height);
      }
    }
  }

  private static List<PixelCode> codes() {
    List<PixelCode> codes = new ArrayList<>();
    codes.add(null);
    if (PixelCode.orNull() != null) {
      codes.add(PixelCode.orNull());
    }
    return codes;
  }
}
