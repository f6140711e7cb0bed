package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.Model;
import dev.kinglet.data.Cube;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.house.Skip;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CubeRunTest {
  private static final int SIDE = 24;
  private static final int BANDS = 20;

  @TempDir Path folder;

  /** Three stripes with spectra of their own, a fourth unknown. */
  private Map<String, String> scene() {
    float[] cube = new float[SIDE * SIDE * BANDS];
    float[] truth = new float[SIDE * SIDE];
    SplittableRandom random = new SplittableRandom(4);
    for (int p = 0; p < SIDE * SIDE; p++) {
      int label = p % SIDE / 6;
      truth[p] = label == 3 ? 0 : label + 1;
      for (int b = 0; b < BANDS; b++) {
        cube[p * BANDS + b] =
            (float) (Math.sin(b * (label + 1) * 0.3) + 0.3 * random.nextGaussian());
      }
    }
    NumpyFiles.write(folder.resolve("cube.npy"), Tensor.of(Shape.of(SIDE, SIDE, BANDS), cube));
    NumpyFiles.write(folder.resolve("truth.npy"), Tensor.of(Shape.of(SIDE, SIDE), truth));
    Map<String, String> chosen = new LinkedHashMap<>();
    chosen.put("variant", "hybridsn_indian_pines");
    chosen.put("set.bands", "15");
    chosen.put("set.window", "13");
    chosen.put("data", folder.resolve("cube.npy").toString());
    chosen.put("truth", folder.resolve("truth.npy").toString());
    chosen.put("epochs", "2");
    chosen.put("batch", "16");
    chosen.put("threads", "1");
    return chosen;
  }

  @Test
  void aCubeBecomesAModelAMapAndATableOfItsClasses() throws IOException {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    Path out = folder.resolve("run");
    TrainingRun.begin(scene(), out, new Console(writer, writer, false));
    assertTrue(text.toString().contains("kappa"), text.toString());
    assertTrue(text.toString().contains("--split disjoint"), text.toString());
    assertEquals(3, Model.open(out.resolve("model.onnx")).graph().output().shape().channels());
    assertTrue(ImageIO.read(out.resolve("map.png").toFile()).getWidth() > 2 * 3 * SIDE);
    assertEquals(Shape.of(15, BANDS), NumpyFiles.read(out.resolve("pca_components.npy")).shape());
    assertTrue(Files.readString(out.resolve("accuracy.txt")).contains("class 3"));
  }

  @Test
  void indianPinesHasItsPublishedNumbersOfPixels() {
    Path shared = Path.of(System.getProperty("kinglet.shared", "")).resolve("data/indian_pines");
    Skip.unless(Files.isDirectory(shared), "there is no " + shared);
    Cube cube = null;
    int[] truth = null;
    try (java.util.stream.Stream<Path> files = Files.list(shared)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".mat")).sorted().toList()) {
        if (file.toString().endsWith("gt.mat")) {
          truth = Cube.truth(file, 145, 145);
        } else {
          cube = Cube.read(file);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertEquals(200, cube.bands());
    assertEquals(10_249, java.util.stream.IntStream.of(truth).filter(label -> label > 0).count());
    assertEquals(2_455, java.util.stream.IntStream.of(truth).filter(label -> label == 11).count());
  }
}
