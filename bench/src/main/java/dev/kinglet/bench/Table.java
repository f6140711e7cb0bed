package dev.kinglet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Results as CSV and Markdown, ratios first. */
final class Table {
  private Table() {}

  private static final String HEADER = "network,threads,batch,contestant,version,round,ms";

  static void write(Path out, List<Result> results, String arguments) throws IOException {
    Files.writeString(Path.of(out + ".csv"), csv(results));
    Files.writeString(Path.of(out + ".md"), markdown(results, arguments));
  }

  /** The results that OUT.csv holds; none if there is no such file. */
  static List<Result> read(Path out) throws IOException {
    Path file = Path.of(out + ".csv");
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(file);
    if (!lines.getFirst().equals(HEADER)) {
      throw new IOException(file + " is no table of this program.");
    }
    Map<String, Result> results = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      int threads = Integer.parseInt(cells[1]);
      int batch = Integer.parseInt(cells[2]);
      Result result =
          results.computeIfAbsent(
              cells[0] + "," + threads + "," + batch,
              _ -> new Result(new Task(cells[0], Path.of(""), "", threads, batch)));
      if (cells[5].isEmpty()) {
        result.absent().put(cells[3], cells[4]);
      } else {
        result.versions().put(cells[3], cells[4]);
        result
            .times()
            .computeIfAbsent(cells[3], _ -> new ArrayList<>())
            .add(Double.parseDouble(cells[6]) * 1e6);
      }
    }
    return List.copyOf(results.values());
  }

  static String line(Result result) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-24s threads %d batch %d:",
                result.task().network(),
                result.task().threads(),
                result.task().batch()));
    for (String name : result.times().keySet()) {
      line.append(String.format(Locale.ROOT, "  %s %.3f ms", name, result.milliseconds(name)));
    }
    return line.toString();
  }

  private static String csv(List<Result> results) {
    StringBuilder text = new StringBuilder(HEADER + "\n");
    for (Result result : results) {
      Task task = result.task();
      String key = task.network() + "," + task.threads() + "," + task.batch() + ",";
      result
          .times()
          .forEach(
              (name, times) -> {
                for (int round = 0; round < times.size(); round++) {
                  text.append(key).append(name).append(',').append(result.versions().get(name));
                  text.append(
                      String.format(Locale.ROOT, ",%d,%.4f%n", round, times.get(round) / 1e6));
                }
              });
      result
          .absent()
          .forEach(
              (name, reason) ->
                  text.append(key).append(name).append(',').append(reason).append(",,\n"));
    }
    return text.toString();
  }

  static String markdown(List<Result> results, String arguments) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Map<String, String> versions = new LinkedHashMap<>();
    for (Result result : results) {
      names.addAll(result.times().keySet());
      names.addAll(result.absent().keySet());
      versions.putAll(result.versions());
    }
    List<String> ours = names.stream().filter(name -> name.startsWith("kinglet")).toList();
    if (ours.isEmpty()) {
      ours = names.stream().limit(1).toList();
    }
    List<String> peers = new ArrayList<>(names);
    peers.removeAll(ours);
    StringBuilder text = new StringBuilder();
    text.append("CPU: ").append(cpu()).append("\n\n");
    text.append("Command: `bench/race ").append(arguments).append("`\n\n");
    text.append("Versions: ").append(versions).append("\n\n");
    text.append(
        "Ratio: one contestant's time to the peer's, median over the rounds; below 1 it is the"
            + " faster. The best peer is the one with the highest ratio. Times are medians in"
            + " milliseconds.\n\nBefore the race everybody computes the same input; whose numbers"
            + " differ from the first one's by more than a thousandth of the largest does not take"
            + " part.\n");
    if (results.stream().anyMatch(result -> result.task().threads() > 1)) {
      text.append(
          "\nA turn on several threads is repeated where, before or behind it, threads that only"
              + " multiply and add had less than 0.8 of a lone thread's speed each: the host then"
              + " runs two processors on one core.\n");
    }
    for (String our : ours) {
      ratios(text, results, our, peers);
    }
    milliseconds(text, results, names);
    absent(text, results);
    return text.toString();
  }

  private static void ratios(
      StringBuilder text, List<Result> results, String our, List<String> peers) {
    text.append("\n## ").append(our).append(" to each\n\n");
    boolean several = peers.size() > 1;
    List<String> columns = new ArrayList<>(peers.stream().map(peer -> "/ " + peer).toList());
    if (several) {
      columns.add("/ best peer");
    }
    head(text, columns);
    for (Result result : results) {
      row(text, result.task());
      double best = 0;
      for (String peer : peers) {
        if (result.times().containsKey(our) && result.times().containsKey(peer)) {
          double ratio = result.ratio(our, peer);
          best = Math.max(best, ratio);
          text.append(String.format(Locale.ROOT, " %.2f |", ratio));
        } else {
          text.append(" – |");
        }
      }
      text.append(!several ? "" : best > 0 ? String.format(Locale.ROOT, " %.2f |", best) : " – |");
      text.append('\n');
    }
  }

  private static void milliseconds(
      StringBuilder text, List<Result> results, Collection<String> names) {
    text.append("\n## Milliseconds\n\n");
    head(text, names);
    for (Result result : results) {
      row(text, result.task());
      for (String name : names) {
        text.append(
            result.times().containsKey(name)
                ? String.format(Locale.ROOT, " %.2f |", result.milliseconds(name))
                : " – |");
      }
      text.append('\n');
    }
  }

  private static void head(StringBuilder text, Collection<String> columns) {
    text.append("| network | threads | batch |");
    columns.forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n| --- | --- | --- |").append(" --- |".repeat(columns.size())).append('\n');
  }

  private static void row(StringBuilder text, Task task) {
    text.append("| ").append(task.network()).append(" | ").append(task.threads());
    text.append(" | ").append(task.batch()).append(" |");
  }

  /** Why there is a dash. */
  private static void absent(StringBuilder text, List<Result> results) {
    Set<String> reasons = new LinkedHashSet<>();
    for (Result result : results) {
      result
          .absent()
          .forEach(
              (name, reason) ->
                  reasons.add("- " + name + ", " + result.task().network() + ": " + reason));
    }
    if (!reasons.isEmpty()) {
      text.append("\nWhat does not run (–):\n\n").append(String.join("\n", reasons)).append('\n');
    }
  }

  static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    String model = System.getProperty("os.arch");
    boolean wide = false;
    if (Files.exists(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          model = line.substring(line.indexOf(':') + 2);
        }
        if (line.startsWith("cpu family") || line.startsWith("model\t")) {
          model += ", " + line.replaceAll("\\s*:\\s*", " ");
        }
        if (line.startsWith("flags")) {
          wide = line.contains("avx512f");
          break;
        }
      }
    }
    return model
        + (wide ? ", AVX-512" : ", no AVX-512")
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores";
  }
}
