package dev.kinglet.engine.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.lower.MemoryPlan.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MemoryPlanTest {

  @Test
  void whatLivesAtTheSameTimeNeverShares() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      long alignment = 1L << random.nextInt(7);
      List<Life> lives = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        int first = random.nextInt(30);
        lives.add(new Life(first, first + random.nextInt(8), 1 + random.nextInt(500)));
      }
      MemoryPlan plan = MemoryPlan.of(lives, alignment);
      for (int i = 0; i < lives.size(); i++) {
        long offset = plan.offsets().get(i);
        assertEquals(0, offset % alignment);
        assertTrue(offset >= 0 && offset + lives.get(i).size() <= plan.peak());
        for (int j = 0; j < i; j++) {
          Life a = lives.get(i);
          Life b = lives.get(j);
          boolean together = a.first() <= b.last() && b.first() <= a.last();
          long other = plan.offsets().get(j);
          assertTrue(
              !together || offset + a.size() <= other || other + b.size() <= offset,
              a + " at " + offset + " and " + b + " at " + other);
        }
      }
    }
  }

  @Test
  void aChainNeedsNoMoreThanItsLargestPair() {
    List<Life> chain = List.of(new Life(0, 1, 100), new Life(1, 2, 80), new Life(2, 3, 100));
    assertEquals(180, MemoryPlan.of(chain, 1).peak());
  }
}
