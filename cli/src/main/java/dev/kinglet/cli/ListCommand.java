package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.graph.Graph;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;

/** Shows the zoo. */
final class ListCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "list",
        "Lists every network of the zoo with its size and cost.",
        Operands.NONE,
        List.of(Json.JSON),
        List.of(
            "Parameters are learned values. MACs are the multiply-accumulates of convolutions and"
                + " linear layers for one sample. Top-1 is the accuracy on ImageNet in percent (for"
                + " HybridSN the overall accuracy on its scene) as its authors state it. Weights"
                + " say whether official ones have been pulled, or can be."),
        List.of("kinglet list", "kinglet list --json"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    if (arguments.has(Json.JSON)) {
      json(console);
    } else {
      table(console);
    }
    return 0;
  }

  private static void table(Console console) {
    console.line(
        String.format(
            Locale.ROOT,
            "%-34s %12s %12s  %-12s %7s %6s  %s",
            "name",
            "parameters",
            "million MACs",
            "input",
            "classes",
            "top-1",
            "weights"));
    for (Variant variant : Zoo.variants()) {
      Graph graph = variant.build();
      OptionalDouble top1 = variant.published().top1();
      console.line(
          String.format(
              Locale.ROOT,
              "%-34s %,12d %12.1f  %-12s %7d %6s  %s",
              variant.name(),
              graph.parameterCount(),
              graph.macs() / 1e6,
              variant.input(),
              variant.classes(),
              top1.isPresent() ? String.format(Locale.ROOT, "%.2f", top1.getAsDouble()) : "-",
              weights(variant)));
    }
  }

  private static String weights(Variant variant) {
    if (OfficialWeights.arePulled(variant)) {
      return "pulled";
    }
    boolean fetchable =
        variant.checkpoints().stream().anyMatch(known -> known.address().isPresent());
    return fetchable ? "to pull" : "-";
  }

  private static void json(Console console) {
    try (JsonGenerator json = Json.on(console)) {
      json.writeStartArray();
      for (Variant variant : Zoo.variants()) {
        Graph graph = variant.build();
        json.writeStartObject();
        json.writeStringProperty("name", variant.name());
        json.writeStringProperty("family", variant.family());
        json.writeNumberProperty("parameters", graph.parameterCount());
        json.writeNumberProperty("macs", graph.macs());
        json.writeStringProperty("input", variant.input().toString());
        json.writeNumberProperty("classes", variant.classes());
        variant.published().top1().ifPresent(top1 -> json.writeNumberProperty("top1", top1));
        json.writeArrayPropertyStart("checkpoints");
        variant.checkpoints().forEach(known -> json.writeString(known.file()));
        json.writeEndArray();
        json.writeBooleanProperty("pulled", OfficialWeights.arePulled(variant));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }
}
