package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;

/**
 * The learning rate over a run, as a factor of its peak; progress is counted in epochs, with
 * fractions within one.
 */
public sealed interface Schedule {
  /** The peak all the time. */
  record Constant() implements Schedule {}

  /** Multiplied by {@code factor} after every {@code epochs}, at their ends. */
  record Step(double epochs, double factor) implements Schedule {}

  /** Multiplied by {@code factor} an {@code epochs}, smoothly. */
  record Exponential(double epochs, double factor) implements Schedule {}

  /** Half a cosine from 1 to {@code last} (Loshchilov, Hutter 2017). */
  record Cosine(double last) implements Schedule {}

  /** {@code (1 - progress)^power}; power 1 is the linear fall of the ShuffleNet papers. */
  record Polynomial(double power) implements Schedule {}

  /** Up by a cosine during {@code up} of the run, down by a cosine (PyTorch's OneCycleLR). */
  record OneCycle(double up, double first, double last) implements Schedule {}

  /** Up by a line during {@code up} of the run, down by a line to 0. */
  record Triangle(double up) implements Schedule {}

  /**
   * The factor at a moment.
   *
   * @param epoch how far the run is, 0 to {@code epochs}
   * @param epochs the length of the run
   */
  default double factor(double epoch, double epochs) {
    double t = Math.clamp(epoch / epochs, 0, 1);
    return switch (this) {
      case Constant _ -> 1;
      case Step s -> Math.pow(s.factor, Math.floor(epoch / s.epochs + 1e-9));
      case Exponential e -> Math.pow(e.factor, epoch / e.epochs);
      case Cosine c -> between(1, c.last, t);
      case Polynomial p -> Math.pow(1 - t, p.power);
      case OneCycle o ->
          t < o.up ? between(o.first, 1, t / o.up) : between(1, o.last, (t - o.up) / (1 - o.up));
      case Triangle r -> t < r.up ? t / r.up : (1 - t) / (1 - r.up);
    };
  }

  /**
   * The factor with a linear warm-up in front, during which the schedule does not run.
   *
   * @param warmup epochs from {@code start} to the schedule's first value
   */
  default double warmed(double epoch, double epochs, double warmup, double start) {
    if (epoch < warmup) {
      return factor(0, epochs - warmup) * (start + (1 - start) * epoch / warmup);
    }
    return factor(epoch - warmup, Math.max(epochs - warmup, 1e-9));
  }

  private static double between(double from, double to, double t) {
    return to + (from - to) * (1 + Math.cos(Math.PI * t)) / 2;
  }

  /**
   * The schedule that words stand for: {@code constant}, {@code step:30:0.1}, {@code
   * exponential:2.4:0.97}, {@code cosine}, {@code linear}, {@code polynomial:2}, {@code onecycle},
   * {@code triangle:0.2}.
   *
   * @throws InvalidInputException listing the words
   */
  static Schedule parse(String text) {
    String[] parts = text.split(":");
    try {
      double[] numbers = new double[parts.length - 1];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Double.parseDouble(parts[i + 1]);
        if (!(numbers[i] > 0)) {
          throw new NumberFormatException();
        }
      }
      Schedule schedule =
          switch (parts[0] + "/" + numbers.length) {
            case "constant/0" -> new Constant();
            case "step/2" -> new Step(numbers[0], numbers[1]);
            case "exponential/2" -> new Exponential(numbers[0], numbers[1]);
            case "cosine/0" -> new Cosine(0);
            case "cosine/1" -> new Cosine(numbers[0]);
            case "linear/0" -> new Polynomial(1);
            case "polynomial/1" -> new Polynomial(numbers[0]);
            case "onecycle/0" -> new OneCycle(0.3, 1 / 25.0, 1 / 250_000.0);
            case "onecycle/1" -> new OneCycle(share(numbers[0]), 1 / 25.0, 1 / 250_000.0);
            case "triangle/1" -> new Triangle(share(numbers[0]));
            default -> null;
          };
      if (schedule != null) {
        return schedule;
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of malformed text.
    }
    throw new InvalidInputException(
        "There is no schedule '"
            + text
            + "'; there are constant, step:EPOCHS:FACTOR, exponential:EPOCHS:FACTOR, cosine[:LAST],"
            + " linear, polynomial:POWER, onecycle[:UP] and triangle:UP.");
  }

  private static double share(double value) {
    if (value >= 1) {
      throw new NumberFormatException();
    }
    return value;
  }
}
