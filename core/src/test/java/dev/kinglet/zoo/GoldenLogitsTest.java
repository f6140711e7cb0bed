package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.golden.Formula;
import dev.kinglet.golden.Goldens;
import dev.kinglet.golden.Goldens.Golden;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Weights;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenLogitsTest {
  static List<Golden> goldens() {
    return Stream.concat(Goldens.all().stream(), Goldens.more().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void theLogitsArePyTorchsOnEveryEngine(Golden golden) {
    Graph graph = golden.graph();
    Weights weights = Formula.weights(graph, golden.gain());
    float[] input = golden.input();
    for (Options options : Engines.all()) {
      Plan plan = Engine.compile(graph, weights, options);
      double difference = golden.difference(plan.session(golden.samples()).run(input));
      assertTrue(
          difference <= golden.tolerance(),
          () ->
              "%s by %s differs by %s, allowed are %s"
                  .formatted(golden, Engines.name(options), difference, golden.tolerance()));
    }
  }
}
