package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMpTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyShareIsDoneOnce(int shares) {
    AtomicIntegerArray done = new AtomicIntegerArray(shares);
    for (int round = 0; round < 1000; round++) {
      OpenMp.run(shares, done::incrementAndGet);
    }
    for (int share = 0; share < shares; share++) {
      assertEquals(1000, done.get(share), "share " + share);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatAShareThrowsReachesTheCaller(int broken) {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                OpenMp.run(
                    2,
                    share -> {
                      if (share == broken) {
                        throw new ArithmeticException("share");
                      }
                    }));
    assertEquals("share", e.getCause().getMessage());
  }
}
