package dev.kinglet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final int SIDE = 60;

  /** Four classes in quarters, a fifth one in a corner of ten pixels, and unknown ones between. */
  private static int[] truth() {
    int[] truth = new int[SIDE * SIDE];
    for (int i = 0; i < truth.length; i++) {
      int y = i / SIDE;
      int x = i % SIDE;
      truth[i] = (x + y) % 7 == 0 ? 0 : 1 + y / 30 * 2 + x / 30;
    }
    for (int i = 0; i < 10; i++) {
      truth[i] = 5;
    }
    return truth;
  }

  @Test
  void everyClassGivesItsShareAndAtLeastOne() {
    int[] labels = IntStream.range(0, 1003).map(i -> i < 3 ? 2 : i % 2).toArray();
    Stratified.Split split = Stratified.split(labels, 0.1, 5);
    for (int label = 0; label < 3; label++) {
      int wanted = label;
      long taken = split.taken().stream().filter(i -> labels[i] == wanted).count();
      assertEquals(label == 2 ? 1 : 50, taken, "class " + label);
    }
    Set<Integer> all = new HashSet<>(split.taken());
    all.addAll(split.rest());
    assertEquals(labels.length, all.size());
    assertEquals(labels.length, split.taken().size() + split.rest().size());
    assertEquals(split, Stratified.split(labels, 0.1, 5));
    assertNotEquals(split, Stratified.split(labels, 0.1, 6));
  }

  @Test
  void aRandomSplitOfPixelsCoversEveryLabelledOneOnce() {
    PixelSplit.Pixels pixels = PixelSplit.random(truth(), 0.1, 1);
    int labelled = (int) IntStream.of(truth()).filter(label -> label > 0).count();
    assertEquals(labelled, pixels.learned().length + pixels.judged().length);
    assertEquals(0.1 * labelled, pixels.learned().length, 3);
  }

  @Test
  void noWindowOfADisjointSplitShowsAJudgedPixel() {
    int margin = 4;
    PixelSplit.Pixels pixels = PixelSplit.disjoint(truth(), SIDE, SIDE, 0.1, margin, 1);
    Set<Integer> met = new HashSet<>();
    for (int learned : pixels.learned()) {
      met.add(truth()[learned]);
      for (int judged : pixels.judged()) {
        int rows = Math.abs(learned / SIDE - judged / SIDE);
        int columns = Math.abs(learned % SIDE - judged % SIDE);
        assertTrue(Math.max(rows, columns) > margin);
      }
    }
    assertEquals(Set.of(1, 2, 3, 4, 5), met);
    assertTrue(pixels.judged().length > 100);
  }

  @Test
  void beyondTheSceneAWindowIsZero() {
    float[] values = new float[3 * 3 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    WindowSamples samples =
        new WindowSamples(
            new Cube(3, 3, 2, values), 3, new int[9], new int[] {0}, List.of("a", "b"));
    float[] window = new float[18];
    samples.plain(0, window, 0);
    assertArrayEquals(new float[] {0, 0, 0, 0, 1, 3, 0, 7, 9, 0, 0, 0, 0, 2, 4, 0, 8, 10}, window);
  }

  @Test
  void figuresAreThoseOfAPublishedTable() {
    // Cohen's kappa of the worked example in Landis and Koch's manner: 20, 5, 10, 15.
    Confusion confusion = new Confusion(List.of("yes", "no"));
    add(confusion, 0, 0, 20);
    add(confusion, 0, 1, 5);
    add(confusion, 1, 0, 10);
    add(confusion, 1, 1, 15);
    assertEquals(0.7, confusion.overall(), 1e-12);
    assertEquals(0.4, confusion.kappa(), 1e-12);
    assertEquals(0.7, confusion.average(), 1e-12);
    assertEquals(2 / 3.0, confusion.precision(0), 1e-12);
  }

  private static void add(Confusion confusion, int truth, int answer, int times) {
    for (int i = 0; i < times; i++) {
      confusion.add(truth, answer);
    }
  }
}
