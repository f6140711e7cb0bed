package dev.kinglet.cli.words;

import java.util.List;

/**
 * What one command understands.
 *
 * @param name the word after {@code kinglet}
 * @param summary one line: what the command does
 * @param operands the words outside options
 * @param options in the order of the help
 * @param notes paragraphs of the help between options and examples
 * @param examples whole command lines
 */
public record Syntax(
    String name,
    String summary,
    Operands operands,
    List<Option> options,
    List<String> notes,
    List<String> examples) {

  /** Copies the lists. */
  public Syntax {
    options = List.copyOf(options);
    notes = List.copyOf(notes);
    examples = List.copyOf(examples);
  }
}
