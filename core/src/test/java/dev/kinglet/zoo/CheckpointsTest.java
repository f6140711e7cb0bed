package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.Recipe;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointsTest {
  static Stream<Arguments> checkpoints() {
    return Zoo.variants().stream()
        .flatMap(
            variant ->
                variant.checkpoints().stream()
                    .map(checkpoint -> Arguments.of(variant, checkpoint)));
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("checkpoints")
  void everyCheckpointsSettingsBuildItsNetworkAtItsRecipesSize(
      Variant variant, Checkpoint checkpoint) {
    Recipe recipe = Recipe.named(checkpoint.recipe());
    Settings settings = Settings.defaults().withInput(recipe.output());
    for (var option : checkpoint.options().entrySet()) {
      settings = settings.with(option.getKey(), option.getValue());
    }
    Graph graph = variant.build(settings);
    assertEquals(Shape.of(1000), graph.output().shape());
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("checkpoints")
  void addressesAndHashesAreWhatAPublisherGives(Variant variant, Checkpoint checkpoint) {
    checkpoint
        .address()
        .ifPresent(
            address -> {
              assertTrue(address.startsWith("https://"), address);
              assertTrue(address.endsWith("/" + checkpoint.file()), address);
            });
    checkpoint.sha256().ifPresent(hash -> assertTrue(hash.matches("[0-9a-f]{8,64}"), hash));
    assertTrue(checkpoint.options().keySet().stream().allMatch("dialect"::equals));
  }

  @Test
  void aHashIsReadOutOfTheNameAsTorchHubDoes() {
    Checkpoint file = Zoo.variant("shufflenet_v2_x0_5").checkpoints().getFirst();
    assertEquals("f707e7126e", file.sha256().orElseThrow());
    assertEquals(
        "https://download.pytorch.org/models/shufflenetv2_x0.5-f707e7126e.pth",
        file.address().orElseThrow());
  }

  @Test
  void noFileIsListedTwice() {
    Set<String> files = new HashSet<>();
    checkpoints().forEach(row -> assertTrue(files.add(((Checkpoint) row.get()[1]).file())));
    assertEquals(45, files.size());
  }
}
