package dev.kinglet.zoo;

/** Settings that many families have. */
final class Shared {
  private Shared() {}

  static Setting width(double preset) {
    return Setting.decimal(
        "width", "scales the channels, rounded as the dialect does", preset, 0.05, 8);
  }

  static Setting dialect(String preset, String... words) {
    return Setting.words(
        "dialect", "whose entry names, padding, batch norm and rounding", preset, words);
  }

  static Setting dropout(double preset) {
    return Setting.decimal("dropout", "rate before the classifier, in training", preset, 0, 0.99);
  }

  static Setting stem() {
    return Setting.words(
        "stem",
        "small takes out the first two halvings, for pictures of about 32 x 32",
        "standard",
        "standard",
        "small");
  }

  /** A width in a name: {@code 075} for 0.75. */
  static String percent(double width) {
    return "%03d".formatted(Math.round(width * 100));
  }

  /** A scale in a name: {@code x0_5} for 0.5. */
  static String times(double scale) {
    return "x" + Double.toString(scale).replace('.', '_');
  }
}
