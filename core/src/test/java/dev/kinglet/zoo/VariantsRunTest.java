package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VariantsRunTest {
  static List<Variant> variants() {
    return Zoo.variants();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantRunsAtASmallOddInputAlikeOnBothEngines(Variant variant) {
    Shape input = variant.input();
    Settings settings =
        slim(variant)
            .withInput(input.rank() == 3 ? Shape.of(3, 45, 37) : Shape.of(1, 13, 9, 11))
            .withClasses(3);
    run(variant.build(settings));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everySmallFormRuns(Variant variant) {
    if (has(variant, "stem")) {
      run(variant.build(slim(variant).with("stem", "small").withClasses(10)));
    }
  }

  /** At a quarter of the width, where there is a choice: the test is about structure. */
  private static Settings slim(Variant variant) {
    Settings settings = Settings.defaults();
    return has(variant, "width") ? settings.with("width", "0.25") : settings;
  }

  private static boolean has(Variant variant, String key) {
    return variant.settings().stream().anyMatch(setting -> setting.key().equals(key));
  }

  private static void run(Graph graph) {
    Weights weights = Formula.weights(graph, 0.9);
    float[] input = Formula.input(graph.input().shape().prepend(2));
    float[] java = answer(graph, weights, Options.defaults().withBackend(Backend.JAVA), input);
    float[] best = answer(graph, weights, Options.defaults(), input);
    assertEquals(2 * graph.output().shape().elements(), java.length);
    double largest = 1;
    for (float value : java) {
      assertTrue(Float.isFinite(value), graph.name());
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < java.length; i++) {
      assertEquals(java[i], best[i], 1e-3 * largest, graph.name());
    }
  }

  private static float[] answer(Graph graph, Weights weights, Options options, float[] input) {
    return Engine.compile(graph, weights, options).session(2).run(input);
  }
}
