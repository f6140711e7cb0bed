package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.golden.Goldens;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks of the zoo in LibTorch's hands, in evaluation mode, against PyTorch's logits. */
class GoldenLogitsTest {
  static Stream<Goldens.Golden> goldens() {
    return Goldens.all().stream();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void evaluationGivesTheLogitsOfPyTorch(Goldens.Golden golden) {
    TorchNetwork network = new TorchNetwork(golden.graph(), golden.weights());
    float[] logits = network.predict(golden.input(), golden.samples());
    double difference = golden.difference(logits);
    assertTrue(difference <= golden.tolerance(), difference + " is above " + golden.tolerance());
  }
}
