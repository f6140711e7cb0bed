package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "efficientnet_lite0 efficientnet_pytorch",
        "efficientnet_lite0 rangilyu",
        "mobilenet_v2_100 tonylins",
        "mobilenet_v2_050 d-li14"
      })
  void otherProjectsNamesAreTranslatedEntryByEntry(String spelling) {
    Graph graph = Zoo.variant(spelling.split(" ")[0]).build();
    Weights foreign = numbered(spelling);
    for (String prefix : List.of("", "module.", "model.module.")) {
      Weights adapted = EntryNames.adapt(graph, renamed(foreign, name -> prefix + name));
      assertSame(adapted, adapted.check(graph));
      // These projects register their modules in the graph's order, so the numbers stay in theirs.
      int[] numbers =
          adapted.tensors().values().stream().mapToInt(EntryNamesTest::number).toArray();
      assertArrayEquals(IntStream.range(0, numbers.length).toArray(), numbers);
    }
  }

  @Test
  void aWrappersPrefixIsTakenOffAndNothingElseChanges() {
    Graph graph = Zoo.variant("cbam_resnet18").build();
    Weights weights = InitialWeights.of(graph, 1);
    assertEquals(weights, EntryNames.adapt(graph, renamed(weights, name -> "module." + name)));
    assertEquals(
        weights, EntryNames.adapt(graph, renamed(weights, name -> "_orig_mod.module." + name)));
    assertEquals(weights, EntryNames.adapt(graph, weights));
  }

  @Test
  void countersMayBeMissing() {
    Graph graph = Zoo.variant("mobilenet_v2_100").build();
    Map<String, Tensor> old = new LinkedHashMap<>(numbered("mobilenet_v2_100 tonylins").tensors());
    old.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    EntryNames.adapt(graph, Weights.of(old)).check(graph);
  }

  @Test
  void anEntryThatNoTranslationKnowsStaysAndIsReported() {
    Graph graph = Zoo.variant("efficientnet_lite0").build();
    Map<String, Tensor> more =
        new LinkedHashMap<>(numbered("efficientnet_lite0 efficientnet_pytorch").tensors());
    more.put("_swish.beta", Tensor.of(Shape.of(1), 1));
    more.remove("_fc.bias");
    Weights.Mismatch mismatch =
        assertThrows(
            Weights.Mismatch.class, () -> EntryNames.adapt(graph, Weights.of(more)).check(graph));
    assertEquals(List.of("_swish.beta"), mismatch.unexpected());
    assertEquals(List.of("classifier.bias"), mismatch.missing());
  }

  @Test
  void weightsOfAnotherNetworkComeBackAsTheyWere() {
    Graph graph = Zoo.variant("ghostnet_100").build();
    Weights hybrid = InitialWeights.of(Zoo.variant("hybridsn_salinas").build(), 1);
    assertSame(hybrid, EntryNames.adapt(graph, hybrid));
    assertThrows(Weights.Mismatch.class, () -> hybrid.check(graph));
    Weights none = Weights.of(Map.of());
    assertSame(none, EntryNames.adapt(graph, none));
  }

  @Test
  void theSettingsThatWeightsFitAreFound() {
    Variant large = Zoo.variant("mobilenet_v3_large_100");
    Settings timm = Settings.defaults().with("dialect", "timm");
    Weights weights = InitialWeights.of(large.build(timm.withClasses(12)), 1);
    assertEquals(timm.withClasses(12), large.fitting(Settings.defaults(), weights).orElseThrow());
    Weights own = InitialWeights.of(large.build(), 1);
    assertEquals(Settings.defaults(), large.fitting(Settings.defaults(), own).orElseThrow());
    assertTrue(Zoo.variant("ghostnet_100").fitting(Settings.defaults(), own).isEmpty());
    assertTrue(large.fitting(Settings.defaults(), Weights.of(Map.of())).isEmpty());
  }

  private static Weights renamed(Weights weights, UnaryOperator<String> change) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> tensors.put(change.apply(name), tensor));
    return Weights.of(tensors);
  }

  /** The entries of a spelling, each beginning with its number. */
  private static Weights numbered(String spelling) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : spellings()) {
      String[] words = line.split(" ");
      if (words[0].equals("spelling")) {
        inside = line.equals("spelling " + spelling);
      } else if (inside) {
        int number = tensors.size();
        Shape shape = words[1].equals("scalar") ? Shape.of() : Shape.parse(words[1]);
        float[] values = new float[shape.elements()];
        values[0] = number;
        tensors.put(
            words[0], shape.rank() == 0 ? Tensor.counter(number) : Tensor.of(shape, values));
      }
    }
    return Weights.of(tensors);
  }

  private static int number(Tensor tensor) {
    return (int) tensor.toLongs()[0];
  }

  private static List<String> spellings() {
    try (InputStream stream = EntryNamesTest.class.getResourceAsStream("spellings.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
