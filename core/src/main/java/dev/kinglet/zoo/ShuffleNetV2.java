package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.stream.Stream;

/**
 * ShuffleNetV2: half of the channels pass, the other half is worked on (Ma et al. 2018, arXiv
 * 1807.11164).
 *
 * <p>Dialects: {@code torchvision} gives both branches of a halving unit half of the output and
 * shuffles after every unit; {@code megvii}, the paper's own structure, keeps the input's width in
 * the first branch and takes even and odd channels apart before every other unit. Megvii's
 * checkpoints want BGR pixels from 0 to 255. A width between the table's columns is interpolated
 * and rounded to a multiple of 4, below the first one scaled.
 */
final class ShuffleNetV2 {
  // Table 5 of the paper: channels of stages 2 (28 x 28), 3 (14) and 4 (7) by width.
  private static final double[] WIDTHS = {0, 0.5, 1, 1.5, 2};
  private static final int[] STAGE2 = {0, 48, 116, 176, 244};
  private static final List<Integer> UNITS = List.of(4, 8, 4);

  private ShuffleNetV2() {}

  static List<Variant> variants() {
    return Stream.of(0.5, 1.0, 1.5, 2.0)
        .map(
            scale ->
                new Variant(
                    "shufflenet_v2",
                    "shufflenet_v2_" + Shared.times(scale),
                    ShuffleNetV2::build,
                    Shared.width(scale),
                    Shared.dialect("torchvision", "torchvision", "megvii"),
                    Shared.stem(),
                    Shared.dropout(0)))
        .toList();
  }

  /** Channels of stage 2; the table's where it has the width. Stages 3 and 4 double them. */
  static int stage2(double width) {
    int column = 1;
    while (column < WIDTHS.length - 1 && WIDTHS[column] < width) {
      column++;
    }
    double share = (width - WIDTHS[column - 1]) / (WIDTHS[column] - WIDTHS[column - 1]);
    double channels = STAGE2[column - 1] + share * (STAGE2[column] - STAGE2[column - 1]);
    return Channels.divisible(channels, 4, 0);
  }

  private static Graph build(Choice choice) {
    Layers layers = new Layers(choice);
    boolean megvii = choice.is("dialect", "megvii");
    String stem = megvii ? "first_conv" : "conv1";
    Node x = layers.conv(stem + ".0", layers.input(), 24, 3, choice.small() ? 1 : 2);
    x = layers.relu(layers.norm(stem + ".1", x));
    if (!choice.small()) {
      x = layers.pool("maxpool", PoolKind.MAX, x, Window.square(3, 2), false);
    }
    double width = choice.number("width");
    int out = stage2(width);
    if (megvii && out <= 24) {
      throw new InvalidInputException(
          "at this width stage 2 has %d channels and the stem before it 24; choose a larger width."
              .formatted(out));
    }
    int number = 0;
    for (int stage = 0; stage < UNITS.size(); stage++) {
      for (int unit = 0; unit < UNITS.get(stage); unit++) {
        x =
            megvii
                ? megviiUnit(layers, "features." + number, x, out, unit == 0)
                : unit(layers, "stage" + (stage + 2) + "." + unit, x, out, unit == 0);
        number++;
      }
      out *= 2;
    }
    String last = megvii ? "conv_last" : "conv5";
    x = layers.conv(last + ".0", x, width < 2 ? 1024 : 2048, 1, 1);
    x = layers.relu(layers.norm(last + ".1", x));
    Node features = layers.flatten("flatten", layers.globalAverage("pool", x));
    return layers.finish(
        layers.add(
            megvii ? "classifier.0" : "fc",
            new Op.Linear(choice.classes(), !megvii),
            layers.dropout("dropout", features)));
  }

  /** Figures 3(c) and 3(d) of the paper as torchvision lays them. */
  private static Node unit(Layers layers, String path, Node in, int out, boolean halves) {
    int half = out / 2;
    Node kept;
    Node main;
    if (halves) {
      kept = projected(layers, path + ".branch1", in, half);
      main = worked(layers, path + ".branch2", in, half, half, 2);
    } else {
      kept = layers.add(path + ".kept", new Op.Slice(0, half), in);
      main = layers.add(path + ".main", new Op.Slice(half, out), in);
      main = worked(layers, path + ".branch2", main, half, half, 1);
    }
    return layers.add(path + ".shuffle", new Op.Shuffle(2), layers.concat(path, kept, main));
  }

  /** The same as Megvii lays them: the shuffle is part of the next unit's split. */
  private static Node megviiUnit(Layers layers, String path, Node in, int out, boolean halves) {
    int channels = in.shape().channels();
    if (halves) {
      Node main = worked(layers, path + ".branch_main", in, out / 2, out - channels, 2);
      return layers.concat(path, projected(layers, path + ".branch_proj", in, channels), main);
    }
    Node kept = layers.add(path + ".even", new Op.Slice(0, 0, channels, 2), in);
    Node odd = layers.add(path + ".odd", new Op.Slice(0, 1, channels, 2), in);
    return layers.concat(
        path, kept, worked(layers, path + ".branch_main", odd, out / 2, out / 2, 1));
  }

  private static Node worked(
      Layers layers, String path, Node in, int inner, int channels, int stride) {
    Node x = layers.relu(layers.norm(path + ".1", layers.conv(path + ".0", in, inner, 1, 1)));
    x = layers.norm(path + ".4", layers.depthwise(path + ".3", x, 3, stride));
    return layers.relu(layers.norm(path + ".6", layers.conv(path + ".5", x, channels, 1, 1)));
  }

  private static Node projected(Layers layers, String path, Node in, int channels) {
    Node x = layers.norm(path + ".1", layers.depthwise(path + ".0", in, 3, 2));
    return layers.relu(layers.norm(path + ".3", layers.conv(path + ".2", x, channels, 1, 1)));
  }
}
