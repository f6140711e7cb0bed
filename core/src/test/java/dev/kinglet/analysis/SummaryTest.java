package dev.kinglet.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SummaryTest {
  static List<Variant> variants() {
    return Zoo.variants();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void theLayersAddUpToTheNetwork(Variant variant) {
    Graph graph = variant.build();
    Summary summary = Summary.of(graph);
    List<Summary.Layer> layers = summary.layers();
    assertEquals(graph.nodes().size(), layers.size());
    assertEquals(
        graph.parameterCount(), layers.stream().mapToLong(Summary.Layer::parameters).sum());
    assertEquals(graph.macs(), layers.stream().mapToLong(Summary.Layer::macs).sum());
    assertEquals(
        summary.memoryAccessBytes(),
        layers.stream().mapToLong(Summary.Layer::memoryAccessBytes).sum());
  }

  @Test
  void aStemsCostsAreThoseOfPaperAndPencil() {
    Summary summary = Summary.of(Zoo.variant("mobilenet_v1_100").build());
    Summary.Layer stem = summary.layers().get(1);
    assertEquals("conv_stem", stem.name());
    assertEquals(Shape.of(32, 112, 112), stem.output());
    assertEquals(3 * 3 * 3 * 32, stem.parameters());
    assertEquals(3L * 3 * 3 * 32 * 112 * 112, stem.macs());
    assertEquals(4L * (3 * 224 * 224 + 32 * 112 * 112 + 3 * 3 * 3 * 32), stem.memoryAccessBytes());
  }
}
