package dev.kinglet.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("net", Shape.of(16, 8, 8));
    Node conv =
        builder.add("conv", new Op.Conv(64, Window.square(3, 1), 1, false), builder.input());
    return builder.build(builder.add("bn", new Op.BatchNorm(), conv));
  }

  @Test
  void aConvolutionBeginsWithTheVarianceOfKaimingsFanOut() {
    float[] weight = InitialWeights.of(graph(), 1).floats("conv.weight");
    double squares = 0;
    for (float value : weight) {
      squares += value * value;
    }
    assertEquals(2.0 / (64 * 9), squares / weight.length, 0.1 * 2.0 / (64 * 9));
  }

  @Test
  void theSeedAloneDecides() {
    assertEquals(InitialWeights.of(graph(), 1), InitialWeights.of(graph(), 1).check(graph()));
    assertNotEquals(InitialWeights.of(graph(), 1), InitialWeights.of(graph(), 2));
  }
}
