package dev.kinglet.cli.words;

import java.util.ArrayList;
import java.util.List;

/** The help of a command, as text of at most 80 columns. */
public final class Help {
  private static final int COLUMNS = 80;

  private Help() {}

  /** Everything about one command. */
  public static String of(Syntax syntax) {
    StringBuilder text = new StringBuilder();
    StringBuilder usage = new StringBuilder("Usage: kinglet ").append(syntax.name());
    for (Option option : syntax.options()) {
      if (option.required()) {
        usage.append(' ').append(option.usage());
      }
    }
    if (!syntax.options().isEmpty()) {
      usage.append(" [options]");
    }
    if (!syntax.operands().usage().isEmpty()) {
      usage.append(' ').append(syntax.operands().usage());
    }
    wrap(text, usage.toString(), 15 + syntax.name().length());
    text.append('\n');
    wrap(text, syntax.summary(), 0);
    int column = 0;
    for (Option option : syntax.options()) {
      column = Math.max(column, Math.min(option.usage().length(), 26));
    }
    if (!syntax.options().isEmpty()) {
      text.append("\nOptions:\n");
    }
    for (Option option : syntax.options()) {
      row(text, option.usage(), option.description(), column + 4);
    }
    for (String note : syntax.notes()) {
      text.append('\n');
      wrap(text, note, 0);
    }
    text.append("\nExamples:\n");
    for (String example : syntax.examples()) {
      text.append("  ").append(example).append('\n');
    }
    return text.toString();
  }

  /** A line with an indented word and what it means, the meaning wrapped in its own column. */
  public static void row(StringBuilder text, String word, String meaning, int column) {
    String line = "  " + word;
    if (line.length() + 2 > column) {
      text.append(line).append('\n');
      line = "";
    }
    wrap(text, line + " ".repeat(column - line.length()) + meaning, column);
  }

  private static void wrap(StringBuilder text, String paragraph, int indent) {
    List<String> lines = new ArrayList<>();
    String rest = paragraph;
    int least = indent;
    while (rest.length() > COLUMNS) {
      int cut = rest.lastIndexOf(' ', COLUMNS);
      if (cut <= least) {
        cut = rest.indexOf(' ', COLUMNS);
      }
      if (cut < 0) {
        break;
      }
      lines.add(rest.substring(0, cut));
      rest = " ".repeat(indent) + rest.substring(cut + 1);
    }
    lines.add(rest);
    for (String line : lines) {
      text.append(line.stripTrailing()).append('\n');
    }
  }
}
