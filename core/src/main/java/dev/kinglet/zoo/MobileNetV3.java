package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import java.util.ArrayList;
import java.util.List;

/**
 * MobileNetV3: searched inverted residuals with squeeze-excite and hard swish (Howard et al. 2019,
 * arXiv 1905.02244).
 *
 * <p>{@code torchvision} scales the table's expanded widths; {@code timm}, {@code tf} and {@code
 * keras} scale the input and multiply it by the row's ratio, which is the rule of every published
 * checkpoint other than width 1. {@code tf} and {@code keras} bear timm's names and pad as
 * TensorFlow does, with batch norm epsilon 1e-3. The paper's squeeze-excite on the small network's
 * last convolution and its head of 1280 are in no implementation: here they are not either.
 */
final class MobileNetV3 {
  /**
   * Kernel, expanded width and its ratio, width, squeeze-excite, hard swish, stride, timm's stage.
   */
  private record Row(
      int kernel,
      int expanded,
      double ratio,
      int out,
      boolean gate,
      boolean swish,
      int stride,
      int stage) {
    Row minimal() {
      return new Row(3, expanded, ratio, out, false, false, stride, stage);
    }

    Row halved(boolean expansionToo) {
      int wide = expansionToo ? expanded / 2 : expanded;
      return new Row(kernel, wide, ratio, out / 2, gate, swish, stride, stage);
    }
  }

  // Table 1 of the paper, for 224 x 224; the stem makes 16 channels at 112.
  private static final List<Row> LARGE =
      List.of(
          new Row(3, 16, 1, 16, false, false, 1, 0), // 112
          new Row(3, 64, 4, 24, false, false, 2, 1), // 56
          new Row(3, 72, 3, 24, false, false, 1, 1),
          new Row(5, 72, 3, 40, true, false, 2, 2), // 28
          new Row(5, 120, 3, 40, true, false, 1, 2),
          new Row(5, 120, 3, 40, true, false, 1, 2),
          new Row(3, 240, 6, 80, false, true, 2, 3), // 14
          new Row(3, 200, 2.5, 80, false, true, 1, 3),
          new Row(3, 184, 2.3, 80, false, true, 1, 3),
          new Row(3, 184, 2.3, 80, false, true, 1, 3),
          new Row(3, 480, 6, 112, true, true, 1, 4),
          new Row(3, 672, 6, 112, true, true, 1, 4),
          new Row(5, 672, 6, 160, true, true, 2, 5), // 7
          new Row(5, 960, 6, 160, true, true, 1, 5),
          new Row(5, 960, 6, 160, true, true, 1, 5));

  // Table 2.
  private static final List<Row> SMALL =
      List.of(
          new Row(3, 16, 1, 16, true, false, 2, 0), // 56
          new Row(3, 72, 4.5, 24, false, false, 2, 1), // 28
          new Row(3, 88, 3.67, 24, false, false, 1, 1),
          new Row(5, 96, 4, 40, true, true, 2, 2), // 14
          new Row(5, 240, 6, 40, true, true, 1, 2),
          new Row(5, 240, 6, 40, true, true, 1, 2),
          new Row(5, 120, 3, 48, true, true, 1, 3),
          new Row(5, 144, 3, 48, true, true, 1, 3),
          new Row(5, 288, 6, 96, true, true, 2, 4), // 7
          new Row(5, 576, 6, 96, true, true, 1, 4),
          new Row(5, 576, 6, 96, true, true, 1, 4));

  private final boolean large;
  private final boolean minimal;
  private final Choice choice;
  private final boolean torchvision;
  private final double width;
  private final Layers layers;

