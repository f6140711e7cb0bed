package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.PoolKind;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ShuffleNetV2 of a Keras tutorial, kept as it was written: TensorFlow's padding, biases beside
 * batch norm (epsilon 1e-3), no batch norm in first and last convolution, the worked half before
 * the kept one, and softmax inside. It is no {@link ShuffleNetV2}, and has no published weights.
 */
final class TutorialShuffleNetV2 {
  private static final List<Integer> UNITS = List.of(4, 8, 4);

  private TutorialShuffleNetV2() {}

  static List<Variant> variants() {
    return Stream.of(0.5, 1.0, 1.5, 2.0)
        .map(
            scale ->
                new Variant(
                    "tutorial_shufflenet_v2",
                    "tutorial_shufflenet_v2_" + Shared.times(scale),
                    TutorialShuffleNetV2::build,
                    Shared.width(scale),
                    Setting.flag("softmax", "answers with probabilities, as written", true)))
        .toList();
  }

  private static Graph build(Choice choice) {
    Layers layers = new Layers(choice, Layers.Padding.SAME, new Op.BatchNorm(1e-3f, 0.01f));
    double width = choice.number("width");
    Node x = layers.relu(layers.conv("conv1", layers.input(), 24, 3, 2)); // 112
    x = layers.pool("maxpool", PoolKind.MAX, x, layers.window(x, 3, 2, 1), false); // 56
    int out = ShuffleNetV2.stage2(width);
    for (int stage = 0; stage < UNITS.size(); stage++) { // 28, 14, 7
      for (int unit = 0; unit < UNITS.get(stage); unit++) {
        String path = "units.stage" + (stage + 2) + "_block" + (unit + 1);
        x = unit(layers, path, x, out, unit == 0);
      }
      out *= 2;
    }
    x = layers.relu(layers.biased("conv5", x, width < 2 ? 1024 : 2048));
    x = layers.flatten("flatten", layers.globalAverage("pool", x));
    return layers.finish(layers.linear("fc", x, choice.classes()));
  }

  private static Node unit(Layers layers, String path, Node in, int out, boolean halves) {
    int half = out / 2;
    Node kept = in;
    Node main = in;
    if (!halves) {
      kept = layers.add(path + ".kept", new Op.Slice(0, half), in);
      main = layers.add(path + ".main", new Op.Slice(half, out), in);
    }
    Node x = layers.biased(path + ".conv1", main, half);
    x = layers.relu(layers.norm(path + ".bn1", x));
    x = layers.norm(path + ".bn_dw", depthwise(layers, path + ".dw", x, halves ? 2 : 1));
    x = layers.relu(layers.norm(path + ".bn2", layers.biased(path + ".conv2", x, half)));
    if (halves) {
      kept = layers.norm(path + ".bn_dw_2", depthwise(layers, path + ".dw_2", in, 2));
      kept = layers.relu(layers.norm(path + ".bn3", layers.biased(path + ".conv3", kept, half)));
    }
    return layers.add(path + ".shuffle", new Op.Shuffle(2), layers.concat(path, x, kept));
  }

  private static Node depthwise(Layers layers, String path, Node in, int stride) {
    int channels = in.shape().channels();
    return layers.conv(path, in, channels, layers.window(in, 3, stride, 1), channels, true);
  }
}
