package dev.kinglet.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFilesTest {
  private static CheckpointArchive archive;

  @TempDir Path folder;

  @BeforeAll
  static void putTogether() throws IOException {
    archive = CheckpointArchive.open();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip.pth", "legacy.pth", "strided.pth", "training.pth.tar"})
  void everyFormOfPytorchGivesTheStateDictInItsOrder(String name) throws IOException {
    Weights weights = WeightFiles.read(archive.write(name, folder));
    Map<String, Tensor> expected = CheckpointArchive.expected();
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(weights.names()));
    assertEquals(Weights.of(expected), weights);
  }

  @Test
  void batchCountersMayBeMissing() throws IOException {
    Weights weights = WeightFiles.read(archive.write("without_counters.pth", folder));
    Map<String, Tensor> expected = CheckpointArchive.expected();
    expected.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    assertEquals(Weights.of(expected), weights);
  }

  @ParameterizedTest
  @CsvSource({"f32, F32, 0", "f16, F16, 0.0005", "bf16, BF16, 0.004"})
  void safetensorsOfEveryTypeGiveTheSameNumbersToItsPrecision(
      String form, Tensor.Type type, float precision) throws IOException {
    Weights weights = WeightFiles.read(archive.write(form + ".safetensors", folder));
    Map<String, Tensor> expected = CheckpointArchive.expected();
    assertEquals(expected.keySet(), weights.names());
    for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
      Tensor found = weights.get(entry.getKey());
      assertEquals(entry.getValue().shape(), found.shape());
      boolean counter = entry.getValue().type() == Tensor.Type.I64;
      assertEquals(counter ? Tensor.Type.I64 : type, found.type());
      float[] values = entry.getValue().toFloats();
      float[] read = found.toFloats();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], read[i], precision * Math.abs(values[i]) + 1e-7, entry.getKey());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bad_code_execution.pth | posix.system",
        "bad_empty.pth | is empty",
        "bad_header_length.safetensors | 4611686018427387904 bytes",
        "bad_offsets.safetensors | should take 1099511627776 bytes",
        "bad_torchscript.pt | TorchScript",
        "bad_truncated.pth | cut off",
        "bad_truncated.safetensors | cut off",
        "bad_whole_module.pth | torchvision.models.shufflenetv2.ShuffleNetV2"
      })
  void whatIsNoStateDictIsRefusedInOneSentenceThatSaysWhy(String name, String reason)
      throws IOException {
    Path file = archive.write(name, folder);
    String message = TestFiles.refusal(() -> WeightFiles.read(file));
    assertTrue(message.startsWith(name + " ") && message.contains(reason), message);
  }

  @ParameterizedTest
  @CsvSource({
    "zip.pth, f32",
    "legacy.pth, f32",
    "strided.pth, f32",
    "training.pth.tar, f32",
    "without_counters.pth, f32",
    "f32.safetensors, f32",
    "f16.safetensors, f16",
    "bf16.safetensors, bf16"
  })
  void everyGoodFileGivesTheLogitsThatPytorchRecorded(String name, String form) throws IOException {
    Graph graph =
        Zoo.variant("shufflenet_v2_x0_5")
            .build(Settings.defaults().withClasses(10).withInput(Shape.of(3, 64, 64)));
    Weights weights = WeightFiles.read(archive.write(name, folder)).check(graph);
    Path golden = TestFiles.copy("checkpoints/logits.npz", folder);
    Tensor expected = NumpyFiles.readArchive(golden).get(form);
    float[] found = RunningModels.run(graph, weights, Formula.input(Shape.of(2, 3, 64, 64)));
    float[] logits = expected.toFloats();
    assertEquals(logits.length, found.length);
    for (int i = 0; i < logits.length; i++) {
      assertEquals(logits[i], found[i], 1e-4, name + " " + i);
    }
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedWithEveryEntryThatDoesNotFit() throws IOException {
    Graph graph = Zoo.variant("shufflenet_v2_x0_5").build(Settings.defaults().withClasses(10));
    Weights names = WeightFiles.read(archive.write("bad_names.safetensors", folder));
    String message = TestFiles.refusal(() -> names.check(graph));
    assertTrue(message.contains("1 missing: stage2.0.branch1.0.weight"), message);
    assertTrue(message.contains("1 unexpected: stage9.bogus"), message);
    Weights shapes = WeightFiles.read(archive.write("bad_shape.safetensors", folder));
    message = TestFiles.refusal(() -> shapes.check(graph));
    assertTrue(
        message.contains("1 misshapen: fc.weight (expected 10x1024, found 11x1024)"), message);
  }

  @Test
  void readingACheckpointThatCarriesACommandLeavesNothingBehind() throws IOException {
    Path file = archive.write("bad_code_execution.pth", folder);
    TestFiles.refusal(() -> WeightFiles.read(file));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
    assertTrue(Files.notExists(Path.of("pwned")));
  }

  @Test
  void aFileIsRecognisedByItsContentWhateverItIsCalled() throws IOException {
    List<Weights> read = new ArrayList<>();
    for (String name : List.of("zip.pth", "legacy.pth", "f32.safetensors")) {
      read.add(
          WeightFiles.read(
              Files.write(folder.resolve(read.size() + ".bin"), archive.files().get(name))));
    }
    for (Weights weights : read) {
      assertArrayEquals(
          read.getFirst().floats("stage3.0.branch2.0.weight"),
          weights.floats("stage3.0.branch2.0.weight"));
    }
  }
}
