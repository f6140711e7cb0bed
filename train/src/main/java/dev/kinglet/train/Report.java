package dev.kinglet.train;

import dev.kinglet.data.Confusion;
import dev.kinglet.data.PictureSamples;
import dev.kinglet.image.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;

/** A run as one page that needs nothing else: curves, confusion, the worst pictures, settings. */
final class Report {
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#222}
      h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem}
      .tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0}
      .tiles div{background:#f3f5f7;border-radius:6px;padding:.5rem .9rem}
      .tiles b{display:block;font-size:1.35rem;font-weight:600}.tiles span{font-size:.8rem;color:#555}
      table{border-collapse:collapse}td,th{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #e2e2e2}
      td:first-child,th:first-child{text-align:left}
      .grid{display:flex;flex-wrap:wrap;gap:.8rem}.grid figure{margin:0;width:140px;font-size:.75rem}
      .grid img{width:140px;height:140px;object-fit:contain;image-rendering:pixelated;background:#f3f5f7}
      svg{max-width:100%;height:auto}.scroll{overflow-x:auto}
      .m td,.m th{padding:.1rem .35rem;font-size:.75rem;text-align:center;border:1px solid #fff}
      .m th{font-weight:normal}.m tr>:first-child{text-align:right}
      .m thead th{writing-mode:vertical-rl;transform:rotate(180deg);text-align:left}
      .s{columns:2;font-size:.85rem}.s div{break-inside:avoid;border-bottom:1px solid #e2e2e2;display:flex;justify-content:space-between;gap:1rem}
      .s span:last-child{text-align:right;overflow-wrap:anywhere}.map{max-width:100%}
      """;

  private Report() {}

  static String html(RunSettings settings, Task task, RunFolder folder, Evaluation evaluation) {
    Confusion confusion = evaluation.confusion();
    List<JsonNode> lines = folder.lines();
    StringBuilder page = new StringBuilder();
    String title = settings.text("variant") + ", trained by Kinglet";
    page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
        .append(escaped(title))
        .append("</title><meta name=\"viewport\" content=\"width=device-width\"><style>")
        .append(STYLE)
        .append("</style><h1>")
        .append(escaped(title))
        .append("</h1><div class=\"tiles\">");
    tile(page, format("%.2f %%", 100 * confusion.overall()), "of held-out samples are right");
    tile(page, format("%.2f %%", 100 * confusion.average()), "mean over classes");
    tile(page, format("%.4f", confusion.kappa()), "kappa");
    tile(page, format("%,d", task.train().size()), "samples learned from");
    tile(page, format("%,d", confusion.total()), "held-out samples");
    tile(page, format("%,d", task.graph().parameterCount()), "parameters");
    tile(page, format("%.1f million", task.graph().macs() / 1e6), "MACs a sample");
    tile(page, Integer.toString(lines.size()), "epochs");
    tile(page, format("%.1f min", sum(lines, "seconds") / 60), "in steps");
    tile(page, format("%.1f min", sum(lines, "processor_seconds") / 60), "of processor time");
    page.append("</div>");
    task.notes().forEach(note -> page.append("<p>").append(escaped(note)).append("</p>"));
    boolean harder = settings.number("smoothing") + settings.number("mixup") > 0;
    String learned = harder ? "training (smoothed or mixed targets)" : "training";
    page.append("<h2>Loss</h2>").append(curves(lines, learned, "loss", "val_loss", false));
    page.append("<h2>Accuracy</h2>")
        .append(curves(lines, "training", "accuracy", "val_accuracy", true));
    page.append("<h2>Classes</h2>").append(classes(confusion));
    if (confusion.classes().size() <= 50) {
      page.append("<h2>Confusion (rows: truth, columns: answer)</h2>").append(matrix(confusion));
    }
    if (task.held() instanceof PictureSamples pictures) {
      page.append("<h2>Least probable truths</h2>").append(worst(evaluation, pictures));
    }
    Path map = folder.path().resolve("map.png");
    if (Files.exists(map)) {
      page.append("<h2>Map</h2>")
          .append(embedded(read(map)).replaceFirst("<img", "<img class=\"map\""));
    }
    Path transfer = folder.path().resolve("transfer.txt");
    if (Files.exists(transfer)) {
      page.append("<h2>Weights it began with</h2><p>")
          .append(escaped(new String(read(transfer), StandardCharsets.UTF_8)))
          .append("</p>");
    }
    page.append("<h2>Settings</h2><div class=\"s\">");
    settings
        .values()
        .forEach(
            (key, value) -> {
              if (!value.isEmpty()) {
                page.append("<div><span>").append(escaped(key)).append("</span><span>");
                page.append(escaped(value)).append("</span></div>");
              }
            });
    return page.append("</div></html>\n").toString();
  }

  private static void tile(StringBuilder page, String number, String meaning) {
    page.append("<div><b>").append(number).append("</b><span>").append(meaning);
    page.append("</span></div>");
  }

  private static double sum(List<JsonNode> lines, String key) {
    return lines.stream().mapToDouble(line -> line.path(key).asDouble(0)).sum();
  }

  private static String curves(
      List<JsonNode> lines, String name, String ofTraining, String ofHeldOut, boolean percent) {
    return Chart.svg(
        List.of(
            new Chart.Line(name, points(lines, ofTraining)),
            new Chart.Line("held out", points(lines, ofHeldOut))),
        percent);
  }

  /** Epochs and figures of one name; not every epoch is judged. */
  static List<double[]> points(List<JsonNode> lines, String name) {
    return lines.stream()
        .filter(line -> line.has(name))
        .map(line -> new double[] {line.get("epoch").asDouble(), line.get(name).asDouble()})
        .toList();
  }

  private static String classes(Confusion confusion) {
    StringBuilder text = new StringBuilder("<table><tr><th>class</th><th>samples</th>");
    text.append("<th>recall</th><th>precision</th></tr>");
    for (int i = 0; i < confusion.classes().size(); i++) {
      text.append("<tr><td>").append(escaped(confusion.classes().get(i))).append("</td><td>");
      text.append(confusion.support(i)).append("</td><td>").append(share(confusion.recall(i)));
      text.append("</td><td>").append(share(confusion.precision(i))).append("</td></tr>");
    }
    return text.append("</table>").toString();
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "&ndash;" : format("%.1f %%", 100 * value);
  }

  private static String matrix(Confusion confusion) {
    int count = confusion.classes().size();
    StringBuilder text =
        new StringBuilder("<div class=\"scroll\"><table class=\"m\"><thead><tr><td>");
    for (int i = 0; i < count; i++) {
      text.append("<th>").append(escaped(confusion.classes().get(i)));
    }
    text.append("<tbody>");
    for (int truth = 0; truth < count; truth++) {
      text.append("<tr><th>").append(escaped(confusion.classes().get(truth)));
      for (int answer = 0; answer < count; answer++) {
        long number = confusion.count(truth, answer);
        double part = (double) number / Math.max(1, confusion.support(truth));
        String colour = truth == answer ? "0,114,178" : "213,94,0";
        text.append(
            format(
                "<td style=\"background:rgba(%s,%.2f)%s\">%d",
                colour, part, part > 0.6 ? ";color:#fff" : "", number));
      }
    }
    return text.append("</table></div>").toString();
  }

  private static String worst(Evaluation evaluation, PictureSamples pictures) {
    StringBuilder text = new StringBuilder("<div class=\"grid\">");
    for (Evaluation.Judged judged : evaluation.worst()) {
      text.append("<figure>")
          .append(embedded(png(pictures.picture(judged.index()))))
          .append("<figcaption>")
          .append(escaped(pictures.name(judged.index())))
          .append("<br>is ")
          .append(escaped(pictures.classes().get(judged.truth())))
          .append(format(" (%.1f %%), taken for ", 100 * judged.ofTruth()))
          .append(escaped(pictures.classes().get(judged.answer())))
          .append(format(" (%.1f %%)</figcaption></figure>", 100 * judged.ofAnswer()));
    }
    return text.append("</div>").toString();
  }

  private static byte[] png(Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = picture.rgb();
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int value = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
      image.setRGB(i % picture.width(), i / picture.width(), value);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String embedded(byte[] png) {
    return "<img alt=\"\" src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png)
        + "\">";
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
