package dev.kinglet.cli.words;

import java.util.List;

/**
 * One option of a command.
 *
 * @param name with its dashes: {@code --top}
 * @param value the placeholder of its value in help, such as {@code FILE}; empty for a flag
 * @param description one line for the help
 * @param choices the values that are allowed; empty if any is
 * @param repeatable whether it may be given more than once
 * @param required whether the command cannot do without it
 */
public record Option(
    String name,
    String value,
    String description,
    List<String> choices,
    boolean repeatable,
    boolean required) {

  /** An option without a value. */
  public static Option flag(String name, String description) {
    return new Option(name, "", description, List.of(), false, false);
  }

  /** An option with a value that the placeholder names. */
  public static Option value(String name, String placeholder, String description) {
    return new Option(name, placeholder, description, List.of(), false, false);
  }

  /** An option with one of a few values. */
  public static Option choice(String name, List<String> choices, String description) {
    return new Option(name, String.join("|", choices), description, choices, false, false);
  }

  /** This option, allowed more than once. */
  public Option repeated() {
    return new Option(name, value, description, choices, true, required);
  }

  /** This option, without which the command does nothing. */
  public Option needed() {
    return new Option(name, value, description, choices, repeatable, true);
  }

  /** Whether it stands alone. */
  public boolean isFlag() {
    return value.isEmpty();
  }

  /** The option as help writes it: {@code --top K}. */
  public String usage() {
    return isFlag() ? name : name + " " + value;
  }
}
