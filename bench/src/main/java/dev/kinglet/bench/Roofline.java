package dev.kinglet.bench;

import dev.kinglet.engine.Ceiling;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.SettledWeights;
import dev.kinglet.engine.StepTime;
import dev.kinglet.graph.Graph;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Times each lowered step of networks of the zoo beside the least that this core's ceilings allow:
 * multiply-adds at their peak, or values out of the second cache and weights out of the third.
 */
final class Roofline {
  private static final int WORST = 6;

  private final Ceiling ceiling;
  private final Settings settings;
  private final Options options;
  private final StringBuilder csv =
      new StringBuilder("network,step,us,bound_us,macs,value_bytes,weight_bytes,peak_share\n");
  private final StringBuilder summary = new StringBuilder();
  private final StringBuilder details = new StringBuilder();

  private Roofline(Ceiling ceiling, Settings settings, Optional<Isa> isa) {
    this.ceiling = ceiling;
    this.settings = settings;
    options = isa.map(Options.defaults()::withIsa).orElse(Options.defaults());
  }

  /**
   * Options: {@code networks}, {@code isa} ({@code avx2} or {@code avx512}; the best if empty),
   * {@code runs}, {@code out} (file name without ending).
   */
  public static void main(String[] arguments) throws IOException {
    Settings settings =
        new Settings(
                "networks",
                String.join(",", Race.NETWORKS),
                "isa",
                "",
                "runs",
                "51",
                "out",
                "roofline")
            .read(arguments);
    Optional<Isa> isa =
        Optional.of(settings.get("isa"))
            .filter(name -> !name.isEmpty())
            .map(name -> Isa.valueOf(name.toUpperCase(Locale.ROOT)));
    Ceiling ceiling =
        Engine.ceiling(isa)
            .orElseThrow(() -> new IllegalStateException("machine code cannot run here"));
    Roofline roofline = new Roofline(ceiling, settings, isa);
    for (String network : settings.list("networks")) {
      roofline.add(network);
    }
    Path out = Path.of(settings.get("out"));
    String text = roofline.text(arguments);
    Files.writeString(Path.of(out + ".csv"), roofline.csv);
    Files.writeString(Path.of(out + ".md"), text);
    System.out.println(text);
  }

