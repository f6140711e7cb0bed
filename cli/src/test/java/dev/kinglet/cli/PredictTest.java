package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code predict} with a small network of known weights. */
class PredictTest {
  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void exportModel() throws Exception {
    model = Inputs.smallModel(folder);
  }

  @Test
  void onePictureAnswersOnOneLineWithItsThreeLikeliestClasses() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 50, 40, 1);
    String line = kinglet("predict", "--model", model, picture).done().out();
    String label = "  (ant|bee|cicada|dragonfly|earwig) \\d+(\\.\\d)? %";
    assertTrue(line.startsWith(picture.toString()), line);
    assertTrue(line.substring(picture.toString().length()).matches("(" + label + "){3}\n"), line);
  }

  @Test
  void jsonHasEveryFieldOfTheContract() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 50, 40, 1);
    JsonNode answer = kinglet("predict", "--json", "--model", model, picture).done().json();
    assertEquals("mobilenet_v1_025", answer.get("model").asString());
    JsonNode entry = answer.get("pictures").get(0);
    assertEquals(picture.toString(), entry.get("file").asString());
    JsonNode predictions = entry.get("predictions");
    assertEquals(5, predictions.size());
    double sum = 0;
    double last = 1;
    for (JsonNode prediction : predictions) {
      double probability = prediction.get("probability").asDouble();
      assertTrue(probability <= last, "sorted");
      last = probability;
      sum += probability;
      assertEquals(
          "abcde".charAt(prediction.get("index").asInt()),
          prediction.get("label").asString().charAt(0));
    }
    assertEquals(1, sum, 1e-5);
  }

  @Test
  void aVariantWithWeightsAnswersAsTheModelMadeOfThem() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 50, 40, 1);
    List<Object> words = new ArrayList<>(List.of("predict", "--json", "--variant"));
    words.addAll(Inputs.SMALL);
    words.addAll(List.of("--weights", folder.resolve("small.safetensors")));
    words.addAll(List.of("--labels", folder.resolve("labels.txt")));
    words.addAll(List.of("--recipe", "torchvision_v1", picture));
    assertEquals(
        kinglet("predict", "--json", "--model", model, picture).done().out(),
        kinglet(words.toArray()).done().out());
  }

  @Test
  void topLimitsTheClasses() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 50, 40, 1);
    JsonNode two = kinglet("predict", "--json", "--top", 2, "--model", model, picture).json();
    assertEquals(2, two.get("pictures").get(0).get("predictions").size());
    JsonNode all = kinglet("predict", "--json", "--top", 99, "--model", model, picture).json();
    assertEquals(5, all.get("pictures").get(0).get("predictions").size());
  }

  @Test
  void aFolderIsAnsweredInTheOrderOfItsNamesSubfoldersIncluded() throws Exception {
    Path pictures = folder.resolve("pictures");
    List<Path> expected = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String name = i < 30 ? "a/p%03d.ppm".formatted(i) : "p%03d.PNM".formatted(i);
      // The first are the largest, so that they are ready last.
      int side = i % 10 == 0 ? 400 : 8;
      expected.add(Inputs.picture(pictures.resolve(name), side, side, i));
    }
    Files.writeString(pictures.resolve("notes.txt"), "no picture");
    Files.writeString(pictures.resolve(".hidden.ppm"), "no picture");
    JsonNode found =
        kinglet("predict", "--json", "--threads", 3, "--model", model, pictures).done().json();
    List<String> files = new ArrayList<>();
    found.get("pictures").forEach(entry -> files.add(entry.get("file").asString()));
    assertEquals(expected.stream().map(Path::toString).toList(), files);
  }

  @Test
  void manyThreadsAnswerAsOne() throws Exception {
    Path pictures = folder.resolve("pictures");
    for (int i = 0; i < 40; i++) {
      Inputs.picture(pictures.resolve("p" + i + ".ppm"), 20 + i, 30, i);
    }
    assertEquals(
        kinglet("predict", "--json", "--threads", 1, "--model", model, pictures).done().out(),
        kinglet("predict", "--json", "--threads", 4, "--model", model, pictures).done().out());
  }

  @Test
  void aBrokenPictureIsNamedAndTheOthersGoOn() throws Exception {
    Path first = Inputs.picture(folder.resolve("1.ppm"), 9, 9, 1);
    Path broken = Files.writeString(folder.resolve("2.ppm"), "P6 9 9 255\nshort");
    Path missing = folder.resolve("3.ppm");
    Path last = Inputs.picture(folder.resolve("4.ppm"), 9, 9, 2);
    Ran text = kinglet("predict", "--model", model, first, broken, missing, last);
    assertEquals(2, text.code());
    assertEquals(2, text.out().lines().count(), text.out());
    assertEquals(2, text.err().lines().count(), text.err());
    assertTrue(text.err().contains("2.ppm") && text.err().contains("3.ppm"), text.err());

    Ran json = kinglet("predict", "--json", "--model", model, first, broken, missing, last);
    assertEquals(2, json.code());
    json.complained("2 of 4 pictures");
    JsonNode entries = json.json().get("pictures");
    assertEquals(4, entries.size());
    assertTrue(entries.get(0).has("predictions") && !entries.get(0).has("error"));
    assertTrue(entries.get(1).get("error").asString().contains("2.ppm"));
    assertTrue(entries.get(2).get("error").asString().contains("does not exist"));
    assertTrue(entries.get(3).has("predictions"));
  }

  @Test
  void picturesAreRecognisedByContentNotByName() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 50, 40, 1);
    Path renamed = Files.copy(picture, folder.resolve("renamed.jpeg"));
    assertEquals(
        kinglet("predict", "--model", model, picture).done().out().replace("a.ppm", "X"),
        kinglet("predict", "--model", model, renamed).done().out().replace("renamed.jpeg", "X"));
  }

  @Test
  void aFileNameThatLooksLikeAnOptionIsAPictureBehindTwoDashes() {
    kinglet("predict", "--model", model, "--", "--json").refused("--json does not exist");
  }

  @Test
  void badInputIsRefusedInOneSentence() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 9, 9, 1);
    Path weights = folder.resolve("small.safetensors");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path notAModel = Files.writeString(folder.resolve("bad.onnx"), "this is no protobuf");
    Path fewLabels = Files.write(folder.resolve("few.txt"), List.of("ant", "bee"));
    kinglet("predict").refused("needs PICTURE|FOLDER");
    kinglet("predict", "--model", model, folder.resolve("no.png")).refused("no.png does not exist");
    kinglet("predict", "--model", model, empty).refused("holds no pictures");
    kinglet("predict", "--model", notAModel, picture).refused("bad.onnx");
    kinglet("predict", "--model", folder.resolve("no.onnx"), picture).refused("does not exist");
    kinglet("predict", "--model", folder, picture).refused("is a folder");
    kinglet("predict", "--model", model, "--variant", "mobilenet_v1_025", picture)
        .refused("--model or --variant");
    kinglet("predict", "--variant", "mobilenet_v1_025", picture).refused("--weights FILE");
    kinglet("predict", "--model", model, "--weights", weights, picture).refused("--variant");
    kinglet("predict", "--model", model, "--top", 0, picture).refused("--top", "'0'");
    kinglet("predict", "--model", model, "--top", "few", picture).refused("'few'");
    kinglet("predict", "--model", model, "--recipe", "grandmothers", picture)
        .refused("grandmothers", "torchvision_v1");
    kinglet("predict", "--model", model, "--labels", fewLabels, picture)
        .refused("2 labels", "5 classes");
    kinglet("predict", "--model", model, "--labels", folder.resolve("no.txt"), picture)
        .refused("no.txt' does not exist");
    kinglet("predict", "--model", model, "--labels", folder, picture).refused("cannot be read");
    kinglet("predict", "--model", model, "--classes", 5, picture).refused("--classes");
    kinglet("predict", "--model", model, "--max-pixels", -1, picture).refused("--max-pixels");
    kinglet("predict", "--model", model, "--max-pixels", 80, picture).refused("9 x 9");
  }

  @Test
  void labelsAreReadInEveryUsualForm() throws Exception {
    Path picture = Inputs.picture(folder.resolve("a.ppm"), 9, 9, 1);
    String plain = kinglet("predict", "--model", model, picture).done().out();
    Path table =
        Files.writeString(
            folder.resolve("labels.csv"),
            "index,wnid,label\n4,n4,earwig\n0,n0,ant\n1,n1,\"bee\"\n2,n2,cicada\n3,n3,dragonfly\n");
    Path synsets =
        Files.write(
            folder.resolve("synset_words.txt"),
            List.of(
                "n00000000 ant",
                "n00000001 bee",
                "n00000002 cicada",
                "n00000003 dragonfly",
                "n00000004 earwig"));
    for (Path labels : List.of(table, synsets)) {
      assertEquals(
          plain, kinglet("predict", "--model", model, "--labels", labels, picture).done().out());
    }
    Path twice = Files.writeString(folder.resolve("twice.csv"), "index,label\n0,a\n0,b\n");
    kinglet("predict", "--model", model, "--labels", twice, picture).refused("Line 3", "'0'");
    Path latin = folder.resolve("latin.txt");
    Files.write(latin, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    kinglet("predict", "--model", model, "--labels", latin, picture).refused("UTF-8");
  }
}
