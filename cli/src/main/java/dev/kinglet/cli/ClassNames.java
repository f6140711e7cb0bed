package dev.kinglet.cli;

import dev.kinglet.Labels;
import dev.kinglet.Model;
import dev.kinglet.graph.InvalidInputException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** From what people call a class to its index: its label, its WordNet name, or the index itself. */
final class ClassNames {
  private static final int SEVERAL = -1;

  private final Map<String, Integer> indices = new HashMap<>();
  private final boolean named;
  private final int classes;
  private final String network;

  ClassNames(Model model) {
    this.classes = model.graph().output().shape().elements();
    this.network = model.graph().name();
    Labels labels = model.labels();
    this.named = labels.size() > 0;
    for (int i = 0; i < labels.size(); i++) {
      // ImageNet has two cranes and two maillots: such a name stands for neither.
      indices.merge(plain(labels.name(i)), i, (_, _) -> SEVERAL);
    }
    for (int i = 0; i < labels.synsets().size(); i++) {
      indices.put(plain(labels.synsets().get(i)), i);
    }
  }

  /** Whether classes have names at all. */
  boolean named() {
    return named;
  }

  /** The number of classes. */
  int classes() {
    return classes;
  }

  /**
   * The index of the class that is meant.
   *
   * @param where the word stands, for the error
   * @throws InvalidInputException if it is none, or could be several
   */
  int index(String word, String where) {
    Integer known = indices.get(plain(word));
    if (known != null && known != SEVERAL) {
      return known;
    }
    if (known != null) {
      throw new InvalidInputException(
          where
              + ": several classes of "
              + network
              + " are called '"
              + word
              + "'; use the index or the WordNet name.");
    }
    try {
      int index = Integer.parseInt(word.strip());
      if (index >= 0 && index < classes) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of unknown class.
    }
    throw new InvalidInputException(
        where
            + ": '"
            + word
            + "' is no class of "
            + network
            + ", neither a label nor a WordNet name nor an index from 0 to "
            + (classes - 1)
            + ".");
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
  }
}
