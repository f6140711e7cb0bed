package dev.kinglet.cli;

import dev.kinglet.analysis.Summary;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.engine.Engine;
import dev.kinglet.graph.Graph;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Shows a network layer by layer with its costs. */
final class SummaryCommand implements Command {
  private static final Option LOWERED =
      Option.flag("--lowered", "what the engine makes of it, before and after each rewrite");
  private static final String ROW = "%-40s %-26s %-14s %12s %14s %12s";

  @Override
  public Syntax syntax() {
    return new Syntax(
        "summary",
        "Shows a network layer by layer: shapes, parameters, MACs, memory access.",
        Operands.one("MODEL"),
        List.of(
            Json.JSON, LOWERED, VariantOptions.CLASSES, VariantOptions.SET, VariantOptions.INPUT),
        List.of(
            "MODEL is a name of kinglet list, or an .onnx file. Parameters are learned values. MACs"
                + " are the multiply-accumulates of convolutions and linear layers for one sample."
                + " Memory access is what each layer reads and writes in float32, in bytes: inputs,"
                + " output and parameters, each once."),
        List.of(
            "kinglet summary mobilenet_v2_100",
            "kinglet summary shufflenet_v2_x1_0 --input 3x160x160 --json",
            "kinglet summary efficientnet_lite0 --set dialect=tf",
            "kinglet summary my-network.onnx"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    Graph graph = Models.graph(arguments.operand(), arguments, "summary");
    if (arguments.has(LOWERED)) {
      if (arguments.has(Json.JSON)) {
        throw new UsageException("--lowered is text; leave out --json", "summary");
      }
      lowered(graph, console);
      return 0;
    }
    Summary summary = Summary.of(graph);
    if (arguments.has(Json.JSON)) {
      json(summary, console);
    } else {
      table(summary, console);
    }
    return 0;
  }

  private static void lowered(Graph graph, Console console) {
    for (Engine.Lowered stage : Engine.lowered(graph)) {
      console.line("== " + stage.rewrite());
      console.line(stage.program().stripTrailing());
      console.line("");
    }
  }

  private static void table(Summary summary, Console console) {
    console.line(row("layer", "operator", "output", "parameters", "MACs", "memory"));
    for (Summary.Layer layer : summary.layers()) {
      console.line(
          row(
              layer.name(),
              OpWords.of(layer.op()),
              layer.output().toString(),
              number(layer.parameters()),
              number(layer.macs()),
              number(layer.memoryAccessBytes())));
    }
    console.line("");
    console.line(
        String.format(
            Locale.ROOT,
            "%s: %s to %s, %,d parameters, %,d MACs, %,d bytes of memory access",
            summary.name(),
            summary.input(),
            summary.output(),
            summary.parameters(),
            summary.macs(),
            summary.memoryAccessBytes()));
  }

  private static String row(
      String name, String op, String output, String parameters, String macs, String memory) {
    return String.format(Locale.ROOT, ROW, name, op, output, parameters, macs, memory)
        .stripTrailing();
  }

  private static String number(long count) {
    return count == 0 ? "" : String.format(Locale.ROOT, "%,d", count);
  }

  private static void json(Summary summary, Console console) {
    try (JsonGenerator json = Json.on(console)) {
      json.writeStartObject();
      json.writeStringProperty("name", summary.name());
      json.writeStringProperty("input", summary.input().toString());
      json.writeStringProperty("output", summary.output().toString());
      json.writeNumberProperty("parameters", summary.parameters());
      json.writeNumberProperty("macs", summary.macs());
      json.writeNumberProperty("memory_access_bytes", summary.memoryAccessBytes());
      json.writeArrayPropertyStart("layers");
      for (Summary.Layer layer : summary.layers()) {
        json.writeStartObject();
        json.writeStringProperty("name", layer.name());
        json.writeStringProperty("op", OpWords.of(layer.op()));
        json.writeStringProperty("output", layer.output().toString());
        json.writeNumberProperty("parameters", layer.parameters());
        json.writeNumberProperty("macs", layer.macs());
        json.writeNumberProperty("memory_access_bytes", layer.memoryAccessBytes());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
