package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.Model;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Tensor;
import dev.kinglet.house.Skip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code import}, {@code profile} and {@code guidelines}. */
class ImportTest {
  @TempDir Path folder;

  @Test
  void aModelOfOursComesThroughUnchanged() throws Exception {
    Path model = Inputs.smallModel(folder);
    Path out = folder.resolve("out.onnx");
    kinglet("import", model, "--output", out).done();
    assertEquals(Model.open(model), Model.open(out));
  }

  @Test
  void theWeightsOfAFileServeItsVariant() throws Exception {
    Path model = Inputs.smallModel(folder);
    Path out = folder.resolve("out.onnx");
    kinglet(
            "import",
            model,
            "--variant",
            "mobilenet_v1_025",
            "--classes",
            5,
            "--input",
            "3x32x32",
            "--output",
            out)
        .done();
    assertEquals(Inputs.small(), Model.open(out).graph());
  }

  @Test
  void aKerasFileAnswersAsInKeras() {
    Path keras = Inputs.shared().resolve("keras");
    Path file = keras.resolve("mobilenet_v1_025.keras");
    Skip.unless(Files.exists(file), "there is no Keras file at " + file);
    Path imported = folder.resolve("imported.onnx");
    kinglet("import", file, "--recipe", "keras_tf", "--output", imported).done();
    assertTrue(Model.open(imported).metadata().get("producer").startsWith("Keras"));
    Map<String, Tensor> reference = NumpyFiles.readArchive(keras.resolve("mobilenet_v1_025.npz"));
    Path in = folder.resolve("in.npy");
    Path out = folder.resolve("out.npy");
    NumpyFiles.write(in, reference.get("input_nchw"));
    kinglet("run", imported, "--input", in, "--output", out).done();
    assertArrayEquals(reference.get("output").toFloats(), NumpyFiles.read(out).toFloats(), 2e-4f);
  }

  @Test
  void importRefusesWhatItCannotRead() throws Exception {
    Path model = Inputs.smallModel(folder);
    Path out = folder.resolve("out.onnx");
    Path text = Files.writeString(folder.resolve("a.onnx"), "no model at all");
    kinglet("import").refused("needs FILE");
    kinglet("import", model).refused("--output FILE.onnx");
    kinglet("import", folder.resolve("no.keras"), "--output", out).refused("does not exist");
    kinglet("import", folder, "--output", out).refused("is a folder");
    kinglet("import", text, "--output", out).refused("a.onnx");
    kinglet("import", model, "--output", folder).refused("is a folder");
    kinglet("import", model, "--classes", 3, "--output", out).refused("--classes");
    kinglet("import", model, "--variant", "mobilenet_v2_100", "--output", out).refused("missing");
  }

  @Test
  void aProfileHasATimeForEachStepTheEngineRuns() throws Exception {
    JsonNode profile =
        kinglet("profile", Inputs.smallModel(folder), "--engine", "java", "--json").done().json();
    assertEquals("java", profile.get("engine").asString());
    double sum = 0;
    for (JsonNode step : profile.get("steps")) {
      sum += step.get("median_ms").asDouble();
    }
    assertTrue(profile.get("steps").size() > 10);
    assertEquals(profile.get("sum_ms").asDouble(), sum, 1e-9);
    kinglet("profile", "mobilenet_v9").refused("'mobilenet_v9'");
  }

  @Test
  void guidelinesCompareNetworks() {
    JsonNode all =
        kinglet("guidelines", "--json", "mobilenet_v2_100", "shufflenet_v2_x1_0").done().json();
    assertEquals("mobilenet_v2_100", all.get(0).get("name").asString());
    // The paper's point: ShuffleNetV2 keeps to the first guideline, MobileNetV2 does not (§2, G1).
    assertTrue(
        all.get(0).get("g1_unequal_widths").asDouble()
            > all.get(1).get("g1_unequal_widths").asDouble());
    assertTrue(kinglet("guidelines", "ghostnet_100").done().out().contains("ghostnet_100"));
    kinglet("guidelines").refused("needs MODEL");
  }

  @Test
  void theLoweredProgramIsShownAfterEachRewrite() {
    String text = kinglet("summary", "mobilenet_v1_025", "--lowered").done().out();
    assertTrue(text.startsWith("== translated\n"), text.substring(0, 80));
    assertTrue(text.lines().filter(line -> line.startsWith("== ")).count() > 3);
    kinglet("summary", "mobilenet_v1_025", "--lowered", "--json").refused("--lowered is text");
  }

  @Test
  void pullRefusesWhatNobodyPublishes() {
    kinglet("pull").refused("needs VARIANT");
    kinglet("pull", "mobilenet_v9").refused("'mobilenet_v9'");
    kinglet("pull", "cbam_resnet18").refused("no official weights of cbam_resnet18");
    kinglet("pull", "mobilenet_v2_100", "--file", "x.pth").refused("mobilenet_v2-b0353104.pth");
  }
}
