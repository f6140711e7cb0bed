package dev.kinglet.zoo;

import dev.kinglet.graph.InvalidInputException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The registry of all networks. */
public final class Zoo {
  private static final List<Variant> VARIANTS =
      Stream.of(
              MobileNetV1.variants(),
              MobileNetV2.variants(),
              MobileNetV3.variants(),
              ShuffleNetV1.variants(),
              ShuffleNetV2.variants(),
              GhostNet.variants(),
              EfficientNetLite.variants(),
              ResNet.variants(),
              SeResNet.variants(),
              SeInception.variants(),
              CbamResNet.variants(),
              HybridSn.variants(),
              TutorialMobileNetV2.variants(),
              TutorialShuffleNetV2.variants())
          .flatMap(List::stream)
          .toList();

  private static final Map<String, Variant> BY_NAME = new LinkedHashMap<>();

  static {
    VARIANTS.forEach(variant -> BY_NAME.put(variant.name(), variant));
  }

  private Zoo() {}

  /** Every variant, family by family. */
  public static List<Variant> variants() {
    return VARIANTS;
  }

  /**
   * The variant of this name.
   *
   * @throws InvalidInputException if there is none; names the closest ones
   */
  public static Variant variant(String name) {
    Variant variant = BY_NAME.get(name);
    if (variant == null) {
      throw new InvalidInputException(
          "There is no variant '"
              + name
              + "'; did you mean "
              + String.join(" or ", closest(name))
              + "? 'kinglet list' names all.");
    }
    return variant;
  }

  private static List<String> closest(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return BY_NAME.keySet().stream()
        .sorted(Comparator.comparingInt(known -> distance(wanted, known)))
        .limit(3)
        .toList();
  }

  /** Levenshtein's distance: the fewest insertions, deletions and changes of one character. */
  private static int distance(String a, String b) {
    String shorter = a.substring(0, Math.min(a.length(), 100));
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= shorter.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (shorter.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
