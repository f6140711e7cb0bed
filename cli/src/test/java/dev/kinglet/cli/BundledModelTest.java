package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.Classifier;
import dev.kinglet.Labels;
import dev.kinglet.Model;
import dev.kinglet.Prediction;
import dev.kinglet.house.Skip;
import dev.kinglet.image.Pictures;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The classifier that comes with Kinglet, against what PyTorch says with the original weights. */
class BundledModelTest {
  private static final Classifier CLASSIFIER = Classifier.bundled();

  @Test
  void theReadmesExampleNamesTheCat() {
    StringBuilder printed = new StringBuilder();

    Classifier classifier = Classifier.bundled();
    for (Prediction prediction : classifier.classify(Inputs.chelsea())) {
      printed.append(prediction.label()).append(' ').append(prediction.probability()).append('\n');
    }

    assertEquals(5, printed.toString().lines().count());
    assertTrue(printed.toString().startsWith("tiger cat 0.39"), printed.toString());
  }

  @Test
  void chelseaIsWhatPyTorchSaysSheIs() {
    List<Prediction> found = CLASSIFIER.classify(Inputs.chelsea());
    assertEquals("tiger cat", found.get(0).label());
    assertEquals("Egyptian cat", found.get(1).label());
    assertEquals("tabby", found.get(2).label());
    assertEquals(0.393, found.get(0).probability(), 0.005);
    assertEquals(0.356, found.get(1).probability(), 0.005);
    assertEquals(0.170, found.get(2).probability(), 0.005);
    assertEquals(
        "samples/chelsea.png  tiger cat 39 %  Egyptian cat 36 %  tabby 17 %\n",
        kinglet("predict", Inputs.chelsea())
            .done()
            .out()
            .replace(Inputs.root() + "/", "")
            .replace('\\', '/'));
  }

  @Test
  void fileBytesAndPixelsGiveTheSameAnswer() throws Exception {
    List<Prediction> expected = CLASSIFIER.classify(Inputs.chelsea());
    assertEquals(expected, CLASSIFIER.classify(Files.readAllBytes(Inputs.chelsea())));
    assertEquals(expected, CLASSIFIER.classify(Pictures.read(Inputs.chelsea())));
  }

  @Test
  void oneClassifierServesManyThreads() throws Exception {
    List<Prediction> expected = CLASSIFIER.classify(Inputs.chelsea());
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<List<Prediction>>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        tasks.add(() -> CLASSIFIER.classify(Inputs.chelsea()));
      }
      for (Future<List<Prediction>> answer : threads.invokeAll(tasks)) {
        assertEquals(expected, answer.get());
      }
    }
  }

  @Test
  void theFileHoldsLabelsRecipeLicenceAndSource() {
    Model model = CLASSIFIER.model();
    assertEquals(Recipe.named("efficientnet_lite0"), model.recipe().orElseThrow());
    assertEquals(Labels.named("imagenet"), model.labels());
    assertEquals("n02123159", model.labels().synsets().get(282));
    assertEquals("Apache-2.0", model.metadata().get("licence"));
    assertTrue(model.metadata().get("source").contains("Google"));
  }

  @Test
  void unpackedFilesAreTheSameModel() {
    String unpacked =
        Inputs.root().resolve("models/src/main/resources/META-INF/kinglet").toString();
    System.setProperty("kinglet.models", unpacked);
    try {
      assertEquals(CLASSIFIER.model(), Model.bundled());
    } finally {
      System.clearProperty("kinglet.models");
    }
  }

  @Test
  void theModelTakesAtMostTenMegabytes() throws Exception {
    Path file =
        Inputs.root().resolve("models/src/main/resources/META-INF/kinglet/efficientnet_lite0.onnx");
    assertTrue(Files.size(file) <= 10_000_000);
  }

  @Test
  void theCommittedCommandMakesTheCommittedFile(@TempDir Path folder) throws Exception {
    Path weights = weights();
    Path resources = Inputs.root().resolve("models/src/main/resources/META-INF/kinglet");
    Path made = folder.resolve("made.onnx");
    Model model = CLASSIFIER.model();
    Ran ran =
        kinglet(
                "export",
                "efficientnet_lite0",
                "--set",
                "dialect=tf",
                "--weights",
                weights,
                "--labels",
                resources.resolve("imagenet.csv"),
                "--recipe",
                "efficientnet_lite0",
                "--note",
                "licence=" + model.metadata().get("licence"),
                "--note",
                "source=" + model.metadata().get("source"),
                "--half",
                "--output",
                made)
            .done();
    assertTrue(ran.out().contains("9.6 MB") && ran.out().contains("float32: 18.6 MB"), ran.out());
    assertEquals(-1, Files.mismatch(resources.resolve("efficientnet_lite0.onnx"), made));
  }

  @Test
  void threeHundredPicturesOfImageNetAreWhatPyTorchSays() throws Exception {
    Path weights = weights();
    Path pictures = Inputs.shared().resolve("data/imagenet300");
    Skip.unless(Files.isDirectory(pictures), "there are no pictures at " + pictures);
    Classifier whole =
        Classifier.of(
            Models.variant("efficientnet_lite0", Settings.defaults().with("dialect", "tf"), weights)
                .withRecipe(Recipe.named("efficientnet_lite0")));
    JsonNode rows =
        new ObjectMapper()
            .readTree(
                Inputs.shared().resolve("weights/efficientnet_lite0_imagenet300.json").toFile())
            .get("resize256_bicubic_mean0.5_std0.5")
            .get("rows");
    assertEquals(300, rows.size());
    int[] agreeing = new int[2];
    List<String> clear = new ArrayList<>();
    List<String> clearWithFloats = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (JsonNode row : rows) {
        tasks.add(
            () -> {
              Path file = pictures.resolve(row.get("file").asString());
              int bundled = CLASSIFIER.classify(file, 1).getFirst().index();
              int float32 = whole.classify(file, 1).getFirst().index();
              int pytorch = row.get("top5").get(0).asInt();
              synchronized (agreeing) {
                agreeing[0] += bundled == pytorch ? 1 : 0;
                agreeing[1] += bundled == float32 ? 1 : 0;
                double margin = row.get("margin").asDouble();
                if (bundled != pytorch && margin > 0.1) {
                  clear.add(file.toString());
                }
                if (float32 != pytorch && margin > 0.01) {
                  clearWithFloats.add(file.toString());
                }
              }
              return null;
            });
      }
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    }
    assertEquals(List.of(), clear, "pictures on which PyTorch is sure of something else");
    assertEquals(List.of(), clearWithFloats, "pictures that differ beyond a margin of 0.01");
    assertTrue(agreeing[0] >= 297, agreeing[0] + " of 300 as PyTorch");
    assertTrue(agreeing[1] >= 298, agreeing[1] + " of 300 as with float32 weights");
  }

  private static Path weights() {
    Path weights = Inputs.shared().resolve("weights/efficientnet-lite0-57934424.pth");
    Skip.unless(Files.exists(weights), "there are no weights at " + weights);
    return weights;
  }
}
