package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast the statistics of batch norms follow the batches. */
class NormMomentumTest {
  /** Two samples of two channels; the means are 4 and 20. */
  private static final float[] BATCH = {1, 3, 10, 10, 5, 7, 20, 40};

  @ParameterizedTest
  @CsvSource({"0, 0.01", "0.1, 0.1", "1, 1"})
  void aBatchHasTheShareThatWasChosenOrElseTheNetworksOwn(double chosen, double share) {
    GraphBuilder builder = new GraphBuilder("norm", Shape.of(2, 1, 2));
    Graph graph = builder.build(builder.add("bn", new Op.BatchNorm(1e-3f, 0.01f), builder.input()));
    TorchNetwork network = new TorchNetwork(graph, InitialWeights.of(graph, 1));
    network.normMomentum(chosen);
    try (PointerScope _ = new PointerScope()) {
      network.forward(TorchTensors.of(BATCH, 2, 2, 1, 2), true);
    }
    float[] mean = network.weights().floats("bn.running_mean");
    float[] variance = network.weights().floats("bn.running_var");
    assertArrayEquals(new float[] {(float) (4 * share), (float) (20 * share)}, mean, 1e-5f);
    // Of the values 1, 3, 5, 7 and 10, 10, 20, 40, divided by one less than their number.
    float[] expected = {(float) (1 - share + 20 / 3.0 * share), (float) (1 - share + 200 * share)};
    assertArrayEquals(expected, variance, 1e-3f);
  }
}
