package dev.kinglet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One command line, run in this process. */
record Ran(int code, String out, String err) {

  static Ran kinglet(Object... words) {
    String[] texts = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      texts[i] = words[i].toString();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Kinglet.run(
            texts,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Asserts that all went well and nothing was complained of. */
  Ran done() {
    assertEquals("", err);
    assertEquals(0, code);
    return this;
  }

  /**
   * Asserts that the input was found at fault: exit code 2, nothing on standard output, exactly one
   * line on standard error that holds these words.
   */
  Ran refused(String... words) {
    assertEquals(2, code, err);
    assertEquals("", out);
    return complained(words);
  }

  /** Asserts that there is exactly one line on standard error, and that it holds these words. */
  Ran complained(String... words) {
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.endsWith("\n"), err);
    for (String word : words) {
      assertTrue(err.contains(word), () -> "'" + word + "' is not in: " + err);
    }
    return this;
  }

  /** Standard output as the one JSON document that it has to be. */
  JsonNode json() {
    return new ObjectMapper().readTree(out);
  }
}
