package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.Model;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code export}, {@code prepare} and {@code bench}. */
class ExportTest {
  @TempDir Path folder;

  private Ran export(Object... more) {
    List<Object> words = new ArrayList<>(List.of("export"));
    words.addAll(Inputs.SMALL);
    words.addAll(List.of("--weights", Inputs.smallWeights(folder)));
    words.addAll(Arrays.asList(more));
    return kinglet(words.toArray());
  }

  @Test
  void whatIsExportedOpensAsTheSameModel() {
    Path file = folder.resolve("m.onnx");
    String said = export("--output", file, "--note", "licence=MIT", "--opset", 20).done().out();
    assertTrue(said.startsWith(file + ": 0.9 MB, opset 20"), said);
    Model model = Model.open(file);
    assertEquals(Inputs.small(), model.graph());
    assertEquals("MIT", model.metadata().get("licence"));
    assertTrue(model.recipe().isEmpty());
    assertEquals(0, model.labels().size());
  }

  @Test
  void theRecipeTakesTheNetworksSize() throws Exception {
    Model model = Model.open(Inputs.smallModel(folder));
    assertEquals(Recipe.named("torchvision_v1").withSize(32), model.recipe().orElseThrow());
    assertEquals(List.of("ant", "bee", "cicada", "dragonfly", "earwig"), model.labels().names());
  }

  @Test
  void aPublishersFileBringsItsRecipeAndItsLabels() throws Exception {
    Variant variant = Zoo.variant("shufflenet_v2_x0_5");
    Path weights = folder.resolve(variant.checkpoints().getFirst().file());
    SafetensorsFiles.write(weights, InitialWeights.of(variant.build(), 1));
    Path file = folder.resolve("m.onnx");
    kinglet("export", variant.name(), "--weights", weights, "--output", file).done();
    Model model = Model.open(file);
    assertEquals(Recipe.named("torchvision_v1"), model.recipe().orElseThrow());
    assertEquals("tabby", model.labels().name(281));
  }

  @Test
  void aModelWithoutARecipeIsAnsweredWithTheOption() {
    Path file = folder.resolve("m.onnx");
    export("--output", file).done();
    kinglet("predict", "--model", file, file).refused("how its pictures are prepared", "--recipe");
  }

  @Test
  void halfPrecisionHalvesTheFileAndSaysWhatItChanges() throws Exception {
    Path whole = folder.resolve("whole.onnx");
    Path half = folder.resolve("half.onnx");
    export("--output", whole).done();
    String said = export("--output", half, "--half").done().out();
    assertTrue(Files.size(half) < 0.6 * Files.size(whole));
    assertTrue(said.contains("half precision changes the answer"), said);
  }

  @Test
  void othersMayReadTheFile() throws Exception {
    Path file = folder.resolve("m.onnx");
    Path plain = Files.createFile(folder.resolve("plain"));
    export("--output", file).done();
    assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(file));
  }

  @Test
  void badInputIsRefusedInOneSentence() throws Exception {
    Path out = folder.resolve("m.onnx");
    Path few = Files.write(folder.resolve("few.txt"), List.of("ant", "bee"));
    kinglet("export").refused("needs VARIANT and --weights FILE and --output FILE.onnx");
    kinglet("export", "m.onnx", "--weights", out, "--output", out).refused("m.onnx is a file");
    export("--output", folder).refused("is a folder");
    export("--output", folder.resolve("no/m.onnx")).refused("does not exist; make it");
    export("--output", out, "--opset", 3).refused("--opset", "'3'");
    export("--output", out, "--labels", few).refused("2 labels", "5 classes");
    export("--output", out, "--recipe", "grandmothers").refused("grandmothers");
    export("--output", out, "--note", "nothing").refused("key=value");
    kinglet("export", "mobilenet_v2_100", "--weights", few, "--output", out).refused("few.txt");
    kinglet("export", "mobilenet_v2_100", "--weights", Inputs.smallWeights(folder), "--output", out)
        .refused("missing", "unexpected");
    assertFalse(Files.exists(out));
  }

  @Test
  void prepareRefusesWhatIsNoPicture() throws Exception {
    Path out = folder.resolve("x.npy");
    Path text = Files.writeString(folder.resolve("a.png"), "no picture at all");
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    Path good = Inputs.picture(folder.resolve("a.ppm"), 9, 9, 1);
    kinglet("prepare").refused("needs PICTURE and --output X.npy");
    kinglet("prepare", text, "--recipe", "torchvision_v1", "--output", out).refused("a.png");
    kinglet("prepare", empty, "--recipe", "torchvision_v1", "--output", out).refused("empty.jpg");
    kinglet("prepare", folder, "--output", out).refused("is a folder");
    kinglet("prepare", folder.resolve("no.png"), "--output", out).refused("does not exist");
    kinglet("prepare", good, "--output", folder).refused("is a folder");
    kinglet("prepare", good, "--recipe", "no_such", "--output", out).refused("no_such");
    kinglet("prepare", good, "--model", "mobilenet_v0", "--output", out).refused("mobilenet_v0");
    kinglet("prepare", good, "--model", "cbam_resnet101", "--output", out)
        .refused("cbam_resnet101", "--recipe RECIPE");
    kinglet(
            "prepare",
            good,
            "--model",
            "mobilenet_v2_100",
            "--recipe",
            "torchvision_v1",
            "--output",
            out)
        .refused("--model or --recipe");
    assertFalse(Files.exists(out));
  }

  @Test
  void benchSaysHowLongARunTakes() throws Exception {
    Path model = Inputs.smallModel(folder);
    JsonNode line =
        kinglet("bench", model, "--seconds", "0.1", "--batch", 2, "--json").done().json();
    assertEquals("mobilenet_v1_025", line.get("model").asString());
    assertTrue(List.of("java", "x64").contains(line.get("engine").asString()));
    assertEquals(line.get("engine").asString().equals("java"), line.get("isa").isNull());
    assertEquals(2, line.get("batch").asInt());
    assertEquals(1, line.get("threads").asInt());
    double least = line.get("min_ms").asDouble();
    double median = line.get("median_ms").asDouble();
    assertTrue(0 < least && least <= median && median <= line.get("p90_ms").asDouble());
    String text =
        kinglet("bench", "mobilenet_v1_025", "--input", "3x32x32", "--seconds", "0.1").done().out();
    assertEquals(1, text.lines().count());
    assertTrue(text.contains("median"), text);
  }

  @Test
  void benchRefusesWhatItCannotMeasure() {
    kinglet("bench").refused("needs MODEL");
    kinglet("bench", "mobilenet_v2_100", "--seconds", "-1").refused("--seconds", "'-1'");
    kinglet("bench", "mobilenet_v2_100", "--batch", "0").refused("--batch", "'0'");
    kinglet("bench", folder.resolve("no.onnx")).refused("does not exist");
    kinglet("bench", "mobilenet_v2_100", "--isa", "neon").refused("'neon'", "avx2, avx512");
  }
}