  private MobileNetV3(boolean large, boolean minimal, Choice choice) {
    this.large = large;
    this.minimal = minimal;
    this.choice = choice;
    this.torchvision = choice.is("dialect", "torchvision");
    this.width = choice.number("width");
    this.layers =
        switch (choice.text("dialect")) {
          case "torchvision" ->
              new Layers(choice, Layers.Padding.SYMMETRIC, new Op.BatchNorm(1e-3f, 0.01f));
          case "tf" -> new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.1f));
          case "keras" -> new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.001f));
          default -> new Layers(choice);
        };
  }

  static List<Variant> variants() {
    return List.of(
        variant("large_075", 0.75, "tf"),
        variant("large_100", 1, "torchvision"),
        variant("large_minimalistic_100", 1, "tf"),
        variant("small_075", 0.75, "timm"),
        variant("small_100", 1, "torchvision"),
        variant("small_minimalistic_100", 1, "tf"));
  }

  /** Presets the dialect in which the variant's weights are published. */
  private static Variant variant(String form, double width, String dialect) {
    return new Variant(
        "mobilenet_v3",
        "mobilenet_v3_" + form,
        choice ->
            new MobileNetV3(form.startsWith("large"), form.contains("minimalistic"), choice)
                .build(),
        Shared.width(width),
        Shared.dialect(dialect, "torchvision", "timm", "tf", "keras"),
        Setting.flag("reduced_tail", "halves the last stage, for detection (section 6.3)", false),
        Setting.flag("dilated", "keeps a sixteenth of the resolution, for segmentation", false),
        Shared.stem(),
        Shared.dropout(0.2));
  }

  private Graph build() {
    Node x =
        layers.conv(
            torchvision ? "features.0.0" : "conv_stem",
            layers.input(),
            stem(),
            3,
            choice.small() ? 1 : 2);
    x = act(layers.norm(torchvision ? "features.0.1" : "bn1", x), true);
    List<Row> rows = rows();
    int strides = 0;
    int block = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      block = i > 0 && rows.get(i - 1).stage() == row.stage() ? block + 1 : 0;
      strides += row.stride() - 1;
      boolean tail = choice.flag("dilated") && i >= rows.size() - 3;
      boolean flat = tail || (choice.small() && strides == 1);
      String path = torchvision ? "features." + (i + 1) : "blocks." + row.stage() + "." + block;
      x = block(path, x, row, flat ? 1 : row.stride(), tail ? 2 : 1);
    }
    int last = rows.size() + 1;
    String end = torchvision ? "features." + last : "blocks." + (rows.getLast().stage() + 1) + ".0";
    x = layers.conv(end + (torchvision ? ".0" : ".conv"), x, last(x), 1, 1);
    x = act(layers.norm(end + (torchvision ? ".1" : ".bn1"), x), true);
    return head(layers.globalAverage("pool", x));
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>(large ? LARGE : SMALL);
    if (minimal) {
      rows.replaceAll(Row::minimal);
    }
    if (choice.flag("reduced_tail")) {
      for (int i = rows.size() - 3; i < rows.size(); i++) {
        rows.set(i, rows.get(i).halved(i > rows.size() - 3));
      }
    }
    return rows;
  }

  private Node block(String path, Node in, Row row, int stride, int dilation) {
    int channels = in.shape().channels();
    int out = Channels.divisible(row.out() * width, 8);
    int wide =
        torchvision
            ? Channels.divisible(row.expanded() * width, 8)
            : Channels.divisible(channels * ratio(row), 8);
    boolean expands = torchvision ? wide != channels : row.ratio() != 1;
    MobileNetV3Names names = new MobileNetV3Names(path, torchvision, expands, row.gate());
    Node x = in;
    if (expands) {
      x = layers.conv(names.conv(0), x, wide, 1, 1);
      x = act(layers.norm(names.norm(0), x), row.swish());
    }
    x = layers.depthwise(names.conv(1), x, layers.window(x, row.kernel(), stride, dilation));
    x = act(layers.norm(names.norm(1), x), row.swish());
    if (row.gate()) {
      int squeeze = Channels.divisible(wide / 4, 8);
      x = layers.gate(names.gate(), names.gateConvs(), x, squeeze, Function.HARD_SIGMOID);
    }
    x = layers.norm(names.norm(2), layers.conv(names.conv(2), x, out, 1, 1));
    return row.stride() == 1 && channels == out ? layers.sum(path, in, x) : x;
  }

  private Graph head(Node pooled) {
    int size = (large ? 1280 : 1024) / (choice.flag("reduced_tail") ? 2 : 1);
    // timm never scales it.
    if (torchvision || (!choice.is("dialect", "timm") && width > 1)) {
      size = Channels.divisible(size * width, 8);
    }
    Node features =
        torchvision
            ? act(layers.linear("classifier.0", layers.flatten("flatten", pooled), size), true)
            : layers.flatten("flatten", act(layers.biased("conv_head", pooled, size), true));
    return layers.finish(
        layers.linear(
            torchvision ? "classifier.3" : "classifier",
            layers.dropout("dropout", features),
            choice.classes()));
  }

  private int stem() {
    boolean fixed = choice.is("dialect", "keras") || (!torchvision && width < 0.75);
    return fixed ? 16 : Channels.divisible(16 * width, 8);
  }

  /** Width of the last 1 x 1 convolution on the map. */
  private int last(Node in) {
    if (torchvision) {
      return 6 * in.shape().channels();
    }
    if (choice.is("dialect", "keras")) {
      return Channels.divisible(6.0 * in.shape().channels(), 8);
    }
    int full = (large ? 960 : 576) / (choice.flag("reduced_tail") ? 2 : 1);
    return Channels.divisible(full * width, 8);
  }

  /** timm writes the small network's third ratio as 3.67, Keras as 88/24. */
  private double ratio(Row row) {
    return choice.is("dialect", "keras") && row.ratio() == 3.67 ? 88.0 / 24 : row.ratio();
  }

  private Node act(Node in, boolean swish) {
    return layers.act(in, swish && !minimal ? Function.HARD_SWISH : Function.RELU);
  }
}
