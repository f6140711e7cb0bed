package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import java.util.List;
import java.util.stream.Stream;

/**
 * MobileNetV2: inverted residuals with linear bottlenecks (Sandler et al. 2018, arXiv 1801.04381).
 *
 * <p>Dialects: {@code torchvision} and {@code timm} compute the same under different names; {@code
 * tf} (slim) and {@code keras} bear torchvision's names, but pad as TensorFlow does, with batch
 * norm epsilon 1e-3.
 */
final class MobileNetV2 {
  /** The columns t, c, n and s of the table. */
  private record Stage(int expansion, int channels, int blocks, int stride) {}

  // Table 2 of the paper, for 224 x 224; the stem makes 32 channels at 112.
  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 16, 1, 1), // 112
          new Stage(6, 24, 2, 2), // 56
          new Stage(6, 32, 3, 2), // 28
          new Stage(6, 64, 4, 2), // 14
          new Stage(6, 96, 3, 1), // 14
          new Stage(6, 160, 3, 2), // 7
          new Stage(6, 320, 1, 1)); // 7

  private MobileNetV2() {}

  static List<Variant> variants() {
    return Stream.of(0.35, 0.5, 0.75, 1.0, 1.4)
        .map(
            width ->
                new Variant(
                    "mobilenet_v2",
                    "mobilenet_v2_" + Shared.percent(width),
                    MobileNetV2::build,
                    Shared.width(width),
                    Shared.dialect("torchvision", "torchvision", "timm", "tf", "keras"),
                    Shared.stem(),
                    Shared.dropout(0.2)))
        .toList();
  }

  private static Graph build(Choice choice) {
    Layers layers =
        switch (choice.text("dialect")) {
          case "tf" -> new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.003f));
          case "keras" -> new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.001f));
          default -> new Layers(choice);
        };
    boolean timm = choice.is("dialect", "timm");
    double width = choice.number("width");
    Node x =
        layers.conv(
            timm ? "conv_stem" : "features.0.0",
            layers.input(),
            channels(choice, 32),
            3,
            choice.small() ? 1 : 2);
    x = layers.act(layers.norm(timm ? "bn1" : "features.0.1", x), Function.RELU6);
    int number = 1;
    for (int stage = 0; stage < STAGES.size(); stage++) {
      Stage row = STAGES.get(stage);
      for (int block = 0; block < row.blocks(); block++) {
        InvertedResidual.Names names =
            timm
                ? InvertedResidual.Names.timm("blocks." + stage + "." + block, row.expansion() > 1)
                : InvertedResidual.Names.torchvision("features." + number, row.expansion() > 1);
        int stride = block > 0 || (choice.small() && stage == 1) ? 1 : row.stride();
        int out = channels(choice, row.channels());
        x = InvertedResidual.lay(layers, names, x, row.expansion(), out, 3, stride, 0);
        number++;
      }
    }
    int last = Channels.divisible(1280 * Math.max(1, width), 8);
    x = layers.conv(timm ? "conv_head" : "features." + number + ".0", x, last, 1, 1);
    x = layers.act(layers.norm(timm ? "bn2" : "features." + number + ".1", x), Function.RELU6);
    return layers.classify(timm ? "classifier" : "classifier.1", x);
  }

  private static int channels(Choice choice, int channels) {
    double scaled = channels * choice.number("width");
    return Channels.divisible(choice.is("dialect", "keras") ? (int) scaled : scaled, 8);
  }
}
