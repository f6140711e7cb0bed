package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * SE-ResNet: squeeze and excite on each residual before it is added (Hu et al. 2017, arXiv
 * 1709.01507, figure 3, reduction 16).
 *
 * <p>Dialects: {@code timm} squeezes to multiples of 8, with biases; {@code moskomule} squeezes to
 * a sixteenth with linear layers without biases; {@code legacy} is the form of the authors' Caffe
 * models as timm's legacy files keep it: biases, a bottleneck's stride in its first convolution,
 * pooling without padding, and in 18 and 34 one more ReLU before the squeeze.
 */
final class SeResNet {
  private SeResNet() {}

  static List<Variant> variants() {
    return Stream.of(18, 34, 50)
        .map(
            depth ->
                ResNet.variant(
                    "se_resnet",
                    depth,
                    choice -> build(choice, depth),
                    Shared.dialect("timm", "timm", "moskomule", "legacy")))
        .toList();
  }

  private static Graph build(Choice choice, int depth) {
    return switch (choice.text("dialect")) {
      case "legacy" ->
          ResNet.build(
              choice,
              depth,
              new ResNet.Style("layer0.", "last_linear", true, true, new String[0]),
              (layers, block, x) -> {
                Node input = depth < 50 ? layers.relu(x) : x;
                return gate(layers, block + ".se_module", input, sixteenth(x));
              });
      case "moskomule" ->
          ResNet.build(choice, depth, ResNet.Style.TORCHVISION, SeResNet::withoutBiases);
      default ->
          ResNet.build(
              choice,
              depth,
              ResNet.Style.TORCHVISION,
              (layers, block, x) -> {
                // timm's layer allows itself to round down by more than a tenth.
                int squeeze = Channels.divisible(x.shape().channels() / 16.0, 8, 0);
                return gate(layers, block + ".se", x, squeeze);
              });
    };
  }

  private static Node gate(Layers layers, String path, Node x, int squeeze) {
    return layers.gate(path, new String[] {"fc1", "fc2"}, x, squeeze, Function.SIGMOID);
  }

  private static Node withoutBiases(Layers layers, String block, Node x) {
    String path = block + ".se";
    int channels = x.shape().channels();
    Node mean = layers.flatten(path + ".flatten", layers.globalAverage(path + ".pool", x));
    Node reduced = layers.add(path + ".fc.0", new Op.Linear(sixteenth(x), false), mean);
    Node scores = layers.add(path + ".fc.2", new Op.Linear(channels, false), layers.relu(reduced));
    Node gate =
        layers.add(
            path + ".gate",
            new Op.Reshape(Shape.of(channels, 1, 1)),
            layers.act(scores, Function.SIGMOID));
    return layers.multiply(path + ".scale", x, gate);
  }

  private static int sixteenth(Node x) {
    return Math.max(1, x.shape().channels() / 16);
  }
}
