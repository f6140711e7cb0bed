package dev.kinglet.cli;

import dev.kinglet.analysis.Guidelines;
import dev.kinglet.analysis.Pointwise;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Looks at networks by ShuffleNetV2's four guidelines. */
final class GuidelinesCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "guidelines",
        "Looks at networks by the four guidelines of ShuffleNetV2 (Ma et al. 2018).",
        Operands.some("MODEL"),
        List.of(Json.JSON, VariantOptions.CLASSES, VariantOptions.SET, VariantOptions.INPUT),
        List.of(
            "G1, equal channel widths: the memory access of 1 x 1 convolutions over the least that"
                + " their work allows. G2, few groups: the same for those with groups. G3, few"
                + " fragments: convolutions, linear layers and poolings, and the most values that"
                + " one operator joins. G4, few element-wise operations: their share of all memory"
                + " access, and how much heavier depthwise convolutions weigh in access than in"
                + " work. These are counts, not times."),
        List.of(
            "kinglet guidelines mobilenet_v2_100 shufflenet_v1_g3_x1_0 shufflenet_v2_x1_0",
            "kinglet guidelines my-network.onnx --json"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    List<Guidelines> all = new ArrayList<>();
    for (String word : arguments.operands()) {
      all.add(Guidelines.of(Models.graph(word, arguments, "guidelines")));
    }
    if (arguments.has(Json.JSON)) {
      json(all, console);
    } else {
      table(all, console);
    }
    return 0;
  }

  private static void table(List<Guidelines> all, Console console) {
    console.line(
        String.format(
            Locale.ROOT,
            "%-34s %9s %9s %12s %10s %14s %12s",
            "network",
            "G1 widths",
            "G2 groups",
            "G3 fragments",
            "G3 joins",
            "G4 elementwise",
            "G4 depthwise"));
    for (Guidelines one : all) {
      console.line(
          String.format(
              Locale.ROOT,
              "%-34s %8.2fx %8.2fx %12d %10d %12.1f %% %11.1fx",
              one.graph(),
              one.unequalWidths(),
              one.groups(),
              one.fragments(),
              one.branches(),
              100 * one.elementwiseShare(),
              one.depthwiseWeight()));
    }
  }

  private static void json(List<Guidelines> all, Console console) {
    try (JsonGenerator json = Json.on(console)) {
      json.writeStartArray();
      for (Guidelines one : all) {
        json.writeStartObject();
        json.writeStringProperty("name", one.graph());
        json.writeNumberProperty("g1_unequal_widths", one.unequalWidths());
        json.writeNumberProperty("g2_groups", one.groups());
        json.writeNumberProperty("g3_fragments", one.fragments());
        json.writeNumberProperty("g3_macs_per_fragment", one.macsPerFragment());
        json.writeNumberProperty("g3_branches", one.branches());
        json.writeNumberProperty("g4_elementwise_share", one.elementwiseShare());
        json.writeNumberProperty("g4_depthwise_weight", one.depthwiseWeight());
        json.writeArrayPropertyStart("pointwise");
        for (Pointwise layer : one.pointwise()) {
          json.writeStartObject();
          json.writeStringProperty("name", layer.name());
          json.writeNumberProperty("access", layer.access());
          json.writeNumberProperty("least_access", layer.leastAccess());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }
}
