package dev.kinglet.formats.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.TestFiles;
import dev.kinglet.formats.WeightFiles;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against files that PyTorch 2.15 wrote, see {@code src/test/python/torch_forms.py}. */
class PytorchFilesTest {
  private static Map<String, byte[]> forms;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    forms = TestFiles.unzip("checkpoints/forms.zip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state",
        "everything",
        "types",
        "strides",
        "shared",
        "parameters",
        "module_prefix",
        "compiled_prefix",
        "averaged",
        "nested",
        "model_and_ema",
        "only_ema",
        "with_notes",
        "protocol2",
        "protocol3",
        "protocol4",
        "protocol5",
        "legacy_state",
        "legacy_everything",
        "legacy_types",
        "legacy_strides",
        "legacy_shared",
        "legacy_parameters",
        "legacy_protocol4"
      })
  void everyFormGivesTheTensorsThatPytorchReads(String form) throws IOException {
    Weights weights = WeightFiles.read(write(form + ".pth"));
    Map<String, Tensor> expected = NumpyFiles.readArchive(write(form + ".npz"));
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(weights.names()));
    for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
      Tensor found = weights.get(entry.getKey());
      assertEquals(entry.getValue().shape(), found.shape(), entry.getKey());
      assertArrayEquals(entry.getValue().toFloats(), found.toFloats(), entry.getKey());
    }
  }

  @Test
  void tensorsKeepTheTypeTheyWereSavedIn() throws IOException {
    Weights weights = WeightFiles.read(write("types.pth"));
    assertEquals(Tensor.Type.F32, weights.get("float32").type());
    assertEquals(Tensor.Type.F16, weights.get("float16").type());
    assertEquals(Tensor.Type.BF16, weights.get("bfloat16").type());
    assertEquals(Tensor.Type.F64, weights.get("float64").type());
    assertEquals(Tensor.Type.I8, weights.get("int8").type());
    assertEquals(Tensor.Type.U8, weights.get("uint8").type());
    assertEquals(Tensor.Type.I16, weights.get("int16").type());
    assertEquals(Tensor.Type.U16, weights.get("uint16").type());
    assertEquals(Tensor.Type.I32, weights.get("int32").type());
    assertEquals(Tensor.Type.I64, weights.get("int64").type());
    assertEquals(Tensor.Type.BOOL, weights.get("bool").type());
  }

  @ParameterizedTest
  @CsvSource({
    "whole_module, __main__.Net",
    "module_inside, __main__.Net",
    "single_tensor, a single tensor",
    "list, a list",
    "number, no tensors",
    "empty_dictionary, no tensors",
    "two_sets, several sets of weights",
    "complex, torch.ComplexFloatStorage",
    "sparse, torch._utils._rebuild_sparse_tensor",
    "subclass, __main__.Special",
    "numpy_arrays, 'a.weight'",
    "opaque_among, argparse.Namespace"
  })
  void whatHoldsNoPlainTensorsIsRefusedInOneSentenceThatSaysWhy(String form, String reason)
      throws IOException {
    Path file = write("refused_" + form + ".pth");
    String message = TestFiles.refusal(() -> WeightFiles.read(file));
    assertTrue(message.contains(reason), message);
  }

  @Test
  void zipFilesOfBigEndianMachinesAreRefused() throws IOException {
    Map<String, byte[]> entries = TestFiles.unzip(forms.get("state.pth"));
    String name = entries.keySet().stream().filter(n -> n.endsWith("byteorder")).findAny().get();
    entries.put(name, "big".getBytes(StandardCharsets.US_ASCII));
    Path file = Files.write(folder.resolve("big.pth"), TestFiles.zip(entries));
    String message = TestFiles.refusal(() -> WeightFiles.read(file));
    assertTrue(message.contains("big-endian"), message);
  }

  @Test
  void legacyFilesOfBigEndianMachinesAreRefused() throws IOException {
    String text = new String(forms.get("legacy_state.pth"), StandardCharsets.ISO_8859_1);
    String changed = text.replaceFirst("(?s)(little_endian(?:q.)?)\u0088", "$1\u0089");
    assertNotEquals(text, changed);
    Path file =
        Files.write(folder.resolve("big.pth"), changed.getBytes(StandardCharsets.ISO_8859_1));
    String message = TestFiles.refusal(() -> WeightFiles.read(file));
    assertTrue(message.contains("big-endian"), message);
  }

  private Path write(String name) throws IOException {
    return Files.write(folder.resolve(name), forms.get(name));
  }
}
