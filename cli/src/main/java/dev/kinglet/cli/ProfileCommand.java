package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.StepTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Shows where a network's time goes, step by step of what the engine runs. */
final class ProfileCommand implements Command {
  private static final int RUNS = 51;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "profile",
        "Shows where a network's time goes, step by step.",
        Operands.one("MODEL"),
        List.of(
            EngineOptions.ENGINE,
            EngineOptions.ISA,
            EngineOptions.THREADS,
            BenchCommand.BATCH,
            Json.JSON,
            VariantOptions.CLASSES,
            VariantOptions.SET,
            VariantOptions.INPUT),
        List.of(
            "Each step of the lowered program (kinglet summary --lowered) with the median of its"
                + " times over "
                + RUNS
                + " runs and its share of their sum. A name of kinglet list has the weights that"
                + " kinglet bench gives it."),
        List.of("kinglet profile mobilenet_v2_100", "kinglet profile my-network.onnx --threads 2"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    int batch = BenchCommand.batch(arguments);
    Plan plan = BenchCommand.model(arguments, "profile").compile(EngineOptions.engine(arguments));
    Session session = BenchCommand.filled(plan, batch);
    List<StepTime> steps = session.profile(batch);
    long[][] times = new long[steps.size()][RUNS];
    for (int run = 0; run < RUNS; run++) {
      List<StepTime> found = session.profile(batch);
      for (int i = 0; i < times.length; i++) {
        times[i][run] = found.get(i).nanoseconds();
      }
    }
    double[] medians = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      Arrays.sort(times[i]);
      medians[i] = times[i][RUNS / 2] / 1e6;
    }
    if (arguments.has(Json.JSON)) {
      json(plan, batch, steps, medians, console);
    } else {
      table(steps, medians, console);
    }
    return 0;
  }

  private static void table(List<StepTime> steps, double[] medians, Console console) {
    double sum = Arrays.stream(medians).sum();
    console.line("      ms    share  step");
    for (int i = 0; i < medians.length; i++) {
      console.line(
          String.format(
              Locale.ROOT,
              "%8.4f %6.1f %%  %s",
              medians[i],
              100 * medians[i] / sum,
              steps.get(i).step()));
    }
    console.line(
        String.format(Locale.ROOT, "%8.4f           sum of %d steps", sum, medians.length));
  }

  private static void json(
      Plan plan, int batch, List<StepTime> steps, double[] medians, Console console) {
    try (JsonGenerator json = Json.on(console)) {
      json.writeStartObject();
      BenchCommand.identify(json, plan, batch);
      json.writeNumberProperty("sum_ms", Arrays.stream(medians).sum());
      json.writeArrayPropertyStart("steps");
      for (int i = 0; i < medians.length; i++) {
        json.writeStartObject();
        json.writeStringProperty("name", steps.get(i).name());
        json.writeStringProperty("step", steps.get(i).step());
        json.writeNumberProperty("median_ms", medians[i]);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
