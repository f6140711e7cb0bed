package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Window;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * ShuffleNetV1: grouped 1 x 1 convolutions with channel shuffle (Zhang et al. 2017, arXiv
 * 1707.01083).
 *
 * <p>The paper does not say how it rounds where groups do not divide a scaled width. Here stage 2
 * is scaled and rounded to the nearest multiple of four times the groups (upwards from the middle),
 * so that the bottleneck, a quarter of it, can be grouped; stages 3 and 4 are twice and four times
 * as wide. This changes the paper's grid only for 2 groups (0.5x: 104 for 100; 1.5x: 304 for 300)
 * and 4 groups (144 for 136; 416 for 408), which at 0.5x makes 40.9 and 40.7 M MACs where it prints
 * 38 (Megvii's network with 8 groups has 40.5). The stem is 24 times the largest power of two not
 * above the scale, at least 12, rounded up to a multiple of the groups, since the first unit's
 * grouped convolution makes stage 2's width less the stem's: 12, 24, 24, 48 and for 8 groups 16,
 * 24, 24, 48, which are the stems of Megvii's code.
 *
 * <p>Dialects: {@code megvii} as the published checkpoints are: shuffle after the depthwise
 * convolution, no bias in the classifier; {@code paper}: shuffle before it, a bias, and a stem of
 * 24 times the scale, rounded up to a multiple of the groups. Megvii's checkpoints want BGR pixels
 * from 0 to 255.
 */
final class ShuffleNetV1 {
  // Table 1 of the paper: channels of stage 2 (28 x 28) by groups; stage 3 (14), stage 4 (7)
  // double.
  private static final Map<String, Integer> STAGE2 =
      Map.of("1", 144, "2", 200, "3", 240, "4", 272, "8", 384);
  private static final List<Integer> UNITS = List.of(4, 8, 4);

  private ShuffleNetV1() {}

  static List<Variant> variants() {
    return Stream.of("1", "2", "3", "4", "8")
        .flatMap(groups -> Stream.of(0.5, 1.0, 1.5, 2.0).map(scale -> variant(groups, scale)))
        .toList();
  }

  private static Variant variant(String groups, double scale) {
    return new Variant(
        "shufflenet_v1",
        "shufflenet_v1_g" + groups + "_" + Shared.times(scale),
        ShuffleNetV1::build,
        Shared.width(scale),
        Setting.words("groups", "of the 1 x 1 convolutions", groups, "1", "2", "3", "4", "8"),
        Shared.dialect("megvii", "megvii", "paper"),
        Shared.stem(),
        Shared.dropout(0));
  }

  private static Graph build(Choice choice) {
    Layers layers = new Layers(choice);
    boolean paper = choice.is("dialect", "paper");
    int groups = choice.whole("groups");
    double scale = choice.number("width");
    double stem = paper ? 24 * scale : Math.max(12, Math.scalb(24.0, Math.getExponent(scale)));
    Node x =
        layers.conv(
            "first_conv.0",
            layers.input(),
            Math.max(1, Math.ceilDiv((int) stem, groups)) * groups,
            3,
            choice.small() ? 1 : 2);
    x = layers.relu(layers.norm("first_conv.1", x));
    if (!choice.small()) {
      x = layers.pool("maxpool", PoolKind.MAX, x, Window.square(3, 2), false);
    }
    int out = Channels.divisible(STAGE2.get(choice.text("groups")) * scale, 4 * groups, 0);
    if (out <= x.shape().channels()) {
      throw new InvalidInputException(
          "at this width stage 2 has %d channels and the stem before it %d; choose a larger width."
              .formatted(out, x.shape().channels()));
    }
    int number = 0;
    for (int units : UNITS) {
      for (int unit = 0; unit < units; unit++) {
        x = unit(layers, "features." + number, x, out, groups, unit == 0, number == 0, paper);
        number++;
      }
      out *= 2;
    }
    Node features = layers.flatten("flatten", layers.globalAverage("globalpool", x));
    return layers.finish(
        layers.add(
            "classifier.0",
            new Op.Linear(choice.classes(), paper),
            layers.dropout("dropout", features)));
  }

  /** Figure 2 of the paper; the first unit's first convolution is not grouped. */
  private static Node unit(
      Layers layers,
      String path,
      Node in,
      int out,
      int groups,
      boolean halves,
      boolean first,
      boolean paper) {
    int inner = out / 4;
    int main = halves ? out - in.shape().channels() : out;
    Window point = Window.square(1, 1);
    Node x = layers.conv(path + ".branch_main_1.0", in, inner, point, first ? 1 : groups, false);
    x = layers.relu(layers.norm(path + ".branch_main_1.1", x));
    if (paper) {
      x = layers.add(path + ".shuffle", new Op.Shuffle(groups), x);
    }
    x = layers.depthwise(path + ".branch_main_1.3", x, 3, halves ? 2 : 1);
    x = layers.norm(path + ".branch_main_1.4", x);
    if (!paper) {
      // Megvii lays the channels out as (inner / groups, groups): the inverse permutation.
      x = layers.add(path + ".shuffle", new Op.Shuffle(inner / groups), x);
    }
    x = layers.conv(path + ".branch_main_2.0", x, main, point, groups, false);
    x = layers.norm(path + ".branch_main_2.1", x);
    if (!halves) {
      return layers.relu(layers.sum(path, in, x));
    }
    Node kept =
        layers.pool(path + ".branch_proj", PoolKind.AVERAGE, in, Window.square(3, 2), false);
    // The average of values that are not negative needs no ReLU, so both dialects agree here.
    return layers.concat(path, kept, layers.relu(x));
  }
}
