package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Options;
import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks as PyTorch's two exporters write them, against the logits that ONNX Runtime gave for the
 * input by formula. Three files lie beside the test, the others among the shared data.
 */
class ForeignNetworksTest {
  private static final Path SHARED =
      Path.of(System.getProperty("kinglet.shared", "../../shared"), "onnx");

  static Stream<String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String name :
        List.of(
            "shufflenet_v1_g3_x0_5.script_opset13.onnx",
            "mobilenet_v3_small_050.script_opset13.onnx",
            "shufflenet_v2_x0_5.dynamo.onnx")) {
      found.put(name, OnnxFiles.resource(name).toString());
    }
    if (Files.isDirectory(SHARED)) {
      try (Stream<Path> files = Files.list(SHARED)) {
        files
            .filter(file -> file.toString().endsWith(".onnx"))
            .forEach(file -> found.putIfAbsent(file.getFileName().toString(), file.toString()));
      }
    } else {
      System.out.println("Only three of the exported networks are tested: no folder " + SHARED);
    }
    return found.values().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void anExportedNetworkGivesTheLogitsOfOnnxRuntime(String file) throws IOException {
    OnnxModel model = OnnxReader.read(Path.of(file));
    String title = Path.of(file).getFileName().toString();
    float[] expected = logits().get(title.substring(0, title.indexOf('.')));
    float[] input = Formula.input(model.graph().input().shape().prepend(1));
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (Options options : Engines.all()) {
      float[] found = Engine.compile(model.graph(), model.weights(), options).session().run(input);
      assertEquals(expected.length, found.length);
      for (int i = 0; i < found.length; i++) {
        assertTrue(
            Math.abs(expected[i] - found[i]) <= 2e-5 * Math.max(1, largest),
            Engines.name(options) + ": expected " + expected[i] + ", found " + found[i]);
      }
    }
  }

  @Test
  void spelledOutOperatorsAreRecognised() throws IOException {
    assertEquals(
        Map.of("Shuffle", 16, "Transpose", 0, "Reshape", 1),
        count("shufflenet_v1_g3_x0_5.script_opset13.onnx"));
    assertEquals(
        Map.of("Shuffle", 16, "Transpose", 0, "Reshape", 1),
        count("shufflenet_v2_x0_5.dynamo.onnx"));
    OnnxModel model =
        OnnxReader.read(OnnxFiles.resource("mobilenet_v3_small_050.script_opset13.onnx"));
    long swishes =
        model.graph().nodes().stream()
            .filter(node -> node.op().equals(new Op.Activation(Op.Function.HARD_SWISH)))
            .count();
    assertEquals(19, swishes);
  }

  private static Map<String, Integer> count(String file) {
    Map<String, Integer> counts =
        new LinkedHashMap<>(Map.of("Shuffle", 0, "Transpose", 0, "Reshape", 0));
    for (Node node : OnnxReader.read(OnnxFiles.resource(file)).graph().nodes()) {
      counts.computeIfPresent(node.op().getClass().getSimpleName(), (_, n) -> n + 1);
    }
    return counts;
  }

  private static Map<String, float[]> logits() throws IOException {
    Map<String, float[]> all = new LinkedHashMap<>();
    try (InputStream in = ForeignNetworksTest.class.getResourceAsStream("logits.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        String name = words.removeFirst();
        float[] values = new float[words.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.parseFloat(words.get(i));
        }
        all.put(name, values);
      }
    }
    return all;
  }
}
