package dev.kinglet.engine.x64;

import dev.kinglet.engine.lower.Value;
import java.util.Optional;

/** Which convolutions are made by {@link Winograd}, and in what tiles. */
interface WinogradChoice {
  /** By an estimate of the time, or as a test wishes. */
  WinogradChoice ESTIMATE =
      (task, input, lanes) -> {
        if (!possible(task, input)) {
          return Optional.empty();
        }
        Integer wish = Hooks.tile();
        if (wish != null) {
          return switch (wish) {
            case 2 -> Optional.of(Winograd.TWO);
            case 4 -> Optional.of(Winograd.FOUR);
            default -> Optional.empty();
          };
        }
        return Optional.empty();
      };

  /**
   * The tiles of a product; none for the product itself.
   *
   * @param input of the network, which lies as it is given
   * @param lanes floats a vector
   */
  Optional<Winograd> size(Task.Product task, Value input, int lanes);

  /** Whether a product is a convolution of 3x3 taps and stride 1 of something computed. */
  static boolean possible(Task.Product task, Value input) {
    if (task.reach() == null || task.groups() > 1 || task.input().values().contains(input)) {
      return false;
    }
    int[] kernel = task.reach().kernel();
    int[] stride = task.reach().stride();
    int[] dilation = task.reach().dilation();
    return kernel[0] == 1
        && kernel[1] == 3
        && kernel[2] == 3
        && stride[0] == 1
        && stride[1] == 1
        && stride[2] == 1
        && task.reach().before()[0] == 0
        && dilation[1] == 1
        && dilation[2] == 1;
  }
}
