package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.stream.Stream;

/**
 * GhostNet: half of a layer's maps come cheaply from the other half (Han et al. 2019, arXiv
 * 1911.11907); GhostNetV2 adds a long-range gate to the first ghost module of a block (Tang et al.
 * 2022, arXiv 2211.12905). Names are those of Huawei's code, which timm keeps.
 */
final class GhostNet {
  /** Kernel, expanded width, width, squeeze-excite, stride, stage. */
  private record Row(int kernel, int expanded, int out, boolean gate, int stride, int stage) {}

  // Table 1 of the first paper, for 224 x 224; the stem makes 16 channels at 112.
  private static final List<Row> ROWS =
      List.of(
          new Row(3, 16, 16, false, 1, 0), // 112
          new Row(3, 48, 24, false, 2, 1), // 56
          new Row(3, 72, 24, false, 1, 2),
          new Row(5, 72, 40, true, 2, 3), // 28
          new Row(5, 120, 40, true, 1, 4),
          new Row(3, 240, 80, false, 2, 5), // 14
          new Row(3, 200, 80, false, 1, 6),
          new Row(3, 184, 80, false, 1, 6),
          new Row(3, 184, 80, false, 1, 6),
          new Row(3, 480, 112, true, 1, 6),
          new Row(3, 672, 112, true, 1, 6),
          new Row(5, 672, 160, true, 2, 7), // 7
          new Row(5, 960, 160, false, 1, 8),
          new Row(5, 960, 160, true, 1, 8),
          new Row(5, 960, 160, false, 1, 8),
          new Row(5, 960, 160, true, 1, 8));

  private GhostNet() {}

  static List<Variant> variants() {
    return Stream.concat(
            Stream.of(0.5, 1.0, 1.3).map(width -> variant("ghostnet", width)),
            Stream.of(1.0, 1.3, 1.6).map(width -> variant("ghostnet_v2", width)))
        .toList();
  }

  private static Variant variant(String family, double width) {
    boolean attention = family.equals("ghostnet_v2");
    return new Variant(
        family,
        family + "_" + Shared.percent(width),
        choice -> build(choice, attention),
        Shared.width(width),
        Shared.stem(),
        Shared.dropout(0.2));
  }

  private static Graph build(Choice choice, boolean attention) {
    Layers layers = new Layers(choice);
    double width = choice.number("width");
    int stem = Channels.divisible(16 * width, 4);
    Node x = layers.conv("conv_stem", layers.input(), stem, 3, choice.small() ? 1 : 2);
    x = layers.relu(layers.norm("bn1", x));
    int block = 0;
    for (int i = 0; i < ROWS.size(); i++) {
      Row row = ROWS.get(i);
      block = i > 0 && ROWS.get(i - 1).stage() == row.stage() ? block + 1 : 0;
      int stride = choice.small() && i == 1 ? 1 : row.stride();
      String path = "blocks." + row.stage() + "." + block;
      x = block(layers, path, x, row, stride, width, attention && i > 1);
    }
    int last = Channels.divisible(960 * width, 4);
    x = layers.relu(layers.norm("blocks.9.0.bn1", layers.conv("blocks.9.0.conv", x, last, 1, 1)));
    x = layers.relu(layers.biased("conv_head", layers.globalAverage("global_pool", x), 1280));
    Node features = layers.dropout("dropout", layers.flatten("flatten", x));
    return layers.finish(layers.linear("classifier", features, choice.classes()));
  }

  /** Figure 3 of the paper; no activation follows the sum. */
  private static Node block(
      Layers layers, String path, Node in, Row row, int stride, double width, boolean attention) {
    int wide = Channels.divisible(row.expanded() * width, 4);
    int out = Channels.divisible(row.out() * width, 4);
    Node x = ghost(layers, path + ".ghost1", in, wide, true);
    if (attention) {
      x = attend(layers, path + ".ghost1.short_conv", in, x);
    }
    if (row.stride() > 1) {
      x =
          layers.norm(
              path + ".bn_dw", layers.depthwise(path + ".conv_dw", x, row.kernel(), stride));
    }
    if (row.gate()) {
      int squeeze = Channels.divisible(wide * 0.25, 4);
      String[] names = {"conv_reduce", "conv_expand"};
      x = layers.gate(path + ".se", names, x, squeeze, Function.HARD_SIGMOID);
    }
    x = ghost(layers, path + ".ghost2", x, out, false);
    Node kept = in;
    if (in.shape().channels() != out || row.stride() > 1) {
      String cut = path + ".shortcut";
      kept = layers.norm(cut + ".1", layers.depthwise(cut + ".0", in, row.kernel(), stride));
      kept = layers.norm(cut + ".3", layers.conv(cut + ".2", kept, out, 1, 1));
    }
    return layers.sum(path, kept, x);
  }

  /** Figure 1(b): a 1 x 1 convolution makes half of the maps, a depthwise one the other half. */
  private static Node ghost(Layers layers, String path, Node in, int out, boolean relu) {
    String first = path + ".primary_conv";
    String cheap = path + ".cheap_operation";
    Node x = layers.norm(first + ".1", layers.conv(first + ".0", in, (out + 1) / 2, 1, 1));
    x = relu ? layers.relu(x) : x;
    Node y = layers.norm(cheap + ".1", layers.depthwise(cheap + ".0", x, 3, 1));
    Node both = layers.concat(path, x, relu ? layers.relu(y) : y);
    return out % 2 == 0 ? both : layers.add(path + ".cut", new Op.Slice(0, out), both);
  }

  /** GhostNetV2's gate, figure 4: strips of 1 x 5 and 5 x 1 at half the resolution. */
  private static Node attend(Layers layers, String path, Node in, Node out) {
    int channels = out.shape().channels();
    List<Integer> ones = List.of(1, 1);
    Window row = Window.of(List.of(1, 5), ones, List.of(0, 2), ones);
    Window column = Window.of(List.of(5, 1), ones, List.of(2, 0), ones);
    Node x = layers.pool(path + ".pool", PoolKind.AVERAGE, in, Window.square(2, 2, 0), false);
    x = layers.norm(path + ".1", layers.conv(path + ".0", x, channels, 1, 1));
    x = layers.norm(path + ".3", layers.depthwise(path + ".2", x, row));
    x = layers.norm(path + ".5", layers.depthwise(path + ".4", x, column));
    Shape from = x.shape();
    Shape to = out.shape();
    Node gate =
        layers.add(
            path + ".resize",
            new Op.Resize(
                List.of(to.height(), to.width()),
                List.of((float) to.height() / from.height(), (float) to.width() / from.width()),
                Op.Resize.Interpolation.NEAREST_FLOOR,
                Op.Resize.Coordinates.ASYMMETRIC),
            layers.act(x, Function.SIGMOID));
    return layers.multiply(path + ".scale", out, gate);
  }
}