  private void add(String network) {
    Graph graph = Zoo.variant(network).build();
    Plan plan = Engine.compile(graph, SettledWeights.of(graph, 1), options);
    Session session = plan.session();
    for (long i = 0; i < session.input().byteSize() / Float.BYTES; i++) {
      session.input().setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 97) / 48f - 1);
    }
    int runs = settings.number("runs");
    long[] whole = new long[runs];
    for (int run = -runs; run < runs; run++) {
      long start = System.nanoTime();
      session.run(1);
      whole[Math.max(run, 0)] = System.nanoTime() - start;
    }
    List<StepTime> steps = session.profile(1);
    long[][] times = new long[steps.size()][runs];
    for (int run = 0; run < runs; run++) {
      List<StepTime> found = session.profile(1);
      for (int i = 0; i < times.length; i++) {
        times[i][run] = found.get(i).nanoseconds();
      }
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      lines.add(new Line(steps.get(i), median(times[i]), ceiling.nanoseconds(steps.get(i))));
    }
    report(network, median(whole), lines);
  }

  /** A step, its time and the least that it could take, in nanoseconds. */
  private record Line(StepTime step, double time, double bound) {
    double lost() {
      return time - bound;
    }

    /** What kind of step this is, from its description. */
    String kind() {
      String text = step.step();
      int at = text.indexOf(" = ");
      if (at < 0) {
        return "moves and borders";
      }
      String what = text.substring(at + 3);
      if (what.startsWith("depthwise")) {
        return "depthwise";
      }
      if (what.startsWith("linear") || what.startsWith("squeeze-excite")) {
        return "linear and squeeze-excite";
      }
      if (what.startsWith("convolution")) {
        return "convolution";
      }
      return "other";
    }
  }

  private static double median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void report(String network, double whole, List<Line> lines) {
    long macs = 0;
    double bound = 0;
    Map<String, double[]> kinds = new LinkedHashMap<>();
    for (String kind :
        List.of(
            "convolution",
            "depthwise",
            "linear and squeeze-excite",
            "other",
            "moves and borders")) {
      kinds.put(kind, new double[2]);
    }
    for (Line line : lines) {
      macs += line.step.macs();
      bound += line.bound;
      double[] kind = kinds.get(line.kind());
      kind[0] += line.time;
      kind[1] += line.bound;
      line(csv, "%s,\"%s\",%.1f,%.1f,%d,%d,%d,%.3f%n", network, line);
    }
    format(
        summary,
        "| %s | %.2f | %.2f | %.2f | %.0f %% |",
        network,
        whole / 1e6,
        macs / ceiling.macs() / 1e6,
        bound / 1e6,
        100 * macs / ceiling.macs() / whole);
    if (paired()) {
      format(summary, " %.0f %% |", 100 * macs / ceiling.pairs() / whole);
    }
    for (double[] kind : kinds.values()) {
      format(summary, " %.0f / %.0f |", kind[0] / 1e3, kind[1] / 1e3);
    }
    summary.append('\n');
    details.append("\n### ").append(network).append("\n\n");
    details.append("| step | us | least us | of peak | MACs | values, bytes | weights, bytes |\n");
    details.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    lines.stream()
        .sorted(Comparator.comparingDouble(Line::lost).reversed())
        .limit(WORST)
        .forEach(
            line ->
                format(
                    details,
                    "| `%s` | %.1f | %.1f | %.0f %% | %d | %d | %d |%n",
                    line.step.step().replaceAll(" {2,}", " "),
                    line.time / 1e3,
                    line.bound / 1e3,
                    100 * share(line),
                    line.step.macs(),
                    line.step.values(),
                    line.step.weights()));
  }

  private boolean paired() {
    return ceiling.pairs() > 0;
  }

  private double share(Line line) {
    return line.step.macs() / ceiling.macs() / line.time;
  }

  private void line(StringBuilder text, String format, String network, Line line) {
    StepTime step = line.step;
    format(
        text,
        format,
        network,
        step.step().replaceAll(" {2,}", " "),
        line.time / 1e3,
        line.bound / 1e3,
        step.macs(),
        step.values(),
        step.weights(),
        share(line));
  }

  private static void format(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  private String text(String[] arguments) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("CPU: ").append(Table.cpu()).append("\n\n");
    text.append("Command: `bench/roofline ").append(String.join(" ", arguments)).append("`\n\n");
    format(
        text,
        "One core, %s, measured by emitted code: %.0f GFLOP/s (two a multiply-add), %.0f GB/s read"
            + " out of 512 KB, %.0f GB/s out of 8 MB.%n%n",
        ceiling.isa(),
        2 * ceiling.macs(),
        ceiling.near(),
        ceiling.far());
    if (paired()) {
      format(
          text,
          "Sums with two thirds of their terms in pairs, in registers: %.1f thousand million"
              + " multiply-adds a second, where the multipliers alone do %.1f; *of pairs* is the"
              + " share of that.%n%n",
          ceiling.pairs(),
          ceiling.macs());
    }
    text.append(
        "One thread, batch 1. *Peak* is the multiply-adds alone. *Least* adds, for each step, what"
            + " its bytes need where that is more: values out of 512 KB, weights out of 8 MB, each"
            + " once. *Of peak* is peak / time; sums by pairs of terms and convolutions by tiles"
            + " multiply less often than the network's definition does, and can be above 100 %. The"
            + " kinds of steps stand as time / least, in microseconds.\n\n");
    text.append("| network | ms | peak, ms | least, ms | of peak |");
    text.append(paired() ? " of pairs |" : "").append(" convolution | depthwise |");
    text.append(" linear, squeeze-excite | other | moves and borders |\n");
    text.append("| --- ".repeat(paired() ? 11 : 10)).append("|\n").append(summary);
    text.append("\n## Steps that lose most\n").append(details);
    return text.toString();
  }
}
