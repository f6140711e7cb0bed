package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** A scene's classes in colours, ground truth beside answers, with a legend. */
public final class ClassMap {
  private static final int SCALE = 3;
  private static final int GAP = 16;
  private static final int ROW = 18;
  private static final int LEGEND = 150;

  private ClassMap() {}

  /** The colour of a class from 1; black for 0. Hues by the golden ratio, so neighbours differ. */
  private static Color colour(int label) {
    return label == 0
        ? Color.BLACK
        : Color.getHSBColor(
            (float) (label * 0.61803398875 % 1),
            label % 2 == 0 ? 0.55f : 0.9f,
            label % 3 == 0 ? 0.7f : 0.95f);
  }

  /**
   * Writes the picture as PNG.
   *
   * @param truth row by row, classes from 1, 0 where unknown
   * @param answers likewise
   */
  public static void write(
      Path file, int height, int width, int[] truth, int[] answers, List<String> classes) {
    int wide = 2 * width * SCALE + 3 * GAP + LEGEND;
    int tall = Math.max(height * SCALE + 3 * GAP, (classes.size() + 2) * ROW + 2 * GAP);
    BufferedImage image = new BufferedImage(wide, tall, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, wide, tall);
    panel(pen, "ground truth", GAP, height, width, truth);
    panel(pen, "answers", 2 * GAP + width * SCALE, height, width, answers);
    int left = 3 * GAP + 2 * width * SCALE;
    for (int i = 0; i < classes.size(); i++) {
      int top = 2 * GAP + i * ROW;
      pen.setColor(colour(i + 1));
      pen.fillRect(left, top, 12, 12);
      pen.setColor(Color.BLACK);
      pen.drawString(classes.get(i), left + 18, top + 11);
    }
    pen.dispose();
    try {
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException e) {
      throw new InvalidInputException(file + " cannot be written: " + e.getMessage() + ".", e);
    }
  }

  private static void panel(
      Graphics2D pen, String title, int left, int height, int width, int[] labels) {
    pen.setColor(Color.BLACK);
    pen.drawString(title, left, GAP + 4);
    for (int i = 0; i < height * width; i++) {
      pen.setColor(colour(labels[i]));
      pen.fillRect(left + i % width * SCALE, 2 * GAP + i / width * SCALE, SCALE, SCALE);
    }
  }
}
