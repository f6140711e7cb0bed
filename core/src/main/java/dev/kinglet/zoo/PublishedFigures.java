package dev.kinglet.zoo;

import java.util.Map;

/** What papers and publishers state, by variant. */
final class PublishedFigures {
  private static final Map<String, Published> BY_NAME = Map.of();

  private PublishedFigures() {}

  static Published of(String variant) {
    return BY_NAME.getOrDefault(variant, Published.NOTHING);
  }
}
