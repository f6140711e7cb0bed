package dev.kinglet.cli.words;

/**
 * The words of a command that belong to no option.
 *
 * @param placeholder in help, such as {@code PICTURE|FOLDER}
 * @param least how many there must be
 * @param most how many there may be
 */
public record Operands(String placeholder, int least, int most) {
  /** A command that takes none. */
  public static final Operands NONE = new Operands("", 0, 0);

  /** Exactly one. */
  public static Operands one(String placeholder) {
    return new Operands(placeholder, 1, 1);
  }

  /** One, or none. */
  public static Operands optional(String placeholder) {
    return new Operands(placeholder, 0, 1);
  }

  /** One or more. */
  public static Operands some(String placeholder) {
    return new Operands(placeholder, 1, Integer.MAX_VALUE);
  }

  /** The operands as help writes them: {@code PICTURE|FOLDER...}. */
  public String usage() {
    String word = most > 1 ? placeholder + "..." : placeholder;
    return least == 0 && most > 0 ? "[" + word + "]" : word;
  }
}
