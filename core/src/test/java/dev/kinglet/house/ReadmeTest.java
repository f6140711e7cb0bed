package dev.kinglet.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.zoo.Zoo;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| ([\\d,]+) \\| ([\\d,]+) \\| ([\\dx]+) \\|");

  @Test
  void theTableOfTheZooStatesWhatTheGraphsSay() {
    Matcher matcher = ROW.matcher(Repository.read(Repository.root().resolve("README.md")));
    int rows = 0;
    while (matcher.find()) {
      Graph graph = Zoo.variant(matcher.group(1)).build();
      String stated = matcher.group(2) + " " + matcher.group(3) + " " + matcher.group(4);
      String found =
          String.format(
              Locale.ROOT,
              "%,d %,d %s",
              graph.parameterCount(),
              graph.macs(),
              graph.input().shape());
      assertEquals(found, stated, matcher.group(1));
      rows++;
    }
    assertTrue(rows >= 20, "Only " + rows + " rows were found.");
  }
}
