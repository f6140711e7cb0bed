package dev.kinglet.formats.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.ImportedModel;
import dev.kinglet.formats.RunningModels;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what Keras 3.15 answered. */
class KerasFilesTest {
  private static final Path SHARED = Path.of(System.getProperty("kinglet.shared"), "keras");

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
    Assumptions.assumeTrue(Files.exists(path), "There is no " + path);
    boolean weightsAlone = file.contains("weights");
    KerasFiles.Options options = KerasFiles.Options.defaults().withSoftmax(softmax);
    ImportedModel model =
        KerasFiles.read(path, weightsAlone ? options.withInput(Shape.of(3, 96, 96)) : options);
    assertEquals(Shape.of(3, 96, 96), model.graph().input().shape());
    // Files of weights alone, in the new layout, do not say who wrote them.
    assertTrue(model.metadata().get("producer").matches("Keras( 3.15.1)?"));
    Map<String, Tensor> golden = NumpyFiles.readArchive(SHARED.resolve(name + ".npz"));
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
