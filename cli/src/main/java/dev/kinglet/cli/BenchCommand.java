package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.SettledWeights;
import dev.kinglet.graph.Graph;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Measures how long this engine needs for a network. */
final class BenchCommand implements Command {
  static final Option BATCH = Option.value("--batch", "N", "samples a run (default: 1)");
  private static final Option SECONDS =
      Option.value(
          "--seconds", "S", "how long to measure, after a quarter of it warm (default: 3)");
  private static final int LEAST_RUNS = 5;
  private static final int MOST_RUNS = 1 << 20;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "bench",
        "Measures this engine's time for a network, one line.",
        Operands.one("MODEL"),
        List.of(
            EngineOptions.ENGINE,
            EngineOptions.ISA,
            EngineOptions.THREADS,
            BATCH,
            SECONDS,
            Json.JSON,
            VariantOptions.CLASSES,
            VariantOptions.SET,
            VariantOptions.INPUT),
        List.of(
            "MODEL is a name of kinglet list, with weights by chance and batch norms that have the"
                + " statistics of random samples, so that activations have the sizes of a trained"
                + " network's; or an .onnx file. The time is that of one run, without reading or"
                + " preparing pictures."),
        List.of(
            "kinglet bench mobilenet_v2_100",
            "kinglet bench shufflenet_v2_x1_0 --threads 2 --batch 8 --json",
            "kinglet bench my-network.onnx --engine java"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    double seconds = arguments.positive(SECONDS, 3);
    int batch = batch(arguments);
    Plan plan = model(arguments, "bench").compile(EngineOptions.engine(arguments));
    Session session = filled(plan, batch);
    times(session, batch, seconds / 4);
    long[] times = times(session, batch, seconds);
    Arrays.sort(times);
    report(arguments.has(Json.JSON), plan, batch, times, console);
    return 0;
  }

  /** The samples a run that the options ask for. */
  static int batch(Arguments arguments) {
    return arguments.number(BATCH, 1, 4096).orElse(1);
  }

  /** The model of the operand; a variant with weights by chance, settled. */
  static Model model(Arguments arguments, String command) {
    String word = arguments.operand();
    if (Models.isFile(word)) {
      return Models.open(word, arguments, command);
    }
    Graph graph = Models.graph(word, arguments, command);
    return Model.of(graph, SettledWeights.of(graph, 1));
  }

  /** A session whose input holds samples by chance. */
  static Session filled(Plan plan, int batch) {
    Session session = plan.session(batch);
    float[] samples = Samples.uniform(plan.graph().input().shape().prepend(batch));
    MemorySegment.copy(samples, 0, session.input(), ValueLayout.JAVA_FLOAT, 0, samples.length);
    return session;
  }

  /** Says what was measured. */
  static void identify(JsonGenerator json, Plan plan, int batch) {
    json.writeStringProperty("model", plan.graph().name());
    json.writeStringProperty("engine", engine(plan));
    json.writeStringProperty("isa", isa(plan));
    json.writeNumberProperty("threads", plan.threads());
    json.writeNumberProperty("batch", batch);
  }

  private static String engine(Plan plan) {
    return plan.backend().name().toLowerCase(Locale.ROOT);
  }

  private static String isa(Plan plan) {
    return plan.isa().map(known -> known.name().toLowerCase(Locale.ROOT)).orElse(null);
  }

  /** The nanoseconds of each run, for as long as asked, but of a few runs at least. */
  private static long[] times(Session session, int batch, double seconds) {
    long[] times = new long[1024];
    int runs = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long last = System.nanoTime();
    while (runs < LEAST_RUNS || last < end && runs < MOST_RUNS) {
      session.run(batch);
      long now = System.nanoTime();
      if (runs == times.length) {
        times = Arrays.copyOf(times, 2 * runs);
      }
      times[runs++] = now - last;
      last = now;
    }
    return Arrays.copyOf(times, runs);
  }

  private static void report(boolean asJson, Plan plan, int batch, long[] sorted, Console console) {
    double median = milliseconds(sorted, 0.5);
    double least = milliseconds(sorted, 0);
    double slow = milliseconds(sorted, 0.9);
    if (asJson) {
      try (JsonGenerator json = Json.on(console)) {
        json.writeStartObject();
        identify(json, plan, batch);
        json.writeNumberProperty("median_ms", median);
        json.writeNumberProperty("min_ms", least);
        json.writeNumberProperty("p90_ms", slow);
        json.writeNumberProperty("runs", sorted.length);
        json.writeEndObject();
        json.writeRaw('\n');
      }
      return;
    }
    console.line(
        String.format(
            Locale.ROOT,
            "%s  %s  %d thread%s  batch %d  median %.3f ms  min %.3f ms  p90 %.3f ms"
                + "  %.0f samples/s  (%d runs)",
            plan.graph().name(),
            isa(plan) == null ? engine(plan) : engine(plan) + " " + isa(plan),
            plan.threads(),
            plan.threads() == 1 ? "" : "s",
            batch,
            median,
            least,
            slow,
            batch * 1000 / median,
            sorted.length));
  }

  private static double milliseconds(long[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))] / 1e6;
  }
}
