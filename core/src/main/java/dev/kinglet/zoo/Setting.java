package dev.kinglet.zoo;

import dev.kinglet.graph.InvalidInputException;
import java.util.List;

/**
 * One thing about a variant that its user may choose.
 *
 * @param key as it is written in {@code --set key=value}
 * @param values what may be chosen
 * @param preset the value without a choice
 * @param meaning what it does, in one sentence without full stop
 */
public record Setting(String key, Values values, String preset, String meaning) {

  /** What a setting may be. */
  public sealed interface Values {
    /**
     * One of a few words.
     *
     * @param words all that are legal
     */
    record Words(List<String> words) implements Values {
      /** Copies the list. */
      public Words {
        words = List.copyOf(words);
      }

      @Override
      public String toString() {
        return words.size() == 1
            ? words.getFirst()
            : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
      }
    }

    /**
     * A decimal number, written plainly.
     *
     * @param least the smallest that is legal
     * @param most the largest
     */
    record Decimal(double least, double most) implements Values {
      @Override
      public String toString() {
        return "a number from " + plain(least) + " to " + plain(most);
      }
    }

    /**
     * A whole number.
     *
     * @param least the smallest that is legal
     * @param most the largest
     */
    record Whole(int least, int most) implements Values {
      @Override
      public String toString() {
        return "a whole number from " + least + " to " + most;
      }
    }
  }

  static Setting words(String key, String meaning, String preset, String... words) {
    return new Setting(key, new Values.Words(List.of(words)), preset, meaning);
  }

  static Setting flag(String key, String meaning, boolean preset) {
    return words(key, meaning, Boolean.toString(preset), "true", "false");
  }

  static Setting decimal(String key, String meaning, double preset, double least, double most) {
    return new Setting(key, new Values.Decimal(least, most), plain(preset), meaning);
  }

  static Setting whole(String key, String meaning, int preset, int least, int most) {
    return new Setting(key, new Values.Whole(least, most), Integer.toString(preset), meaning);
  }

  /** Refuses a value that this setting cannot have. */
  void check(String variant, String value) {
    boolean legal =
        switch (values) {
          case Values.Words words -> words.words().contains(value);
          case Values.Decimal decimal -> {
            double number = number(value);
            yield number >= decimal.least() && number <= decimal.most();
          }
          case Values.Whole whole -> {
            double number = number(value);
            yield number == Math.rint(number) && number >= whole.least() && number <= whole.most();
          }
        };
    if (!legal) {
      throw new InvalidInputException(
          "The setting "
              + key
              + " of "
              + variant
              + " cannot be '"
              + value
              + "'; it is "
              + values
              + ".");
    }
  }

  private static double number(String value) {
    // Only plain decimal notation: Double.parseDouble also reads NaN, hexadecimal and "1f".
    return value.matches("[0-9]{1,9}(\\.[0-9]{1,15})?|\\.[0-9]{1,15}")
        ? Double.parseDouble(value)
        : Double.NaN;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** As help prints it: {@code width=1 (a number from 0.05 to 8): ...}. */
  @Override
  public String toString() {
    return key + "=" + preset + " (" + values + "): " + meaning;
  }
}
