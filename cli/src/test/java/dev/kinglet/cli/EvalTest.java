package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code eval}: what it counts, checked against what {@code predict} says of each picture. */
class EvalTest {
  private static final List<String> LABELS = List.of("ant", "bee", "cicada", "dragonfly", "earwig");

  @TempDir Path folder;
  private Path model;
  private Path pictures;
  private int[] found;

  @BeforeEach
  void makePictures() throws Exception {
    model = Inputs.smallModel(folder);
    pictures = folder.resolve("flat");
    found = new int[12];
    for (int i = 0; i < found.length; i++) {
      Inputs.picture(pictures.resolve("p%02d.ppm".formatted(i)), 10 + i, 20, i);
    }
    JsonNode answer = kinglet("predict", "--json", "--model", model, pictures).done().json();
    for (int i = 0; i < found.length; i++) {
      found[i] = answer.get("pictures").get(i).get("predictions").get(0).get("index").asInt();
    }
  }

  /** Sorts the pictures into class folders, right for the first nine and wrong for the others. */
  private Path sorted(IntFunction<String> name) throws Exception {
    Path root = folder.resolve("sorted");
    for (int i = 0; i < found.length; i++) {
      int index = i < 9 ? found[i] : (found[i] + 1) % 5;
      Path of = Files.createDirectories(root.resolve(name.apply(index)));
      Files.copy(pictures.resolve("p%02d.ppm".formatted(i)), of.resolve(i + ".ppm"));
    }
    return root;
  }

  private void assertThreeQuarters(JsonNode answer) {
    assertEquals(12, answer.get("pictures").asInt());
    assertEquals(0.75, answer.get("top1").asDouble());
    assertEquals(1.0, answer.get("top5").asDouble());
  }

  @Test
  void foldersMayBeNamedByLabel() throws Exception {
    Path root = sorted(LABELS::get);
    assertThreeQuarters(kinglet("eval", "--json", "--model", model, root).done().json());
    String text = kinglet("eval", "--model", model, root).done().out();
    assertTrue(text.contains("12 pictures: top-1 75.00 %, top-5 100.00 %"), text);
  }

  @Test
  void foldersMayBeNamedByIndex() throws Exception {
    assertThreeQuarters(
        kinglet("eval", "--json", "--model", model, sorted(Integer::toString)).done().json());
  }

  @Test
  void foldersMayBeNamedByWordNet() throws Exception {
    StringBuilder table = new StringBuilder("index,wnid,label\n");
    for (int i = 0; i < 5; i++) {
      table.append(i).append(",n0000000").append(i).append(',').append(LABELS.get(i)).append('\n');
    }
    Path labels = Files.writeString(folder.resolve("labels.csv"), table);
    assertThreeQuarters(
        kinglet(
                "eval",
                "--json",
                "--model",
                model,
                "--labels",
                labels,
                sorted(index -> "n0000000" + index))
            .done()
            .json());
  }

  @Test
  void aTableSaysWhatPicturesShow() throws Exception {
    StringBuilder table = new StringBuilder("file,label\n");
    for (int i = 0; i < found.length; i++) {
      int index = i < 9 ? found[i] : (found[i] + 1) % 5;
      String label = i % 2 == 0 ? LABELS.get(index).toUpperCase() : Integer.toString(index);
      table.append("p%02d.ppm".formatted(i)).append(',').append(label).append('\n');
    }
    Path truth = Files.writeString(folder.resolve("truth.csv"), table);
    assertThreeQuarters(
        kinglet("eval", "--json", "--model", model, "--truth", truth, pictures).done().json());
  }

  @Test
  void anUnreadablePictureDoesNotCountAndIsNamed() throws Exception {
    Path root = sorted(LABELS::get);
    Files.writeString(
        Files.createDirectories(root.resolve("ant")).resolve("broken.ppm"), "P6 broken");
    Ran ran = kinglet("eval", "--json", "--model", model, root);
    assertEquals(2, ran.code());
    ran.complained("broken.ppm");
    assertThreeQuarters(ran.json());
    assertEquals(1, ran.json().get("unreadable").asInt());
  }

  @Test
  void badInputIsRefusedInOneSentence() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path truth = folder.resolve("truth.csv");
    kinglet("eval").refused("needs FOLDER");
    kinglet("eval", folder.resolve("none")).refused("none' does not exist");
    kinglet("eval", model).refused("is a file");
    kinglet("eval", "--model", model, empty).refused("no folders named by classes");
    Path strange = Files.createDirectories(folder.resolve("strange/wombat")).getParent();
    kinglet("eval", "--model", model, strange).refused("'wombat' is no class");
    Path bare = Files.createDirectories(folder.resolve("bare/ant")).getParent();
    kinglet("eval", "--model", model, bare).refused("holds no pictures");
    kinglet("eval", "--model", model, "--truth", truth, pictures).refused("truth.csv' does not");
    kinglet("eval", "--model", model, "--truth", folder, pictures).refused("is a folder");
    Files.writeString(truth, "p00.ppm,ant\np01.ppm\n");
    kinglet("eval", "--model", model, "--truth", truth, pictures).refused("Line 2", "file,label");
    Files.writeString(truth, "p00.ppm,wombat\n");
    kinglet("eval", "--model", model, "--truth", truth, pictures).refused("Line 1", "'wombat'");
    Files.writeString(truth, "p00.ppm,5\n");
    kinglet("eval", "--model", model, "--truth", truth, pictures).refused("'5'", "0 to 4");
    Files.writeString(truth, "file,label\n");
    kinglet("eval", "--model", model, "--truth", truth, pictures).refused("names no pictures");
    Files.writeString(truth, "\"p00.ppm,ant\n");
    kinglet("eval", "--model", model, "--truth", truth, pictures).refused("quote");
  }

  @Test
  void aNameThatTwoClassesShareIsRefused() throws Exception {
    Path labels =
        Files.write(folder.resolve("cranes.txt"), List.of("crane", "b", "crane", "d", "e"));
    Path root = Files.createDirectories(folder.resolve("birds/crane")).getParent();
    kinglet("eval", "--model", model, "--labels", labels, root)
        .refused("several classes", "'crane'");
  }
}
