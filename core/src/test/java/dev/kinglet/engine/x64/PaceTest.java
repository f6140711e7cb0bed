package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** A session's choice between its workers and the caller alone, by made-up times. */
class PaceTest {
  private final Pace pace = new Pace();

  /** Of so many runs, those with the workers. */
  private int helped(int count, IntToDoubleFunction together, double alone) {
    int helped = 0;
    for (int i = 0; i < count; i++) {
      boolean with = pace.together();
      helped += with ? 1 : 0;
      pace.took(with ? together.applyAsDouble(i) : alone);
    }
    return helped;
  }

  private int helped(int count, double together, double alone) {
    return helped(count, _ -> together, alone);
  }

  @Test
  void workersThatAreFasterHelpInAllRunsButThreeThatCompare() {
    assertEquals(997, helped(1000, 1.1, 2));
    assertEquals(1000, helped(1000, 1.1, 2));
  }

  @Test
  void workersThatAreSlowerRestAndAreTriedNowAndThen() {
    int helped = helped(4000, 3, 2);
    assertTrue(helped > 100 && helped < 300, helped + " of 4,000");
  }

  @Test
  void aCallerThatIsHardlyFasterAloneKeepsItsWorkers() {
    assertTrue(helped(1000, 2, 1.96) > 950);
  }

  @Test
  void workersRestWhileANeighbourIsBusyAndHelpAgainAfterwards() {
    helped(300, 1.1, 2);
    int busy = helped(3000, 4, 2.2);
    assertTrue(busy < 400, busy + " of 3,000 beside the neighbour");
    helped(100, 1.1, 2);
    assertTrue(helped(1000, 1.1, 2) >= 997, "the workers are back within a pause");
  }

  @Test
  void aSingleSlowRunChangesNothing() {
    helped(300, 1.1, 2);
    assertEquals(1000, helped(1000, i -> i == 500 ? 50 : 1.1, 2));
  }

  @Test
  void aProcessorThatBecameSlowerAsAWholeIsComparedOnce() {
    helped(300, 1.1, 2);
    assertEquals(1997, helped(2000, 2.2, 4));
  }
}
