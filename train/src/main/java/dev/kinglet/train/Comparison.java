package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Finished runs beside each other: a CSV file of figures for each, a chart of their accuracies, and
 * a table in Markdown.
 */
public final class Comparison {
  private static final List<String> COLUMNS =
      List.of(
          "epoch",
          "step",
          "loss",
          "accuracy",
          "val_loss",
          "val_accuracy",
          "learning_rate",
          "seconds",
          "samples_per_second",
          "processor_seconds");

  private Comparison() {}

  /** Arguments: the folder to write, the chart's name, and {@code LABEL=RUN} for each run. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println("Give a folder to write, the chart's name and LABEL=RUN for each run.");
      System.exit(2);
    }
    Path out = Files.createDirectories(Path.of(arguments[0]));
    List<Chart.Line> lines = new ArrayList<>();
    StringBuilder table = new StringBuilder();
    table.append("| run | epochs | held-out accuracy | best | processor minutes |\n");
    table.append("| --- | ---: | ---: | ---: | ---: |\n");
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      String[] pair = argument.split("=", 2);
      Path run = Path.of(pair[1]);
      List<JsonNode> figures = finished(run);
      Files.writeString(out.resolve(run.getFileName() + ".csv"), csv(figures));
      lines.add(new Chart.Line(pair[0], Report.points(figures, "val_accuracy")));
      table.append(row(pair[0], figures));
    }
    Files.writeString(out.resolve(arguments[1] + ".svg"), Chart.svg(lines, true));
    System.out.print(table);
  }

  private static List<JsonNode> finished(Path run) {
    if (!Files.exists(run.resolve("report.html"))) {
      throw new InvalidInputException(
          run + " is no finished run: it has no report.html; finish it by --resume.");
    }
    try {
      return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
          .map(RunFolder.JSON::readTree)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String csv(List<JsonNode> figures) {
    StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
    for (JsonNode line : figures) {
      List<String> cells = COLUMNS.stream().map(key -> line.path(key).asString("")).toList();
      text.append(String.join(",", cells)).append('\n');
    }
    return text.toString();
  }

  private static String row(String label, List<JsonNode> figures) {
    List<double[]> judged = Report.points(figures, "val_accuracy");
    double best = judged.stream().mapToDouble(point -> point[1]).max().orElse(0);
    double seconds =
        figures.stream().mapToDouble(line -> line.path("processor_seconds").asDouble(0)).sum();
    return Report.format(
        "| %s | %d | %.2f %% | %.2f %% | %s |%n",
        label,
        figures.size(),
        100 * judged.getLast()[1],
        100 * best,
        seconds > 0 ? Report.format("%.1f", seconds / 60) : "");
  }
}
