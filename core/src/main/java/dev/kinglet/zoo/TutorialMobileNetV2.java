package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;

/**
 * The MobileNetV2 of a tutorial, kept as it was written: ReLU, biases in stem and head, a widening
 * convolution in the first block, the 64-channel stage at 28 x 28, and a head with batch norm and
 * ReLU. It is no {@link MobileNetV2}, and has no published weights.
 */
final class TutorialMobileNetV2 {
  private record Row(int wide, int out, int stride) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(32, 16, 1), // 112
          new Row(96, 24, 2), // 56
          new Row(144, 24, 1),
          new Row(144, 32, 2), // 28
          new Row(192, 32, 1),
          new Row(192, 32, 1),
          new Row(192, 64, 1),
          new Row(384, 64, 1),
          new Row(384, 64, 1),
          new Row(384, 64, 1),
          new Row(384, 96, 2), // 14
          new Row(576, 96, 1),
          new Row(576, 96, 1),
          new Row(576, 160, 2), // 7
          new Row(960, 160, 1),
          new Row(960, 160, 1),
          new Row(960, 320, 1));

  private TutorialMobileNetV2() {}

  static List<Variant> variants() {
    return List.of(
        new Variant(
            "tutorial_mobilenet_v2",
            "tutorial_mobilenet_v2",
            Shape.of(3, 224, 224),
            20,
            TutorialMobileNetV2::build));
  }

  private static Graph build(Choice choice) {
    Layers layers = new Layers(choice);
    Node x = biased(layers, "features.C1", layers.input(), 32, 3, 2);
    for (int i = 0; i < ROWS.size(); i++) {
      Row row = ROWS.get(i);
      String path = "features.Bottleneck_" + (i + 1);
      String net = path + ".baseNet.";
      Node in = x;
      x = layers.relu(layers.norm(net + 1, layers.conv(net + 0, x, row.wide(), 1, 1)));
      x = layers.relu(layers.norm(net + 4, layers.depthwise(net + 3, x, 3, row.stride())));
      x = layers.norm(net + 7, layers.conv(net + 6, x, row.out(), 1, 1));
      if (row.stride() == 1 && in.shape().channels() == row.out()) {
        x = layers.sum(path, in, x);
      }
    }
    x = biased(layers, "features.C2", x, 1280, 1, 1);
    x = layers.globalAverage("features.GP", x);
    x = biased(layers, "features.C3", x, choice.classes(), 1, 1);
    return layers.finish(layers.flatten("flatten", x));
  }

  private static Node biased(
      Layers layers, String path, Node in, int channels, int kernel, int stride) {
    Node x = layers.conv(path + ".0", in, channels, Window.square(kernel, stride), 1, true);
    return layers.relu(layers.norm(path + ".1", x));
  }
}
