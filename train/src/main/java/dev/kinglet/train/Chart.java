package dev.kinglet.train;

import java.util.List;
import java.util.stream.Stream;

/** Lines over epochs as an SVG picture that needs no style and no script of its page. */
final class Chart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 300;
  private static final int LEFT = 56;
  private static final int RIGHT = 12;
  private static final int TOP = 28;
  private static final int BOTTOM = 36;
  private static final int TICKS = 5;

  /** Distinguishable with every common kind of colour blindness (Okabe, Ito 2008). */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000");

  /**
   * A line.
   *
   * @param points pairs of epoch and value, in order
   */
  record Line(String name, List<double[]> points) {}

  private Chart() {}

  /**
   * A picture of some lines.
   *
   * @param percent whether values are shares, shown as percentages
   */
  static String svg(List<Line> lines, boolean percent) {
    double unit = percent ? 100 : 1;
    double low = unit * values(lines, 1).min().orElse(0);
    double high = unit * values(lines, 1).max().orElse(1);
    double step = round((high - low) / TICKS);
    low = Math.floor(low / step) * step;
    high = Math.max(low + step, Math.ceil(high / step) * step);
    double last = Math.max(1, values(lines, 0).max().orElse(1));
    Frame frame = new Frame(low, high, last);
    StringBuilder text = new StringBuilder();
    text.append(
        Report.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-size=\"12\""
                + " font-family=\"system-ui,sans-serif\" fill=\"#444\">\n",
            WIDTH, HEIGHT));
    for (double value = low; value < high + step / 2; value += step) {
      double y = frame.y(value);
      text.append(
          Report.format(
              "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
                  + " text-anchor=\"end\">%s%s</text>\n",
              LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, number(value, step), percent ? " %" : ""));
    }
    double apart = Math.max(1, round(last / 10));
    for (double epoch = 0; epoch <= last; epoch += apart) {
      text.append(
          Report.format(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
              frame.x(epoch), HEIGHT - BOTTOM + 18, number(epoch, apart)));
    }
    text.append(
        Report.format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">epochs</text>\n",
            WIDTH - RIGHT, HEIGHT - 4));
    for (int i = 0; i < lines.size(); i++) {
      text.append(line(lines.get(i), COLOURS.get(i % COLOURS.size()), frame, unit));
    }
    return text.append(legend(lines)).append("</svg>\n").toString();
  }

  /** Where values lie in the picture. */
  private record Frame(double low, double high, double last) {
    double x(double epoch) {
      return LEFT + (WIDTH - LEFT - RIGHT) * epoch / last;
    }

    double y(double value) {
      return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - low) / (high - low);
    }
  }

  private static String line(Line line, String colour, Frame frame, double unit) {
    StringBuilder points = new StringBuilder();
    for (double[] point : line.points) {
      points.append(Report.format("%.1f,%.1f ", frame.x(point[0]), frame.y(unit * point[1])));
    }
    StringBuilder text = new StringBuilder();
    text.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(colour);
    text.append("\" points=\"").append(points.toString().stripTrailing()).append("\"/>\n");
    if (line.points.size() < 30) {
      for (double[] point : line.points) {
        text.append(
            Report.format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>",
                frame.x(point[0]), frame.y(unit * point[1]), colour));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String legend(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    double x = LEFT;
    for (int i = 0; i < lines.size(); i++) {
      String name = lines.get(i).name;
      text.append(
          Report.format(
              "<path d=\"M%.0f 12h18\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%.0f\""
                  + " y=\"16\">%s</text>\n",
              x, COLOURS.get(i % COLOURS.size()), x + 24, Report.escaped(name)));
      x += 48 + 7.0 * name.length();
    }
    return text.toString();
  }

  private static java.util.stream.DoubleStream values(List<Line> lines, int which) {
    return lines.stream()
        .flatMap(line -> line.points.stream())
        .mapToDouble(point -> point[which])
        .filter(Double::isFinite);
  }

  /** The distance of ticks: 1, 2 or 5 times a power of ten. */
  private static double round(double distance) {
    if (!(distance > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(distance)));
    return Stream.of(1.0, 2.0, 5.0, 10.0)
        .filter(factor -> factor * power >= distance * 0.999)
        .findFirst()
        .map(factor -> factor * power)
        .orElse(10 * power);
  }

  private static String number(double value, double step) {
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    return Report.format("%." + decimals + "f", value + 0.0);
  }
}
