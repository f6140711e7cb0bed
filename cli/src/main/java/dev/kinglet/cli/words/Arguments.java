package dev.kinglet.cli.words;

import dev.kinglet.graph.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the user gave to one command: the values of options, and the operands. Immutable. */
public final class Arguments {
  private final Syntax syntax;
  private final Map<String, List<String>> values;
  private final List<String> operands;

  private Arguments(Syntax syntax, Map<String, List<String>> values, List<String> operands) {
    this.syntax = syntax;
    this.values = values;
    this.operands = List.copyOf(operands);
  }

  /**
   * Reads {@code --option value}, {@code --option=value}, flags and operands in any order; after
   * {@code --} everything is an operand. Whether everything needed is there is left to {@link
   * #complete}.
   *
   * @throws UsageException for an option that the command does not have, a value that is missing or
   *     not among the choices, or an option that is repeated against its nature
   */
  public static Arguments read(Syntax syntax, List<String> words) {
    Map<String, List<String>> values = new HashMap<>();
    List<String> operands = new ArrayList<>();
    boolean optionsOver = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (optionsOver || !word.startsWith("-") || word.equals("-")) {
        operands.add(word);
        continue;
      }
      if (word.equals("--")) {
        optionsOver = true;
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Option option = named(syntax, name);
      String value = "";
      if (option.isFlag()) {
        if (equals >= 0) {
          throw new UsageException(name + " stands alone and takes no value", syntax.name());
        }
      } else if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (i + 1 < words.size() && !isOption(syntax, words.get(i + 1))) {
        value = words.get(++i);
      } else {
        throw new UsageException(name + " needs a value (" + option.usage() + ")", syntax.name());
      }
      add(syntax, values, option, value);
    }
    return new Arguments(syntax, values, operands);
  }

  private static void add(
      Syntax syntax, Map<String, List<String>> values, Option option, String value) {
    if (!option.choices().isEmpty() && !option.choices().contains(value)) {
      throw new UsageException(
          option.name()
              + " is one of "
              + String.join(", ", option.choices())
              + ", but '"
              + value
              + "' was given",
          syntax.name());
    }
    List<String> given = values.computeIfAbsent(option.name(), _ -> new ArrayList<>());
    if (!given.isEmpty() && !option.repeatable()) {
      throw new UsageException(option.name() + " was given twice", syntax.name());
    }
    given.add(value);
  }

  private static boolean isOption(Syntax syntax, String word) {
    for (Option option : syntax.options()) {
      if (word.equals(option.name()) || word.startsWith(option.name() + "=")) {
        return true;
      }
    }
    return false;
  }

  private static Option named(Syntax syntax, String name) {
    List<String> names = new ArrayList<>();
    for (Option option : syntax.options()) {
      if (option.name().equals(name)) {
        return option;
      }
      names.add(option.name());
    }
    throw new UsageException(
        "kinglet "
            + syntax.name()
            + " has no option '"
            + name
            + "'"
            + Suggestion.forWord(name, names),
        syntax.name());
  }

  /**
   * Checks that every needed option and enough operands, but not too many, were given.
   *
   * @return these arguments
   * @throws UsageException naming all that is missing at once
   */
  public Arguments complete() {
    List<String> missing = new ArrayList<>();
    if (operands.size() < syntax.operands().least()) {
      missing.add(syntax.operands().placeholder());
    }
    for (Option option : syntax.options()) {
      if (option.required() && !has(option)) {
        missing.add(option.usage());
      }
    }
    if (!missing.isEmpty()) {
      throw new UsageException(
          "kinglet " + syntax.name() + " needs " + String.join(" and ", missing), syntax.name());
    }
    if (operands.size() > syntax.operands().most()) {
      String extra = operands.get(syntax.operands().most());
      throw new UsageException(
          "kinglet " + syntax.name() + " does not know what to do with '" + extra + "'",
          syntax.name());
    }
    return this;
  }

  /** The words outside options. */
  public List<String> operands() {
    return operands;
  }

  /** The first word outside options; there must be one. */
  public String operand() {
    return operands.getFirst();
  }

  /** Whether the option was given. */
  public boolean has(Option option) {
    return values.containsKey(option.name());
  }

  /** The values of a repeatable option, in order. */
  public List<String> all(Option option) {
    return values.getOrDefault(option.name(), List.of());
  }

  /** The option's value, if it was given. */
  public Optional<String> text(Option option) {
    List<String> given = values.get(option.name());
    return given == null ? Optional.empty() : Optional.of(given.getFirst());
  }

  /** The option's value as a path, if it was given. */
  public Optional<Path> path(Option option) {
    List<String> given = values.get(option.name());
    return given == null ? Optional.empty() : Optional.of(path(given.getFirst()));
  }

  /** The path of an option without which the command was not {@link #complete}. */
  public Path neededPath(Option option) {
    return path(option)
        .orElseThrow(
            () ->
                new UsageException(
                    "kinglet " + syntax.name() + " needs " + option.usage(), syntax.name()));
  }

  /** A word as a path. */
  public static Path path(String word) {
    try {
      return Path.of(word);
    } catch (InvalidPathException e) {
      throw new InvalidInputException(
          "'" + word + "' is not a path on this system (" + e.getReason() + ").", e);
    }
  }

  /**
   * The option's value as a whole number, if it was given.
   *
   * @throws UsageException if it is none from {@code least} to {@code most}
   */
  public OptionalInt number(Option option, int least, int most) {
    List<String> given = values.get(option.name());
    if (given == null) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(given.getFirst());
      if (number >= least && number <= most) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of wrong number.
    }
    throw new UsageException(
        option.name()
            + " is a whole number "
            + (most == Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most)
            + ", but '"
            + given.getFirst()
            + "' was given",
        syntax.name());
  }

  /**
   * The option's value as a number, or the default if it was not given.
   *
   * @throws UsageException if it is no number above 0
   */
  public double positive(Option option, double otherwise) {
    List<String> given = values.get(option.name());
    if (given == null) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(given.getFirst());
      if (number > 0 && number < Double.POSITIVE_INFINITY) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of wrong number.
    }
    throw new UsageException(
        option.name() + " is a number above 0, but '" + given.getFirst() + "' was given",
        syntax.name());
  }
}
