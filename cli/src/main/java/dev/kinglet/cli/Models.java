package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.graph.Graph;
import dev.kinglet.zoo.Zoo;

/** What the word MODEL stands for. */
final class Models {
  private Models() {}

  /** The network alone. */
  static Graph graph(String word, Arguments arguments, String command) {
    return Zoo.variant(word).build(VariantOptions.settings(arguments));
  }
}
