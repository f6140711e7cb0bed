package dev.kinglet;

import dev.kinglet.graph.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Lines of comma-separated values, as spreadsheets write them (RFC 4180, one record a line). */
public final class CommaSeparated {
  private CommaSeparated() {}

  /**
   * The fields of one line; a quoted field may hold commas, and quotes written twice.
   *
   * @throws InvalidInputException if a quote is not closed, or text follows one that is
   */
  public static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder field = new StringBuilder();
      if (at < line.length() && line.charAt(at) == '"') {
        at = quoted(line, at + 1, field);
      } else {
        int comma = line.indexOf(',', at);
        int end = comma < 0 ? line.length() : comma;
        field.append(line, at, end);
        at = end;
      }
      fields.add(field.toString());
      if (at == line.length()) {
        return fields;
      }
      at++;
    }
  }

  private static int quoted(String line, int start, StringBuilder field) {
    for (int at = start; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c != '"') {
        field.append(c);
      } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
        field.append('"');
        at++;
      } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
        return at + 1;
      } else {
        throw new InvalidInputException(
            "Text follows the closing quote in the line '" + line + "'.");
      }
    }
    throw new InvalidInputException("A quote is not closed in the line '" + line + "'.");
  }
}
