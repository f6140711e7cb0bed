package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Shape;
import java.util.List;

/**
 * EfficientNet-Lite 0 to 4: EfficientNet (Tan, Le 2019, arXiv 1905.11946) without squeeze-excite,
 * with ReLU6, and with stem, head, first and last stage of fixed depth or width (tensorflow/tpu,
 * 2020; no paper).
 *
 * <p>Names are timm's. Dialects: {@code tf} pads as TensorFlow does, with batch norm epsilon 1e-3,
 * as Google's checkpoints want it; {@code timm} pads symmetrically, with epsilon 1e-5; {@code
 * rangilyu} (RangiLyu's EfficientNet-Lite) symmetrically with 1e-3.
 */
final class EfficientNetLite {
  /** Kernel, first stride, expansion, width, number of blocks. */
  private record Stage(int kernel, int stride, int expansion, int channels, int blocks) {}

  // Table 1 of the paper, for 224 x 224; the stem makes 32 channels at 112.
  private static final List<Stage> STAGES =
      List.of(
          new Stage(3, 1, 1, 16, 1), // 112
          new Stage(3, 2, 6, 24, 2), // 56
          new Stage(5, 2, 6, 40, 2), // 28
          new Stage(3, 2, 6, 80, 3), // 14
          new Stage(5, 1, 6, 112, 3), // 14
          new Stage(5, 2, 6, 192, 4), // 7
          new Stage(3, 1, 6, 320, 1)); // 7

  private EfficientNetLite() {}

  static List<Variant> variants() {
    return List.of(
        variant(0, 1.0, 1.0, 224, 0.2),
        variant(1, 1.0, 1.1, 240, 0.2),
        variant(2, 1.1, 1.2, 260, 0.3),
        variant(3, 1.2, 1.4, 280, 0.3),
        variant(4, 1.4, 1.8, 300, 0.3));
  }

  private static Variant variant(int number, double width, double depth, int side, double dropout) {
    return new Variant(
        "efficientnet_lite",
        "efficientnet_lite" + number,
        Shape.of(3, side, side),
        1000,
        EfficientNetLite::build,
        Shared.width(width),
        Setting.decimal("depth", "scales the blocks of a stage, rounded up", depth, 0.1, 8),
        Shared.dialect("tf", "tf", "timm", "rangilyu"),
        Shared.stem(),
        Shared.dropout(dropout),
        Setting.decimal(
            "drop_path",
            "rate of dropped blocks at the end, in training; Google used 0.2",
            0,
            0,
            0.99));
  }

  private static Graph build(Choice choice) {
    Op.BatchNorm google = new Op.BatchNorm(1e-3f, 0.01f);
    Layers layers =
        switch (choice.text("dialect")) {
          case "tf" -> new Layers(choice, Layers.Padding.SAME, google);
          case "rangilyu" -> new Layers(choice, Layers.Padding.SYMMETRIC, google);
          default -> new Layers(choice);
        };
    double width = choice.number("width");
    int total = 0;
    for (int stage = 0; stage < STAGES.size(); stage++) {
      total += blocks(choice, stage);
    }
    Node x = layers.conv("conv_stem", layers.input(), 32, 3, choice.small() ? 1 : 2);
    x = layers.act(layers.norm("bn1", x), Function.RELU6);
    int number = 0;
    for (int stage = 0; stage < STAGES.size(); stage++) {
      Stage row = STAGES.get(stage);
      int out = Channels.divisible(row.channels() * width, 8);
      for (int block = 0; block < blocks(choice, stage); block++) {
        int stride = block > 0 || (choice.small() && stage == 1) ? 1 : row.stride();
        InvertedResidual.Names names =
            InvertedResidual.Names.timm("blocks." + stage + "." + block, row.expansion() > 1);
        double drop = choice.number("drop_path") * number / total;
        x =
            InvertedResidual.lay(
                layers, names, x, row.expansion(), out, row.kernel(), stride, drop);
        number++;
      }
    }
    x = layers.act(layers.norm("bn2", layers.conv("conv_head", x, 1280, 1, 1)), Function.RELU6);
    return layers.classify("classifier", x);
  }

  private static int blocks(Choice choice, int stage) {
    int blocks = STAGES.get(stage).blocks();
    boolean fixed = stage == 0 || stage == STAGES.size() - 1;
    return fixed ? blocks : (int) Math.ceil(blocks * choice.number("depth"));
  }
}
