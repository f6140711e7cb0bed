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
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

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
    Options options = new Options();
    for (Option option : syntax.options()) {
      options.addOption(
          org.apache.commons.cli.Option.builder()
              .longOpt(option.name().substring(2))
              .hasArg(!option.isFlag())
              .get());
    }
    CommandLine line;
    try {
      line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .setStripLeadingAndTrailingQuotes(false)
              .get()
              .parse(options, words.toArray(String[]::new));
    } catch (UnrecognizedOptionException e) {
      throw unknown(syntax, e.getOption());
    } catch (MissingArgumentException e) {
      String name = "--" + e.getOption().getLongOpt();
      throw new UsageException(
          name + " needs a value (" + named(syntax, name).usage() + ")", syntax.name());
    } catch (ParseException e) {
      throw new UsageException(e.getMessage(), syntax.name());
    }
    Map<String, List<String>> values = new HashMap<>();
    for (org.apache.commons.cli.Option given : line.getOptions()) {
      Option option = named(syntax, "--" + given.getLongOpt());
      if (option.isFlag()) {
        add(syntax, values, option, "");
      }
    }
    for (Option option : syntax.options()) {
      String[] given = option.isFlag() ? null : line.getOptionValues(option.name().substring(2));
      if (given != null) {
        for (String value : given) {
          add(syntax, values, option, value);
        }
      }
    }
    return new Arguments(syntax, values, line.getArgList());
  }

  /** What is said of a word that looks like an option and is none of the command's. */
  private static UsageException unknown(Syntax syntax, String word) {
    String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    List<String> names = new ArrayList<>();
    for (Option option : syntax.options()) {
      if (option.name().equals(name)) {
        return new UsageException(name + " stands alone and takes no value", syntax.name());
      }
      names.add(option.name());
    }
    return new UsageException(
        "kinglet "
            + syntax.name()
            + " has no option '"
            + name
            + "'"
            + Suggestion.forWord(name, names),
        syntax.name());
  }

  private static Option named(Syntax syntax, String name) {
    for (Option option : syntax.options()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    throw new AssertionError(name + " was read but is no option of " + syntax.name());
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
