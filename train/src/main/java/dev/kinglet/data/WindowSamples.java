package dev.kinglet.data;

import dev.kinglet.graph.Shape;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Square windows around pixels of a cube, as {@code (1, bands, window, window)}; what lies beyond
 * the scene is 0. In training one of the eight flips and turns is drawn.
 */
public final class WindowSamples implements Samples {
  private final Cube cube;
  private final int window;
  private final int[] truth;
  private final int[] pixels;
  private final List<String> classes;

  /**
   * Windows around some pixels.
   *
   * @param truth the class of every pixel from 1, 0 where unknown
   * @param pixels row-major indices of the centres
   */
  public WindowSamples(Cube cube, int window, int[] truth, int[] pixels, List<String> classes) {
    this.cube = cube;
    this.window = window;
    this.truth = truth.clone();
    this.pixels = pixels.clone();
    this.classes = List.copyOf(classes);
  }

  @Override
  public Shape shape() {
    return Shape.of(1, cube.bands(), window, window);
  }

  @Override
  public int size() {
    return pixels.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return Math.max(0, truth[pixels[index]] - 1);
  }

  @Override
  public String name(int index) {
    return "row " + pixels[index] / cube.width() + ", column " + pixels[index] % cube.width();
  }

  @Override
  public void plain(int index, float[] target, int offset) {
    write(index, 0, target, offset);
  }

  @Override
  public void augmented(int index, SplittableRandom random, float[] target, int offset) {
    write(index, random.nextInt(8), target, offset);
  }

  private void write(int index, int turn, float[] target, int offset) {
    int bands = cube.bands();
    int top = pixels[index] / cube.width() - window / 2;
    int left = pixels[index] % cube.width() - window / 2;
    int plane = window * window;
    for (int i = 0; i < plane; i++) {
      int y = i / window;
      int x = i % window;
      int row = (turn & 1) != 0 ? window - 1 - y : y;
      int column = (turn & 2) != 0 ? window - 1 - x : x;
      int sy = top + ((turn & 4) != 0 ? column : row);
      int sx = left + ((turn & 4) != 0 ? row : column);
      boolean inside = sy >= 0 && sy < cube.height() && sx >= 0 && sx < cube.width();
      int from = (sy * cube.width() + sx) * bands;
      for (int b = 0; b < bands; b++) {
        target[offset + b * plane + i] = inside ? cube.values()[from + b] : 0;
      }
    }
  }
}
