package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShareTest {
  private static final int CASES = 20_000;

  /** Counts how often each tile is done, as the emitted loop over panels does it. */
  private static void count(int[] share, int tiles, int[] done) {
    int tile = share[1];
    for (int panel = share[0]; panel <= share[2]; panel++) {
      int stop = panel < share[2] ? share[5] : share[3];
      for (; tile < stop; tile++) {
        done[panel * tiles + tile]++;
      }
      for (tile = share[6]; stop < share[7] && tile < share[7]; tile++) {
        done[panel * tiles + tile]++;
      }
      tile = share[4];
    }
  }

  private static void once(int[] done, String what) {
    assertTrue(Arrays.stream(done).allMatch(times -> times == 1), what);
  }

  @Test
  void panelsOfUnequalTimesAreDoneOnceByAnyNumberOfThreads() {
    Random random = new Random(1);
    for (int i = 0; i < CASES; i++) {
      int panels = 1 + random.nextInt(20);
      int tiles = 1 + random.nextInt(30);
      int large = 1 + random.nextInt(tiles);
      Share share =
          Share.inOrder(panels, tiles, 0.2 + random.nextDouble(), large, 0.2 + random.nextDouble());
      int threads = 1 + random.nextInt(9);
      int[] done = new int[panels * tiles];
      for (int thread = 0; thread < threads; thread++) {
        count(share.of(thread, threads), tiles, done);
      }
      once(done, share + " on " + threads + " threads");
      int[] alone = new int[panels * tiles];
      count(share.whole(), tiles, alone);
      once(alone, share.toString());
    }
  }

  @Test
  void rowsOfTwoKindsOfTilesAreDoneOnceByAnyNumberOfThreads() {
    Random random = new Random(2);
    for (int i = 0; i < CASES; i++) {
      int panels = 1 + random.nextInt(20);
      int rows = 1 + random.nextInt(40);
      int large = 1 + random.nextInt(3);
      int small = 1 + random.nextInt(3);
      int tiles = rows * (large + small);
      Share share = Share.inOrder(panels, tiles, 1, rows * large, 0.9).by(rows);
      int threads = 1 + random.nextInt(9);
      int[] done = new int[panels * tiles];
      for (int thread = 0; thread < threads; thread++) {
        count(share.of(thread, threads), tiles, done);
      }
      once(done, share + " on " + threads + " threads");
      int[] alone = new int[panels * tiles];
      count(share.whole(), tiles, alone);
      once(alone, share.toString());
    }
  }

  @Test
  void twoThreadsTakeTheSameRowsOfAllPanels() {
    Share share = Share.inOrder(5, 14).by(14);
    assertEquals("[0, 0, 4, 7, 0, 7, 0, 0]", Arrays.toString(share.of(0, 2)));
    assertEquals("[0, 7, 4, 14, 7, 14, 0, 0]", Arrays.toString(share.of(1, 2)));
  }

  @Test
  void tilesOfBothKindsAreThoseOfTheSameRows() {
    // Two rows, each of three large tiles and two small ones.
    Share share = Share.inOrder(4, 10, 1, 6, 0.9).by(2);
    assertEquals("[0, 0, 3, 3, 0, 3, 6, 8]", Arrays.toString(share.of(0, 2)));
    assertEquals("[0, 3, 3, 6, 3, 6, 8, 10]", Arrays.toString(share.of(1, 2)));
  }

  @Test
  void aNarrowLastPanelCountsForLess() {
    // Two panels, the second a third of the first: half of the time is over after two thirds of it.
    Share share = Share.inOrder(2, 30, 1 / 3.0, 30, 1);
    assertEquals("[0, 0, 0, 20, 0, 30, 0, 0]", Arrays.toString(share.of(0, 2)));
    assertEquals("[0, 20, 2, 0, 0, 30, 0, 0]", Arrays.toString(share.of(1, 2)));
  }

  @Test
  void threadsThatRowsCannotBeSharedAmongTakePanelsInOrder() {
    Share share = Share.inOrder(8, 14).by(14);
    assertEquals("[0, 0, 2, 0, 0, 14, 0, 0]", Arrays.toString(share.of(0, 4)));
  }
}
