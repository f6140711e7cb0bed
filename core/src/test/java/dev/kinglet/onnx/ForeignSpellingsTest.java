package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Options;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small networks in the spellings of TensorFlow's, Paddle's and other exporters, against the
 * answers of ONNX Runtime; {@code make_foreign.py} beside them makes both.
 */
class ForeignSpellingsTest {
  private static final Map<String, byte[]> FILES = files();

  static Stream<String> answered() {
    return FILES.keySet().stream()
        .filter(name -> name.endsWith(".txt"))
        .map(name -> name.substring(0, name.length() - 4));
  }

  @ParameterizedTest
  @MethodSource("answered")
  void aSpellingGivesTheAnswerOfOnnxRuntime(String name) {
    List<String> lines =
        new String(FILES.get(name + ".txt"), StandardCharsets.UTF_8).lines().toList();
    int batch = Integer.parseInt(lines.getFirst().split(" ")[0]);
    float[] input = numbers(lines.get(1));
    float[] expected = numbers(lines.get(3));
    OnnxModel model = read(name);
    model.weights().check(model.graph());
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    // ONNX Runtime computes half precision in half precision; we do not.
    double tolerance = name.equals("half") ? 3e-3 : 2e-5;
    for (Options options : Engines.all()) {
      float[] found =
          Engine.compile(model.graph(), model.weights(), options).session(batch).run(input);
      assertEquals(expected.length, found.length);
      for (int i = 0; i < found.length; i++) {
        assertTrue(
            Math.abs(expected[i] - found[i]) <= tolerance * largest,
            Engines.name(options) + ": " + found[i] + " instead of " + expected[i] + " at " + i);
      }
    }
  }

  @Test
  void tensorFlowsArithmeticBecomesLayers() {
    assertEquals(
        Map.of(
            "Input",
            1,
            "Transpose",
            1,
            "Conv",
            2,
            "BatchNorm",
            2,
            "RELU6",
            1,
            "GlobalPool",
            1,
            "Reshape",
            1,
            "Linear",
            1,
            "Softmax",
            1),
        count("tensorflow"));
  }

  @Test
  void spelledOutActivationsAreRecognised() {
    assertEquals(
        Map.of(
            "Input",
            1,
            "Conv",
            1,
            "HARD_SWISH",
            1,
            "GELU",
            2,
            "GELU_TANH",
            1,
            "SILU",
            1,
            "MISH",
            1),
        count("activations"));
    Map<String, Integer> paddle = count("paddle");
    assertEquals(1, paddle.get("HARD_SWISH"));
    assertEquals(2, paddle.get("HARD_SIGMOID"));
    assertEquals(1, paddle.get("Linear"));
  }

  @Test
  void whatOnlyLooksLikeAnActivationIsNotTakenForOne() {
    Map<String, Integer> counts = count("lookalikes");
    assertEquals(null, counts.get("HARD_SWISH"));
    assertEquals(null, counts.get("SILU"));
  }

  @Test
  void aShuffleByIndicesIsAShuffle() {
    assertEquals(1, count("channels").get("Shuffle"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refused_batch_value: computes with the size of the batch",
        "refused_batch_mean: works along the batch",
        "refused_batch_flat: tears the batch apart",
        "refused_operators: 3 nodes are not supported: 'Einsum_1' (Einsum, opset 13) is not"
            + " supported; 'TopK_3' (TopK, opset 13) is not supported; 'NonZero_5' (NonZero, opset"
            + " 13) is not supported."
      })
  void whatCannotBeSaidIsRefusedWithAllItsNodes(String line) {
    String[] words = line.split(": ", 2);
    String message = assertThrows(InvalidInputException.class, () -> read(words[0])).getMessage();
    assertTrue(message.contains(words[1]), message);
  }

  private static Map<String, Integer> count(String name) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Node node : read(name).graph().nodes()) {
      String kind =
          node.op() instanceof Op.Activation activation
              ? activation.function().name()
              : node.op().getClass().getSimpleName();
      counts.merge(kind, 1, Integer::sum);
    }
    return counts;
  }

  private static OnnxModel read(String name) {
    ByteBuffer bytes = ByteBuffer.wrap(FILES.get(name + ".onnx"));
    return OnnxReader.read(bytes, name, new ExternalData(null), null, true);
  }

  private static float[] numbers(String line) {
    String[] words = line.split(" ");
    float[] numbers = new float[words.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(words[i]);
    }
    return numbers;
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    try (InputStream raw = ForeignSpellingsTest.class.getResourceAsStream("foreign.zip");
        ZipInputStream zip = new ZipInputStream(raw)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return files;
  }
}
