package dev.kinglet.onnx;

/**
 * What the writer notes in a node's {@code doc_string} because ONNX has no place for it, so that
 * the reader gives back an equal graph.
 *
 * <p>A hint never changes what a file computes: the structure alone says that. It tells which nodes
 * were written for one of ours, where the parameters' names begin, and constants that only training
 * uses. A file whose hints another tool has dropped still reads, as any foreign file does.
 */
final class Hint {
  /** This ONNX node is a part of the next one without this mark. */
  static final String PART = "kinglet: part";

  private static final String START = "kinglet: ";

  private final StringBuilder text = new StringBuilder();

  /** Adds a fact. Only the last may hold a semicolon in its value. */
  Hint add(String key, String value) {
    text.append(text.isEmpty() ? START : "; ").append(key).append('=').append(value);
    return this;
  }

  /** The text for the node; empty without facts. */
  @Override
  public String toString() {
    return text.toString();
  }

  /** The value of a key in a node's text, or null. {@code path} is always last and may be long. */
  static String find(String doc, String key) {
    if (!doc.startsWith(START)) {
      return null;
    }
    int at = START.length();
    while (at < doc.length()) {
      int equals = doc.indexOf('=', at);
      if (equals < 0) {
        return null;
      }
      String found = doc.substring(at, equals);
      int end = found.equals("path") ? -1 : doc.indexOf("; ", equals);
      end = end < 0 ? doc.length() : end;
      if (found.equals(key)) {
        return doc.substring(equals + 1, end);
      }
      at = end + 2;
    }
    return null;
  }

  /** The number that a key has in a node's text, or the given one. */
  static float number(String doc, String key, float otherwise) {
    String value = find(doc, key);
    if (value == null) {
      return otherwise;
    }
    try {
      return Float.parseFloat(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
