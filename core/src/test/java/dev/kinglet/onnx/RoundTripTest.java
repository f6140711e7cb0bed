package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write, we read back equal. */
class RoundTripTest {
  @TempDir Path folder;

  static Stream<Variant> variants() {
    return Zoo.variants().stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantReadsBackEqual(Variant variant) {
    Graph graph = variant.build();
    OnnxModel model = new OnnxModel(graph, InitialWeights.of(graph, 7), Map.of("a", "b\nc"));
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(model, file, OnnxWriter.Options.defaults());
    OnnxModel read = OnnxReader.read(file);
    assertEquals(graph, read.graph());
    assertEquals(graph.name(), read.graph().name());
    assertEquals(model.weights(), read.weights());
    assertEquals(model.metadata(), read.metadata());
  }
}
