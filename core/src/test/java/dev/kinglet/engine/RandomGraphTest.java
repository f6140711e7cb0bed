package dev.kinglet.engine;

import dev.kinglet.graph.Graph;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random networks give the defined answer on every engine of this computer. */
final class RandomGraphTest {

  @Test
  void twoThousandRandomNetworksGiveTheDefinedAnswer() {
    check(0, 2_000);
  }

  @Test
  @Tag("slow")
  void aHundredThousandRandomNetworksGiveTheDefinedAnswer() {
    check(1_000_000, 1_100_000);
  }

  private static void check(long from, long to) {
    for (long seed = from; seed < to; seed++) {
      Random random = new Random(seed);
      try {
        Graph graph = RandomGraph.of(seed);
        int batch = seed % 10 == 0 ? 1 + random.nextInt(9) : seed % 3 == 0 ? 2 : 1;
        Engines.check(Engines.some(seed), graph, Engines.weights(graph, random), batch, random);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("Random network of seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
