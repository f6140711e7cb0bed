package dev.kinglet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Results as CSV and Markdown, ratios first. */
final class Table {
  private Table() {}

  static void write(Path out, List<Result> results, String[] arguments) throws IOException {
    Files.writeString(Path.of(out + ".csv"), csv(results));
    Files.writeString(Path.of(out + ".md"), markdown(results, arguments));
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
    StringBuilder text = new StringBuilder("network,threads,batch,contestant,version,round,ms\n");
    for (Result result : results) {
      result
          .times()
          .forEach(
              (name, times) -> {
                for (int round = 0; round < times.size(); round++) {
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "%s,%d,%d,%s,%s,%d,%.4f%n",
                          result.task().network(),
                          result.task().threads(),
                          result.task().batch(),
                          name,
                          result.versions().get(name),
                          round,
                          times.get(round) / 1e6));
                }
              });
    }
    return text.toString();
  }

  static String markdown(List<Result> results, String[] arguments) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Map<String, String> versions = new LinkedHashMap<>();
    for (Result result : results) {
      names.addAll(result.times().keySet());
      versions.putAll(result.versions());
    }
    List<String> contestants = new ArrayList<>(names);
    String ours = contestants.getFirst();
    StringBuilder text = new StringBuilder();
    text.append("CPU: ").append(cpu()).append("\n\n");
    text.append("Command: `bench/race ").append(String.join(" ", arguments)).append("`\n\n");
    text.append("Versions: ").append(versions).append("\n\n");
    text.append("Ratio: ").append(ours).append("'s time to the peer's, median over the rounds;");
    text.append(" below 1 it is the faster. Times are medians in milliseconds.\n\n");
    text.append("| network | threads | batch |");
    contestants.stream().skip(1).forEach(name -> text.append(" / ").append(name).append(" |"));
    contestants.forEach(name -> text.append(' ').append(name).append(" ms |"));
    text.append("\n| --- | --- | --- |").append(" --- |".repeat(2 * contestants.size() - 1));
    text.append('\n');
    for (Result result : results) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d |",
              result.task().network(),
              result.task().threads(),
              result.task().batch()));
      boolean here = result.times().containsKey(ours);
      for (String name : contestants.subList(1, contestants.size())) {
        boolean both = here && result.times().containsKey(name);
        text.append(
            both ? String.format(Locale.ROOT, " %.2f |", result.ratio(ours, name)) : " – |");
      }
      for (String name : contestants) {
        text.append(
            result.times().containsKey(name)
                ? String.format(Locale.ROOT, " %.2f |", result.milliseconds(name))
                : " – |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String cpu() throws IOException {
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
