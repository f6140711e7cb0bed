package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.stream.Stream;

/**
 * MobileNetV1: depthwise and pointwise convolutions in turn (Howard et al. 2017, arXiv 1704.04861).
 *
 * <p>Names are timm's. Dialects: {@code timm} pads symmetrically; {@code tf} (slim) and {@code
 * keras} pad as TensorFlow does, with batch norm epsilon 1e-3. The activation is ReLU6 in all of
 * them, though the paper writes ReLU. The paper's table prints stride 2 for the last depthwise
 * layer, whose input and output are both 7 x 7: it is 1.
 */
final class MobileNetV1 {
  /** Width of a stage's blocks, their number, and the first one's stride. */
  private record Stage(int channels, int blocks, int stride) {}

  // Table 1 of the paper, for 224 x 224; the stem makes 32 channels at 112.
  private static final List<Stage> STAGES =
      List.of(
          new Stage(64, 1, 1), // 112
          new Stage(128, 2, 2), // 56
          new Stage(256, 2, 2), // 28
          new Stage(512, 6, 2), // 14
          new Stage(1024, 2, 2)); // 7

  private MobileNetV1() {}

  static List<Variant> variants() {
    return Stream.of(0.25, 0.5, 0.75, 1.0)
        .map(
            width ->
                new Variant(
                    "mobilenet_v1",
                    "mobilenet_v1_" + Shared.percent(width),
                    MobileNetV1::build,
                    Shared.width(width),
                    Shared.dialect("timm", "timm", "tf", "keras"),
                    Shared.stem(),
                    Shared.dropout(0.001)))
        .toList();
  }

  private static Graph build(Choice choice) {
    Layers layers =
        switch (choice.text("dialect")) {
          case "tf" -> new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.0003f));
          case "keras" -> new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.01f));
          default -> new Layers(choice);
        };
    boolean small = choice.small();
    Node x = layers.conv("conv_stem", layers.input(), channels(choice, 32), 3, small ? 1 : 2);
    x = layers.act(layers.norm("bn1", x), Function.RELU6);
    for (int stage = 0; stage < STAGES.size(); stage++) {
      Stage row = STAGES.get(stage);
      for (int block = 0; block < row.blocks(); block++) {
        String path = "blocks." + stage + "." + block;
        int stride = block > 0 || (small && stage == 1) ? 1 : row.stride();
        x = layers.depthwise(path + ".conv_dw", x, window(choice, layers, x, stride));
        x = layers.act(layers.norm(path + ".bn1", x), Function.RELU6);
        x = layers.conv(path + ".conv_pw", x, channels(choice, row.channels()), 1, 1);
        x = layers.act(layers.norm(path + ".bn2", x), Function.RELU6);
      }
    }
    return layers.classify("classifier", x);
  }

  /** Keras pads a stride of 2 after the map only, also where the size is odd. */
  private static Window window(Choice choice, Layers layers, Node in, int stride) {
    if (stride == 1 || !choice.is("dialect", "keras")) {
      return layers.window(in, 3, stride, 1);
    }
    List<Integer> ones = List.of(1, 1);
    return new Window(List.of(3, 3), List.of(2, 2), List.of(0, 0), ones, ones);
  }

  private static int channels(Choice choice, int channels) {
    double scaled = channels * choice.number("width");
    return switch (choice.text("dialect")) {
      case "tf" -> Math.max((int) scaled, 8);
      case "keras" -> Math.max((int) scaled, 1);
      default -> Channels.divisible(scaled, 8);
    };
  }
}
