package dev.kinglet.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ZooTest {
  static List<Variant> variants() {
    return Zoo.variants();
  }

  @Test
  void everyNameStandsForOneVariant() {
    Set<String> names = new HashSet<>();
    for (Variant variant : Zoo.variants()) {
      assertTrue(names.add(variant.name()), variant.name());
      assertEquals(variant, Zoo.variant(variant.name()));
    }
    assertEquals(69, names.size());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantHasThePublishedCounts(Variant variant) {
    Graph graph = variant.build();
    variant
        .published()
        .parameters()
        .ifPresent(count -> assertEquals(count, graph.parameterCount()));
    variant.published().macs().ifPresent(count -> assertEquals(count, graph.macs()));
    assertEquals(variant.input(), graph.input().shape());
    assertEquals(Shape.of(variant.classes()), graph.output().shape());
    assertEquals(variant.name(), graph.name());
  }

  @Test
  void onlyShuffleNetsWhoseRoundingIsOursHaveNoPublishedCount() {
    assertEquals(
        List.of(
            "shufflenet_v1_g1_x1_5",
            "shufflenet_v1_g2_x0_5",
            "shufflenet_v1_g2_x1_5",
            "shufflenet_v1_g4_x0_5",
            "shufflenet_v1_g4_x1_5"),
        Zoo.variants().stream()
            .filter(variant -> variant.published().parameters().isEmpty())
            .map(Variant::name)
            .toList());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyValueOfEverySettingBuildsOrIsRefusedInOneSentence(Variant variant) {
    Random random = new Random(variant.name().hashCode());
    for (Setting setting : variant.settings()) {
      switch (setting.values()) {
        case Setting.Values.Words words -> {
          for (String word : words.words()) {
            variant.build(Settings.defaults().with(setting.key(), word));
          }
        }
        case Setting.Values.Decimal decimal -> {
          for (int i = 0; i < 4; i++) {
            double value =
                decimal.least() + random.nextDouble() * (decimal.most() - decimal.least());
            build(variant, setting.key(), "%.3f".formatted(value));
          }
        }
        case Setting.Values.Whole whole -> {
          build(variant, setting.key(), Integer.toString(whole.least()));
          build(variant, setting.key(), Integer.toString(random.nextInt(whole.least(), 60)));
        }
      }
    }
  }

  private static void build(Variant variant, String key, String value) {
    try {
      variant.build(Settings.defaults().with(key, value));
    } catch (InvalidInputException e) {
      assertTrue(e.getMessage().startsWith(variant.name()), e.getMessage());
      assertTrue(e.getMessage().endsWith("."), e.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantBuildsAtOddInputsWithOtherClassesAndChannels(Variant variant) {
    Shape input = variant.input();
    Shape odd = input.rank() == 3 ? Shape.of(1, 71, 97) : Shape.of(1, input.size(1) + 1, 13, 18);
    Graph graph = variant.build(Settings.defaults().withInput(odd).withClasses(7));
    assertEquals(Shape.of(7), graph.output().shape());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void inferenceAndTrainingHaveTheSameParameters(Variant variant) {
    Graph plain = variant.build();
    assertFalse(plain.parameters().isEmpty());
    if (variant.settings().stream().anyMatch(setting -> setting.key().equals("dropout"))) {
      Graph dry = variant.build(Settings.defaults().with("dropout", "0"));
      Graph wet = variant.build(Settings.defaults().with("dropout", "0.5"));
      assertEquals(dry.parameters(), wet.parameters());
      assertTrue(dry.nodes().stream().noneMatch(node -> node.op() instanceof Op.Dropout));
      assertTrue(wet.nodes().stream().anyMatch(node -> node.op() instanceof Op.Dropout));
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void theSmallFormEndsAtFourByFour(Variant variant) {
    if (variant.settings().stream().noneMatch(setting -> setting.key().equals("stem"))) {
      return;
    }
    Graph graph = variant.build(Settings.defaults().with("stem", "small"));
    assertEquals(Shape.of(3, 32, 32), graph.input().shape());
    Shape last =
        graph.nodes().reversed().stream()
            .map(Node::shape)
            .filter(shape -> shape.rank() == 3 && shape.height() > 1)
            .findFirst()
            .orElseThrow();
    assertEquals(4, last.height());
    assertEquals(4, last.width());
  }

  @Test
  void anUnknownVariantIsAnsweredWithTheClosestNames() {
    assertRefused(
        "There is no variant 'mobilenetv2_100'; did you mean mobilenet_v2_100 or mobilenet_v1_100"
            + " or mobilenet_v2_140? 'kinglet list' names all.",
        () -> Zoo.variant("mobilenetv2_100"));
  }

  @Test
  void anUnknownSettingIsAnsweredWithAllThatExist() {
    assertRefused(
        "ghostnet_100 has no setting 'widht'; it has width (a number from 0.05 to 8), stem"
            + " (standard or small), dropout (a number from 0 to 0.99), softmax (true or false).",
        () -> Zoo.variant("ghostnet_100").build(Settings.defaults().with("widht", "1")));
  }

  @Test
  void anUnknownValueIsAnsweredWithTheLegalOnes() {
    assertRefused(
        "The setting dialect of mobilenet_v2_100 cannot be 'caffe'; it is torchvision, timm, tf or"
            + " keras.",
        () -> Zoo.variant("mobilenet_v2_100").build(Settings.defaults().with("dialect", "caffe")));
    for (String value : List.of("NaN", "1e3", "-1", "0x1p3", "", "1f", "9", "0.01", "１")) {
      assertRefused(
          "The setting width of ghostnet_100 cannot be '"
              + value
              + "'; it is a number from 0.05 to 8.",
          () -> Zoo.variant("ghostnet_100").build(Settings.defaults().with("width", value)));
    }
  }

  @Test
  void anInputThatIsTooSmallIsAnsweredWithTheSmallest() {
    assertRefused(
        "ghostnet_v2_100 needs an input of at least 3x33x33, but was given 3x32x64.",
        () -> build("ghostnet_v2_100", Shape.of(3, 32, 64)));
    Zoo.variant("ghostnet_v2_100").build(Settings.defaults().withInput(Shape.of(3, 33, 33)));
    assertRefused(
        "se_inception needs an input of at least 3x11x11, but was given 3x5x5.",
        () -> build("se_inception", Shape.of(3, 5, 5)));
    assertRefused(
        "mobilenet_v2_100 takes samples such as 3x224x224, but was given 224x224.",
        () -> build("mobilenet_v2_100", Shape.of(224, 224)));
    assertRefused(
        "hybridsn_salinas cannot be built with these settings: it needs at least 13 bands and a"
            + " window of 9 x 9, but was given 1x12x25x25.",
        () -> build("hybridsn_salinas", Shape.of(1, 12, 25, 25)));
  }

  @Test
  void aWidthThatLeavesABranchWithoutChannelsIsRefused() {
    assertRefused(
        "shufflenet_v1_g3_x1_0 cannot be built with these settings: at this width stage 2 has 12"
            + " channels and the stem before it 12; choose a larger width.",
        () ->
            Zoo.variant("shufflenet_v1_g3_x1_0").build(Settings.defaults().with("width", "0.05")));
    assertRefused(
        "shufflenet_v2_x0_5 cannot be built with these settings: at this width stage 2 has 24"
            + " channels and the stem before it 24; choose a larger width.",
        () ->
            Zoo.variant("shufflenet_v2_x0_5")
                .build(Settings.defaults().with("width", "0.25").with("dialect", "megvii")));
  }

  @Test
  void anInputThatNoArrayCanHoldIsRefused() {
    assertRefused(
        "mobilenet_v2_100 cannot be built with these settings: A tensor of [32, 13000, 13000] has"
            + " more than 2^31 - 1 elements; use smaller sizes.",
        () -> build("mobilenet_v2_100", Shape.of(3, 26000, 26000)));
  }

  @Test
  void bandsAndWindowMustAgreeWithTheInput() {
    Settings settings = Settings.defaults().with("bands", "20");
    assertEquals(
        Shape.of(1, 20, 25, 25), Zoo.variant("hybridsn_salinas").build(settings).input().shape());
    assertRefused(
        "hybridsn_salinas with these bands and window takes 1x20x25x25, but was given 1x15x25x25;"
            + " give either an input or bands and window.",
        () -> Zoo.variant("hybridsn_salinas").build(settings.withInput(Shape.of(1, 15, 25, 25))));
  }

  @Test
  void noClassesAreRefused() {
    assertRefused(
        "resnet18 needs at least one class, but was asked for 0.",
        () -> Zoo.variant("resnet18").build(Settings.defaults().withClasses(0)));
  }

  private static void build(String variant, Shape input) {
    Zoo.variant(variant).build(Settings.defaults().withInput(input));
  }

  private static void assertRefused(String sentence, org.junit.jupiter.api.function.Executable e) {
    assertEquals(sentence, assertThrows(InvalidInputException.class, e).getMessage());
  }
}
