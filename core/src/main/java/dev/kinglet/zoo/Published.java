package dev.kinglet.zoo;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What is known about a variant's size and accuracy.
 *
 * @param parameters the exact number of learned values as preset, where a source outside this
 *     project gives it
 * @param macs the exact number of multiply-accumulates of convolutions and linear layers as preset
 * @param figures what papers and publishers state, as printed
 */
public record Published(OptionalLong parameters, OptionalLong macs, List<Figure> figures) {
  /** Copies the list. */
  public Published {
    figures = List.copyOf(figures);
  }

  static final Published NOTHING =
      new Published(OptionalLong.empty(), OptionalLong.empty(), List.of());

  /** The top-1 accuracy in percent that the first source states. */
  public OptionalDouble top1() {
    return figures.stream()
        .map(Figure::top1)
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  /**
   * One source's statement.
   *
   * @param source the paper and its table, or the publisher
   * @param parametersInMillions as printed
   * @param macsInMillions as printed, often under the name FLOPs
   * @param top1 accuracy on ImageNet's validation set in percent (for hyperspectral scenes: overall
   *     accuracy)
   */
  public record Figure(
      String source,
      OptionalDouble parametersInMillions,
      OptionalDouble macsInMillions,
      OptionalDouble top1) {}
}
