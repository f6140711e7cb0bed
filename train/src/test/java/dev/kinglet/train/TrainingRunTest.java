package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.Classifier;
import dev.kinglet.Model;
import dev.kinglet.formats.WeightFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.image.Pictures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TrainingRunTest {
  @TempDir static Path folder;
  private static Path data;
  private static Path whole;
  private static String printed;

  private static String train(Map<String, String> settings, Path out) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    TrainingRun.begin(settings, out, new Console(writer, writer, false));
    return text.toString();
  }

  private static String resume(Path out) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    TrainingRun.resume(out, new Console(writer, writer, false));
    return text.toString();
  }

  private static Map<String, String> settings() {
    return new LinkedHashMap<>(Synthetic.settings(data, folder.resolve("cache")));
  }

  @BeforeAll
  static void trainOnce() throws IOException {
    data = Synthetic.pictures(folder.resolve("pictures"), 24);
    Files.writeString(data.resolve("down").resolve("broken.png"), "no picture");
    whole = folder.resolve("whole");
    printed = train(settings(), whole);
  }

  @Test
  void theFolderHoldsEverythingThatARunGives() throws IOException {
    for (String file :
        List.of(
            "config.json",
            "metrics.jsonl",
            "last.safetensors",
            "best.safetensors",
            "model.onnx",
            "report.html",
            "labels.txt",
            "left_out.txt")) {
      assertTrue(Files.size(whole.resolve(file)) > 0, file);
    }
    assertEquals(3, Files.readAllLines(whole.resolve("metrics.jsonl")).size());
    assertFalse(Files.list(whole).anyMatch(file -> file.toString().endsWith(".part")));
  }

  @Test
  void aBrokenPictureIsListedAndLeftOut() throws IOException {
    assertTrue(Files.readString(whole.resolve("left_out.txt")).contains("broken.png"));
    assertTrue(printed.contains("1 of 73 files are left out"), printed);
  }

  @Test
  void theModelAnswersByItselfAsItDidInTraining() {
    Model model = Model.open(whole.resolve("model.onnx"));
    assertEquals(List.of("across", "down", "noise"), model.labels().names());
    assertEquals(32, model.recipe().orElseThrow().output().width());
    TorchNetwork network = new TorchNetwork(model.graph(), model.weights());
    Classifier classifier = Classifier.open(whole.resolve("model.onnx"));
    for (String file : List.of("across/000.png", "noise/001.png")) {
      float[] input = model.recipe().orElseThrow().prepare(Pictures.read(data.resolve(file)));
      float[] logits = network.predict(input, 1);
      int best = 0;
      for (int i = 1; i < 3; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      assertEquals(best, classifier.classify(data.resolve(file)).getFirst().index(), file);
    }
  }

  @Test
  void thePageNeedsNothingFromElsewhere() throws IOException {
    // The name of SVG's elements looks like an address and is none.
    String page =
        Files.readString(whole.resolve("report.html")).replace("http://www.w3.org/2000/svg", "");
    assertTrue(page.contains("<svg") && page.contains("data:image/png;base64,"));
    assertFalse(page.contains("http:") || page.contains("https:") || page.contains("<script"));
  }

  @Test
  void aStoppedRunGoesOnToTheSameNumbers() {
    Path out = folder.resolve("stopped");
    Map<String, String> settings = settings();
    settings.put("max_steps", "11");
    String printed = train(settings, out);
    // The epoch that the limit ends has a line too, and is judged.
    JsonNode part = lines(out).getLast();
    assertEquals(11, part.get("step").asInt());
    assertTrue(part.get("val_accuracy").asDouble() > 0, part.toString());
    assertTrue(printed.contains("epoch " + part.get("epoch").asInt() + " of 3: loss"), printed);
    assertTrue(Files.exists(out.resolve("best.safetensors")));
    // Broken off before its model it has the same line again, and no other step.
    assertTrue(resume(out).contains("held-out samples are right"));
    assertEquals(part.get("val_loss"), lines(out).getLast().get("val_loss"));
    assertEquals(11, lines(out).getLast().get("step").asInt());
    edit(out, "\"max_steps\" : \"11\"", "\"max_steps\" : \"0\"");
    resume(out);
    assertSame(whole, out);
  }

  private static void edit(Path out, String from, String to) {
    try {
      Path config = out.resolve("config.json");
      String text = Files.readString(config);
      assertTrue(text.contains(from), text);
      Files.writeString(config, text.replace(from, to));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The same figures, but for times, and bit-equal weights. */
  static void assertSame(Path expected, Path found) {
    assertEquals(figures(expected), figures(found));
    for (String file : List.of("last.safetensors", "best.safetensors")) {
      Map<String, dev.kinglet.graph.Tensor> a =
          new LinkedHashMap<>(WeightFiles.read(expected.resolve(file)).tensors());
      Map<String, dev.kinglet.graph.Tensor> b =
          new LinkedHashMap<>(WeightFiles.read(found.resolve(file)).tensors());
      a.remove("kinglet.state");
      b.remove("kinglet.state");
      assertEquals(a.keySet(), b.keySet());
      a.forEach(
          (name, tensor) ->
              assertArrayEquals(tensor.toFloats(), b.get(name).toFloats(), name + " of " + file));
    }
  }

  private static List<String> figures(Path run) {
    return lines(run).stream()
        .map(
            figures -> {
              StringBuilder text = new StringBuilder();
              for (String key :
                  List.of("epoch", "step", "loss", "accuracy", "val_loss", "val_accuracy")) {
                text.append(figures.get(key)).append(' ');
              }
              return text.toString();
            })
        .toList();
  }

  private static List<JsonNode> lines(Path run) {
    try {
      return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
          .map(RunFolder.JSON::readTree)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void weightsOfAnotherHeadAreTakenWithoutIt() throws IOException {
    Path two = folder.resolve("two");
    for (String name : List.of("across", "noise")) {
      Path to = Files.createDirectories(two.resolve(name));
      for (int i = 0; i < 12; i++) {
        String file = "%03d.png".formatted(i);
        Files.copy(data.resolve(name).resolve(file), to.resolve(file));
      }
    }
    Map<String, String> settings = settings();
    settings.put("data", two.toString());
    settings.put("recipe", "finetune");
    settings.put("epochs", "1");
    settings.put("freeze", "backbone");
    settings.put("weights", whole.resolve("model.onnx").toString());
    Path out = folder.resolve("tuned");
    train(settings, out);
    String transfer = Files.readString(out.resolve("transfer.txt"));
    assertTrue(
        transfer.contains("2 replaced") && transfer.contains("classifier.1.weight"), transfer);
    Model before = Model.open(whole.resolve("model.onnx"));
    Model after = Model.open(out.resolve("model.onnx"));
    for (String name : before.weights().names()) {
      if (!name.startsWith("classifier")) {
        assertArrayEquals(before.weights().floats(name), after.weights().floats(name), name);
      }
    }
  }

  @Test
  void mistakesAreAnsweredInOneSentence() {
    Map<String, String> strange = settings();
    strange.put("epoks", "3");
    refused(strange, "epoks");
    Map<String, String> negative = settings();
    negative.put("lr", "-1");
    refused(negative, "lr");
    Map<String, String> missing = settings();
    missing.put("data", folder.resolve("nowhere").toString());
    refused(missing, "nowhere");
    Map<String, String> none = settings();
    none.put("data", whole.toString());
    refused(none, "class folders");
    Map<String, String> occupied = settings();
    String message =
        assertThrows(InvalidInputException.class, () -> train(occupied, whole)).getMessage();
    assertTrue(message.contains("--resume"), message);
  }

  private static void refused(Map<String, String> settings, String word) {
    String message =
        assertThrows(InvalidInputException.class, () -> train(settings, folder.resolve("refused")))
            .getMessage();
    assertTrue(message.contains(word), message);
  }
}
