package dev.kinglet.train;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Two figures over the epochs as an inline SVG picture. */
final class Curves {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 280;
  private static final int LEFT = 60;
  private static final int BOTTOM = 30;
  private static final String[] COLOURS = {"#1565c0", "#ef6c00"};

  private Curves() {}

  /** The figures of these names, the first of training, the second of held-out samples. */
  static String svg(List<JsonNode> lines, String... names) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (JsonNode line : lines) {
      for (String name : names) {
        if (line.has(name)) {
          low = Math.min(low, line.get(name).asDouble());
          high = Math.max(high, line.get(name).asDouble());
        }
      }
    }
    if (!(high > low)) {
      high = low + 1;
    }
    StringBuilder text = new StringBuilder();
    text.append(
        Report.format(
            "<svg viewBox=\"0 0 %d %d\" font-size=\"12\" font-family=\"sans-serif\">",
            WIDTH, HEIGHT));
    for (int i = 0; i <= 4; i++) {
      double value = low + (high - low) * i / 4;
      double y = y(value, low, high);
      text.append(
          Report.format(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                  + "<text x=\"4\" y=\"%.1f\">%.4g</text>",
              LEFT, WIDTH - 10, y, y, y + 4, value));
    }
    for (int n = 0; n < names.length; n++) {
      text.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(COLOURS[n]);
      text.append("\" points=\"");
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).has(names[n])) {
          continue; // not every epoch is judged
        }
        double x = LEFT + (WIDTH - 10.0 - LEFT) * i / Math.max(1, lines.size() - 1);
        double y = y(lines.get(i).get(names[n]).asDouble(), low, high);
        text.append(Report.format("%.1f,%.1f ", x, y));
      }
      text.append(
          Report.format(
              "\"/><text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
              LEFT + 160 * n, HEIGHT - 8, COLOURS[n], names[n]));
    }
    text.append(
        Report.format(
            "<text x=\"%d\" y=\"%d\">%d epochs</text>", WIDTH - 90, HEIGHT - 8, lines.size()));
    return text.append("</svg>").toString();
  }

  private static double y(double value, double low, double high) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 10.0) * (value - low) / (high - low);
  }
}
