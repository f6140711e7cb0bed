package dev.kinglet.formats.keras;

import dev.kinglet.graph.Node;
import java.util.List;

/**
 * What a Keras layer hands on. Most is a node; some spellings of one operation are held back until
 * the layer that completes them is seen.
 */
sealed interface Value {
  /** A node of the graph: {@code (C, H, W)}, or {@code (C)}. */
  record Plain(Node node) implements Value {}

  /** The several results of a split. */
  record Parts(List<Node> nodes) implements Value {}

  /** {@code x + shift}, the beginning of a hard sigmoid. */
  record Shifted(Node node, float shift) implements Value {}

  /** {@code relu6(x + 3)}, the hard sigmoid but for its factor 1/6. */
  record SixTimesHardSigmoid(Node node) implements Value {}

  /**
   * {@code (H, W, groups, C / groups)}, the beginning of a channel shuffle.
   *
   * @param swapped whether the last two axes have been exchanged
   */
  record Grouped(Node node, int groups, boolean swapped) implements Value {}
}
