package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kinglet.engine.x64.PixelCode;
import dev.kinglet.engine.x64.ScanState;
import dev.kinglet.house.Skip;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machine code against its plain Java twins: equal bit by bit. */
class PixelCodeTest {

  @BeforeAll
  static void machine() {
    Skip.unless(PixelCode.orNull() != null, "this computer has no AVX2, or is not Linux on x86-64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "jpeg_damaged"})
  void machineCodeGivesThePixelsOfPlainJava(String archive) {
    PictureReader plain = new PictureReader(PictureReader.DEFAULT_LIMIT, null);
    PictureReader machine = new PictureReader(PictureReader.DEFAULT_LIMIT, PixelCode.orNull());
    TestFiles.archive(archive + ".zip")
        .forEach(
            (name, file) -> {
              try {
                byte[] expected = plain.decode(file, name).rgb();
                assertArrayEquals(expected, machine.decode(file, name).rgb(), name);
              } catch (PictureException e) {
                assertThrows(PictureException.class, () -> machine.decode(file, name), name);
              }
            });
  }

  /** Coefficients far beyond what a picture has: both wrap and saturate alike. */
  @Test
  void theInverseTransformIsEqualForAnyCoefficients() {
    Random random = new Random(3);
    int count = 7;
    int stride = 64;
    short[] blocks = new short[64 * (count + 1)];
    byte[] last = new byte[count + 1];
    for (int round = 0; round < 2000; round++) {
      for (int b = 0; b <= count; b++) {
        int range = 1 << 1 + random.nextInt(16);
        int kept = 1 + random.nextInt(64);
        int any = 0;
        long sum = 0;
        for (int k = 0; k < 64; k++) {
          short value = k < kept ? (short) (random.nextInt(range) - range / 2) : 0;
          blocks[64 * b + JpegHeader.ZIGZAG[k]] = value;
          sum += Math.abs(value);
          any = value != 0 ? k : any;
        }
        if (sum > ScanState.TAME) {
          SequentialScan.wrapFirstRow(blocks, 64 * b);
        }
        last[b] = sum > ScanState.TAME && any > 0 ? SequentialScan.WILD : (byte) any;
      }
      byte[] expected = new byte[8 * stride];
      byte[] actual = new byte[8 * stride];
      MemorySegment in = MemorySegment.ofArray(blocks);
      MemorySegment out = MemorySegment.ofArray(actual);
      new InverseDct().blocks(blocks, 0, last, 0, count, expected, 0, stride);
      PixelCode.orNull().transform(in, 0, MemorySegment.ofArray(last), 0, count, out, 0, stride);
      for (int y = 0; y < 8; y++) {
        // The pair's other block.
        Arrays.fill(actual, y * stride + 8 * count, (y + 1) * stride, (byte) 0);
      }
      assertArrayEquals(expected, actual);
    }
  }

  @Test
  void preparedValuesAreEqualForEveryRecipeAndSize() {
    Random random = new Random(4);
    Preparation plain = new Preparation(null);
    Preparation machine = new Preparation(PixelCode.orNull());
    List<Recipe> recipes = new ArrayList<>(Recipe.all());
    for (int size : new int[] {1, 2, 3, 7, 8, 31, 75, 225}) {
      recipes.add(Recipe.named("torchvision_v1").withSize(size));
      recipes.add(Recipe.named("timm_bicubic").withSize(size));
      recipes.add(Recipe.named("megvii").withSize(size));
    }
    for (int round = 0; round < 60; round++) {
      int width = 1 + random.nextInt(round < 30 ? 40 : 500);
      int height = 1 + random.nextInt(round < 30 ? 40 : 300);
      byte[] rgb = new byte[3 * width * height];
      random.nextBytes(rgb);
      for (Recipe recipe : recipes) {
        int count = recipe.output().elements();
        float[] expected = new float[count];
        float[] actual = new float[count];
        Bytes pixels = new Bytes(rgb);
        recipe.prepare(pixels, width, height, plain, MemorySegment.ofArray(expected), 0);
        recipe.prepare(pixels, width, height, machine, MemorySegment.ofArray(actual), 0);
        assertArrayEquals(expected, actual, recipe + " of " + width + " x " + height);
      }
    }
  }
}
