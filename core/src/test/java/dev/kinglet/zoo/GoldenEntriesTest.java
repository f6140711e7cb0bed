package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kinglet.golden.Formula;
import dev.kinglet.golden.Goldens;
import dev.kinglet.golden.Goldens.Golden;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenEntriesTest {
  static List<Golden> goldens() {
    return Stream.concat(Goldens.all().stream(), Goldens.more().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyEntryHasPyTorchsNameShapeAndPlace(Golden golden) {
    Graph graph = golden.graph();
    assertEquals(
        lines(
            golden.entries().entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toList()),
        lines(graph.parameters().stream().map(p -> p.name() + " " + p.shape()).toList()));
    assertEquals(golden.parameters(), graph.parameterCount());
    assertEquals(golden.batch(), graph.input().shape().prepend(golden.samples()));
    assertEquals(Shape.of(golden.classes()), graph.output().shape());
  }

  private static String lines(List<String> entries) {
    return String.join("\n", entries);
  }

  @Test
  void thereAreThirtyFourGoldens() {
    assertEquals(34, Goldens.all().size());
  }

  @Test
  void theFormulaGivesThePublishedValues() {
    // numpy, by the formula's own Python.
    assertArrayEquals(
        new float[] {-0.8043633699417114f, 0.30472075939178467f, -0.5927515029907227f},
        Arrays.copyOf(Formula.input(Shape.of(1, 3, 2, 2)), 3));
    assertValues("bn1.weight", Shape.of(2), true, 0.9301019906997681f, 1.1622045040130615f);
    assertValues("bn1.running_var", Shape.of(2), true, 1.1423075199127197f, 1.2867534160614014f);
    assertValues(
        "bn1.running_mean", Shape.of(2), true, 0.09377997368574142f, 0.040247466415166855f);
    assertValues("fc.bias", Shape.of(2), false, -0.00446974067017436f, -0.0038536430802196264f);
    assertValues(
        "conv.weight", Shape.of(2, 3, 3, 3), false, -0.452730268239975f, 0.2091967761516571f);
  }

  private static void assertValues(String name, Shape shape, boolean norm, float... last) {
    float[] found = Formula.tensor(name, shape, norm, 1.15).toFloats();
    assertArrayEquals(last, Arrays.copyOfRange(found, found.length - 2, found.length), name);
  }

  @Test
  void aParameterOfEveryRoleIsNamed() {
    Graph graph = Zoo.variant("mobilenet_v2_100").build();
    assertEquals(314, graph.parameters().size());
    assertEquals(
        52, graph.parameters().stream().filter(p -> p.role() == Parameter.Role.COUNTER).count());
  }
}
