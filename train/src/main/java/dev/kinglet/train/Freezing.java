package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Parameter;

/** Which parameters of a network stay as they are. */
final class Freezing {
  private Freezing() {}

  /**
   * Stops learning of some parameters.
   *
   * @param names what their names begin with; {@code backbone} for all but those of the last module
   *     that learns; empty for none
   * @throws InvalidInputException if no parameter is frozen, or all are
   */
  static void apply(TorchNetwork network, String names) {
    if (names.isEmpty()) {
      return;
    }
    int frozen;
    if (names.equals("backbone")) {
      String head =
          network.graph().parameters().stream()
              .filter(Parameter::learned)
              .map(Parameter::name)
              .reduce((_, last) -> last)
              .orElseThrow();
      String module = head.substring(0, head.lastIndexOf('.') + 1);
      frozen = network.freeze(name -> !name.startsWith(module));
    } else {
      frozen = network.freeze(name -> name.startsWith(names));
    }
    if (frozen == 0 || network.learned().isEmpty()) {
      throw new InvalidInputException(
          "Freezing '"
              + names
              + "' leaves "
              + network.learned().size()
              + " tensors to learn of "
              + (network.learned().size() + frozen)
              + "; give 'backbone' or the beginning of some names.");
    }
  }
}
