package dev.kinglet.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import dev.kinglet.zoo.Zoo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidelinesTest {
  @ParameterizedTest(name = "{0} to {1} channels")
  @CsvSource({
    "128, 128, 51380224, 819200",
    "90, 180, 50803200, 862920",
    "52, 312, 50878464, 1157728",
    "36, 432, 48771072, 1483200"
  })
  void theFirstTableOfThePaperIsReproduced(int in, int out, long macs, long access) {
    Pointwise layer = only(in, out, 1);
    assertEquals(macs, layer.macs());
    assertEquals(access, layer.access());
    assertTrue(layer.access() >= layer.leastAccess() - 1e-6);
  }

  @ParameterizedTest(name = "{1} groups of {0} channels")
  @CsvSource({"128, 1, 819200", "180, 2, 1145160", "256, 4, 1622016", "360, 8, 2274120"})
  void theSecondTableOfThePaperIsReproduced(int channels, int groups, long access) {
    assertEquals(access, only(channels, channels, groups).access());
  }

  @Test
  void equalWidthsHaveTheLeastAccessAndOthersMore() {
    assertEquals(1, only(128, 128, 1).excess(), 1e-12);
    assertTrue(only(90, 180, 1).excess() > 1.03);
    assertTrue(only(36, 432, 1).excess() > only(52, 312, 1).excess());
    assertTrue(only(360, 360, 8).excess() > only(180, 180, 2).excess());
  }

  @Test
  void theNetworksBreakTheGuidelinesThatThePaperSaysTheyBreak() {
    Guidelines shuffle2 = of("shufflenet_v2_x1_0");
    Guidelines shuffle1 = of("shufflenet_v1_g3_x1_0");
    Guidelines mobile2 = of("mobilenet_v2_100");
    // Section 2: ShuffleNetV1 by groups and bottlenecks, MobileNetV2 by inverted bottlenecks.
    assertEquals(1, shuffle2.groups());
    assertTrue(shuffle1.groups() > 1.5, () -> "G2 " + shuffle1.groups());
    assertTrue(mobile2.unequalWidths() > 1.2, () -> "G1 " + mobile2.unequalWidths());
    assertTrue(shuffle2.unequalWidths() < 1.05, () -> "G1 " + shuffle2.unequalWidths());
    assertTrue(mobile2.depthwiseWeight() > 1, () -> "G4 " + mobile2.depthwiseWeight());
    assertTrue(of("se_inception").branches() == 4);
    assertTrue(mobile2.elementwiseBytes() > shuffle2.elementwiseBytes());
  }

  private static Guidelines of(String variant) {
    return Guidelines.of(Zoo.variant(variant).build());
  }

  private static Pointwise only(int in, int out, int groups) {
    GraphBuilder builder = new GraphBuilder("layer", Shape.of(in, 56, 56));
    Node conv =
        builder.add("conv", new Op.Conv(out, Window.square(1, 1), groups, false), builder.input());
    Graph graph = builder.build(conv);
    Pointwise layer = Guidelines.of(graph).pointwise().getFirst();
    assertEquals(graph.macs(), layer.macs());
    assertEquals(
        MemoryAccess.bytes(graph), 4 * layer.access(), "the report and the summary count alike");
    return layer;
  }
}
