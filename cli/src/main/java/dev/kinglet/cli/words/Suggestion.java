package dev.kinglet.cli.words;

/** The word that was probably meant. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * {@code ", did you mean --top?"} for the closest candidate, or nothing if none is close: at most
   * a third of the letters may differ.
   */
  public static String forWord(String word, Iterable<String> candidates) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best != null && least * 3 <= Math.max(word.length(), 3)
        ? ", did you mean " + best + "?"
        : "";
  }

  /** The single letters to insert, delete or replace (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
