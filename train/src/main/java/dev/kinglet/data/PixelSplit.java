package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which labelled pixels of a scene are learned and which are judged. */
public final class PixelSplit {
  private PixelSplit() {}

  /** Row-major indices, ascending. */
  public record Pixels(int[] learned, int[] judged) {}

  /** The share of each class at random; training windows overlap the judged pixels. */
  public static Pixels random(int[] truth, double share, long seed) {
    int[] labelled = IntStream.range(0, truth.length).filter(i -> truth[i] > 0).toArray();
    int[] labels = IntStream.of(labelled).map(i -> truth[i]).toArray();
    Stratified.Split split = Stratified.split(labels, share, seed);
    return new Pixels(
        split.taken().stream().mapToInt(i -> labelled[i]).toArray(),
        split.rest().stream().mapToInt(i -> labelled[i]).toArray());
  }

  /**
   * Whole squares of the scene, drawn until each class has its share; a judged pixel is at least
   * {@code margin} rows or columns from every learned one, so that no window of training shows it.
   */
  public static Pixels disjoint(
      int[] truth, int height, int width, double share, int margin, long seed) {
    // Large squares: the margin around them is lost to both sides.
    int side = Math.max(4, 4 * margin);
    int across = Math.ceilDiv(width, side);
    int down = Math.ceilDiv(height, side);
    int classes = IntStream.of(truth).max().orElse(0);
    int[] support = new int[classes + 1];
    for (int label : truth) {
      support[label]++;
    }
    int[] taken = new int[classes + 1];
    boolean[] learned = new boolean[truth.length];
    for (int block : Seeds.shuffled(across * down, Seeds.at(seed, 0x424C4F434BL))) {
      List<Integer> inside = new ArrayList<>();
      boolean needed = false;
      int top = block / across * side;
      int left = block % across * side;
      for (int y = top; y < Math.min(height, top + side); y++) {
        for (int x = left; x < Math.min(width, left + side); x++) {
          int label = truth[y * width + x];
          if (label > 0) {
            inside.add(y * width + x);
            needed |= taken[label] < Math.max(1, share * support[label]);
          }
        }
      }
      if (needed) {
        for (int pixel : inside) {
          if (taken[truth[pixel]] < Math.max(1, share * support[truth[pixel]])) {
            learned[pixel] = true;
            taken[truth[pixel]]++;
          }
        }
      }
    }
    boolean[] near = new boolean[truth.length];
    for (int pixel = 0; pixel < truth.length; pixel++) {
      if (learned[pixel]) {
        int row = pixel / width;
        int column = pixel % width;
        for (int y = Math.max(0, row - margin); y <= Math.min(height - 1, row + margin); y++) {
          for (int x = Math.max(0, column - margin);
              x <= Math.min(width - 1, column + margin);
              x++) {
            near[y * width + x] = true;
          }
        }
      }
    }
    int[] judged = IntStream.range(0, truth.length).filter(i -> truth[i] > 0 && !near[i]).toArray();
    if (judged.length == 0) {
      throw new InvalidInputException(
          "No labelled pixel is "
              + margin
              + " or more from every learned one; choose a smaller share or window.");
    }
    return new Pixels(IntStream.range(0, truth.length).filter(i -> learned[i]).toArray(), judged);
  }
}
