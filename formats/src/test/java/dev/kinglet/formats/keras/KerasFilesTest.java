package dev.kinglet.formats.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.ImportedModel;
import dev.kinglet.formats.RunningModels;
import dev.kinglet.formats.TestFiles;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.house.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what Keras 3.15 and Keras 2.21 (tf_keras) answered. */
class KerasFilesTest {
  private static final Path SHARED = Path.of(System.getProperty("kinglet.shared"), "keras");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1_025, mobilenet_v1_025.h5, false",
    "mobilenet_v1_025, mobilenet_v1_025.keras, false",
    "mobilenet_v1_025, mobilenet_v1_025.weights.h5, false",
    "mobilenet_v1_025, mobilenet_v1_025_legacy_weights.h5, false",
    "mobilenet_v2_035, mobilenet_v2_035.h5, false",
    "mobilenet_v2_035, mobilenet_v2_035.keras, false",
    "mobilenet_v2_035, mobilenet_v2_035.weights.h5, true",
    "mobilenet_v2_035, mobilenet_v2_035_legacy_weights.h5, true",
    "mobilenet_v3_small, mobilenet_v3_small.keras, false",
    "mobilenet_v3_small, mobilenet_v3_small_legacy_weights.h5, false",
    "transfer_mobilenet_v2, transfer_mobilenet_v2.h5, false",
    "transfer_mobilenet_v2, transfer_mobilenet_v2.keras, false"
  })
  void everyFormOfAModelAnswersAsKerasDoes(String name, String file, boolean softmax) {
    Path path = SHARED.resolve(file);
    Skip.unless(Files.exists(path), "there is no " + path);
    boolean weightsAlone = file.contains("weights");
    KerasFiles.Options options = KerasFiles.Options.defaults().withSoftmax(softmax);
    ImportedModel model =
        KerasFiles.read(path, weightsAlone ? options.withInput(Shape.of(3, 96, 96)) : options);
    assertEquals(Shape.of(3, 96, 96), model.graph().input().shape());
    // Files of weights alone, in the new layout, do not say who wrote them.
    assertTrue(model.metadata().get("producer").matches("Keras( 3.15.1)?"));
    assertAnswers(SHARED.resolve(name + ".npz"), model);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny",
        "convolutions",
        "shapes",
        "functions",
        "arithmetic",
        "operations",
        "sequential",
        "shared",
        "shufflenet"
      })
  void everyKindOfLayerAnswersAsInKeras(String name) throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("keras/forms.zip");
    Path golden = Files.write(folder.resolve("golden.npz"), forms.get(name + ".npz"));
    for (String form : List.of(name + ".keras", name + ".h5")) {
      Path file = Files.write(folder.resolve(form), forms.get(form));
      assertTrue(KerasFiles.recognises(file));
      assertAnswers(golden, KerasFiles.read(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shufflenet.weights.h5", "shufflenet_legacy.h5"})
  void theWeightsOfTheTutorialsShuffleNetGiveItsNetworkAway(String form) throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("keras/forms.zip");
    Path golden = Files.write(folder.resolve("golden.npz"), forms.get("shufflenet.npz"));
    Path file = Files.write(folder.resolve(form), forms.get(form));
    KerasFiles.Options options =
        KerasFiles.Options.defaults().withInput(Shape.of(3, 45, 45)).withSoftmax(true);
    assertAnswers(golden, KerasFiles.read(file, options));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1_top",
        "v2_top",
        "v3_small_top",
        "v3_large_minimalistic_map",
        "v2_transfer",
        "v1_transfer",
        "v3_transfer",
        "sequential",
        "shared",
        "arithmetic",
        "shufflenet"
      })
  void modelsSavedByKerasTwoAnswerAsThere(String name) throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("keras/keras2.zip");
    Path golden = Files.write(folder.resolve("golden.npz"), forms.get(name + ".npz"));
    for (String form : List.of(name + ".h5", name + ".keras")) {
      if (forms.containsKey(form)) {
        ImportedModel model = KerasFiles.read(Files.write(folder.resolve(form), forms.get(form)));
        assertEquals("Keras 2.21.0", model.metadata().get("producer"));
        assertAnswers(golden, model);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v1_top, 64x96, true",
    "v2_top, 65x65, false",
    "v3_small_top, 64x64, false",
    "v3_large_minimalistic_map, 64x64, false",
    "v2_transfer, 64x64, true",
    "shufflenet, 45x45, true"
  })
  void weightsSavedByKerasTwoGiveTheirNetworkAway(String name, String size, boolean softmax)
      throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("keras/keras2.zip");
    Path golden = Files.write(folder.resolve("golden.npz"), forms.get(name + ".npz"));
    int[] sizes = Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
    KerasFiles.Options options =
        KerasFiles.Options.defaults()
            .withInput(Shape.of(3, sizes[0], sizes[1]))
            .withSoftmax(softmax);
    for (String form : List.of(name + ".weights.h5", name + "_legacy.h5")) {
      if (forms.containsKey(form)) {
        Path file = Files.write(folder.resolve(form), forms.get(form));
        assertAnswers(golden, KerasFiles.read(file, options));
      }
    }
  }

  @Test
  void weightsAloneOfSeveralDenseLayersAreRefused() throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("keras/keras2.zip");
    String form = "v1_transfer.weights.h5";
    Path file = Files.write(folder.resolve(form), forms.get(form));
    String message = TestFiles.refusal(() -> KerasFiles.read(file));
    assertTrue(message.contains("2 dense layers; the functions between them"), message);
  }

  @Test
  void weightsAloneOfAnUnknownNetworkAreRefused() throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("keras/forms.zip");
    for (String form : List.of("shapes.weights.h5", "shapes_legacy.h5")) {
      Path file = Files.write(folder.resolve(form), forms.get(form));
      String message = TestFiles.refusal(() -> KerasFiles.read(file));
      assertTrue(message.contains("weights without the network"), message);
    }
  }

  private static void assertAnswers(Path reference, ImportedModel model) {
    Map<String, Tensor> golden = NumpyFiles.readArchive(reference);
    float[] expected = golden.get("output").toFloats();
    float[] found =
        RunningModels.run(model.graph(), model.weights(), golden.get("input_nchw").toFloats());
    assertEquals(expected.length, found.length);
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    assertTrue(difference <= 2e-4 * largest, difference + " of " + largest);
  }
}
