package dev.kinglet.formats.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.CheckpointArchive;
import dev.kinglet.formats.TestFiles;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFilesTest {
  @TempDir Path folder;

  @Test
  void everyTypeReadsAsPytorchWroteIt() throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("checkpoints/forms.zip");
    Path file = Files.write(folder.resolve("types"), forms.get("types.safetensors"));
    Path golden = Files.write(folder.resolve("golden"), forms.get("safetensors_types.npz"));
    Weights weights = SafetensorsFiles.read(file);
    Map<String, Tensor> expected = NumpyFiles.readArchive(golden);
    assertEquals(expected.keySet(), weights.names());
    expected.forEach(
        (name, tensor) -> {
          assertEquals(tensor.shape(), weights.get(name).shape());
          assertArrayEquals(tensor.toFloats(), weights.get(name).toFloats(), name);
        });
    assertEquals(Tensor.Type.BF16, weights.get("bfloat16").type());
    assertEquals(Tensor.Type.U16, weights.get("uint16").type());
  }

  @Test
  void aStateDictWrittenReadsBackTheSameInItsOrder() {
    Weights weights = Weights.of(CheckpointArchive.expected());
    Path file = folder.resolve("state.safetensors");
    SafetensorsFiles.write(file, weights);
    Weights read = SafetensorsFiles.read(file);
    assertEquals(weights, read);
    assertEquals(List.copyOf(weights.names()), List.copyOf(read.names()));
  }

  @Test
  void weightsOfTheZooAreWrittenUnderTheNamesAndShapesOfTorchvision() {
    Graph graph = Zoo.variant("shufflenet_v2_x0_5").build(Settings.defaults().withClasses(10));
    Path file = folder.resolve("zoo.safetensors");
    SafetensorsFiles.write(file, Formula.weights(graph, 1));
    Map<String, Shape> found = new LinkedHashMap<>();
    SafetensorsFiles.read(file).tensors().forEach((name, t) -> found.put(name, t.shape()));
    Map<String, Shape> torchvision = new LinkedHashMap<>();
    CheckpointArchive.expected().forEach((name, t) -> torchvision.put(name, t.shape()));
    assertEquals(torchvision, found);
    assertEquals(List.copyOf(torchvision.keySet()), List.copyOf(found.keySet()));
  }

  @Test
  void everyTensorWrittenIsAlignedToItsElements() throws IOException {
    Map<String, byte[]> forms = TestFiles.unzip("checkpoints/forms.zip");
    Path file = Files.write(folder.resolve("types"), forms.get("types.safetensors"));
    Path copy = folder.resolve("copy");
    SafetensorsFiles.write(copy, SafetensorsFiles.read(file), Map.of("note", "a \"quoted\" text"));
    assertEquals(SafetensorsFiles.read(file), SafetensorsFiles.read(copy));
    byte[] bytes = Files.readAllBytes(copy);
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    assertEquals(0, (8 + length) % 8);
    assertTrue(header.startsWith("{\"__metadata__\":{\"note\":\"a \\\"quoted\\\" text\"}"), header);
    SafetensorsFiles.read(copy)
        .tensors()
        .forEach(
            (name, tensor) -> {
              String offset =
                  header.replaceFirst(
                      "(?s).*\"" + name + "\":[^}]*data_offsets\":\\[([0-9]+),.*", "$1");
              assertEquals(0, Long.parseLong(offset) % tensor.type().bytes(), name);
            });
  }

  @Test
  void writingOverAFileLeavesNothingBesideIt() throws IOException {
    Path file = folder.resolve("state.safetensors");
    SafetensorsFiles.write(file, Weights.of(Map.of("a", Tensor.counter(1))));
    SafetensorsFiles.write(file, Weights.of(Map.of("a", Tensor.counter(2))));
    assertEquals(2, SafetensorsFiles.read(file).get("a").toLongs()[0]);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void aFolderThatDoesNotExistIsNamed() {
    Path file = folder.resolve("missing").resolve("w.safetensors");
    Weights weights = Weights.of(Map.of("a", Tensor.counter(1)));
    String message = TestFiles.refusal(() -> SafetensorsFiles.write(file, weights));
    assertTrue(message.contains("missing"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]} | plain JSON",
        "[] | START_OBJECT belongs",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | without type, shape or place",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | a gap or an overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 8 bytes behind its"
            + " header",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | needs 12",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | along axis 0",
        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}} | 'F8_E4M3'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | unknown key",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            + " | a gap or an overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            + " | plain JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}} |"
            + " beyond 2^63",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}x | plain JSON"
      })
  void aDamagedHeaderIsRefusedInOneSentenceThatSaysWhy(String header, String reason)
      throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(16 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    Path file = Files.write(folder.resolve("damaged.safetensors"), bytes.array());
    String message = TestFiles.refusal(() -> SafetensorsFiles.read(file));
    assertTrue(message.contains(reason), message);
  }
}
