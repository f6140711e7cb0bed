package dev.kinglet.cli;

import dev.kinglet.analysis.MemoryAccess;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Parameter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Shows a network layer by layer with its costs. */
final class SummaryCommand implements Command {
  private static final String ROW = "%-40s %-26s %-14s %12s %14s %12s";

  @Override
  public Syntax syntax() {
    return new Syntax(
        "summary",
        "Shows a network layer by layer: shapes, parameters, MACs, memory access.",
        Operands.one("MODEL"),
        List.of(Json.JSON, VariantOptions.CLASSES, VariantOptions.SET, VariantOptions.INPUT),
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
    if (arguments.has(Json.JSON)) {
      json(graph, console);
    } else {
      table(graph, console);
    }
    return 0;
  }

  private static void table(Graph graph, Console console) {
    console.line(row("layer", "operator", "output", "parameters", "MACs", "memory"));
    for (Node node : graph.nodes()) {
      console.line(
          row(
              node.name(),
              OpWords.of(node.op()),
              node.shape().toString(),
              number(parameters(node)),
              number(node.macs()),
              number(MemoryAccess.bytes(node))));
    }
    console.line("");
    console.line(
        String.format(
            Locale.ROOT,
            "%s: %s to %s, %,d parameters, %,d MACs, %,d bytes of memory access",
            graph.name(),
            graph.input().shape(),
            graph.output().shape(),
            graph.parameterCount(),
            graph.macs(),
            MemoryAccess.bytes(graph)));
  }

  private static String row(
      String name, String op, String output, String parameters, String macs, String memory) {
    return String.format(Locale.ROOT, ROW, name, op, output, parameters, macs, memory)
        .stripTrailing();
  }

  private static String number(long count) {
    return count == 0 ? "" : String.format(Locale.ROOT, "%,d", count);
  }

  private static long parameters(Node node) {
    long count = 0;
    for (Parameter parameter : node.parameters()) {
      count += parameter.learned() ? parameter.shape().elements() : 0;
    }
    return count;
  }

  private static void json(Graph graph, Console console) {
    try (JsonGenerator json = Json.on(console)) {
      json.writeStartObject();
      json.writeStringProperty("name", graph.name());
      json.writeStringProperty("input", graph.input().shape().toString());
      json.writeStringProperty("output", graph.output().shape().toString());
      json.writeNumberProperty("parameters", graph.parameterCount());
      json.writeNumberProperty("macs", graph.macs());
      json.writeNumberProperty("memory_access_bytes", MemoryAccess.bytes(graph));
      json.writeArrayPropertyStart("layers");
      for (Node node : graph.nodes()) {
        json.writeStartObject();
        json.writeStringProperty("name", node.name());
        json.writeStringProperty("op", OpWords.of(node.op()));
        json.writeStringProperty("output", node.shape().toString());
        json.writeNumberProperty("parameters", parameters(node));
        json.writeNumberProperty("macs", node.macs());
        json.writeNumberProperty("memory_access_bytes", MemoryAccess.bytes(node));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
