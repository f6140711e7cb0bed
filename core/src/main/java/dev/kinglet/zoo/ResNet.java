package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * ResNet 18 to 101 (He et al. 2015, arXiv 1512.03385), the skeleton of SE-ResNet and CBAM-ResNet.
 *
 * <p>Names are torchvision's. Dialects: {@code torchvision} puts a bottleneck's stride into its 3 x
 * 3 convolution; {@code paper} into its first 1 x 1, as the paper and its Caffe models do (SENet's
 * 3.86 giga-MACs for ResNet-50 are that form).
 */
final class ResNet {
  /** What a family does with a residual before it is added. */
  @FunctionalInterface
  interface Gate {
    Node lay(Layers layers, String block, Node residual);
  }

  /**
   * How a dialect lays blocks.
   *
   * @param stem path before {@code conv1} and {@code bn1} of the stem
   * @param classifier path of the linear layer
   * @param firstStrides whether a bottleneck's stride is in its first convolution
   * @param ceilPool whether the stem's pooling has no padding and rounds up
   * @param declares gives each block's paths in the order of the state dict where it is another
   */
  record Style(
      String stem, String classifier, boolean firstStrides, boolean ceilPool, String[] declares) {
    static final Style TORCHVISION = new Style("", "fc", false, false, new String[0]);
  }

  // Table 1 of the paper: blocks at 56, 28, 14 and 7 for 224 x 224.
  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3));

  private ResNet() {}

  static List<Variant> variants() {
    return Stream.of(18, 34, 50)
        .map(
            depth ->
                variant(
                    "resnet",
                    depth,
                    choice ->
                        build(
                            choice,
                            depth,
                            new Style(
                                "", "fc", choice.is("dialect", "paper"), false, new String[0]),
                            (layers, block, residual) -> residual),
                    Shared.dialect("torchvision", "torchvision", "paper")))
        .toList();
  }

  static Variant variant(
      String family, int depth, Variant.Architecture architecture, Setting... dialects) {
    Stream<Setting> common =
        Stream.of(
            Setting.decimal("width", "scales the channels, to multiples of 8", 1, 0.05, 8),
            Shared.stem(),
            Shared.dropout(0));
    return new Variant(
        family,
        family.replace("resnet", "resnet" + depth),
        architecture,
        Stream.concat(common, Arrays.stream(dialects)).toArray(Setting[]::new));
  }

  static Graph build(Choice choice, int depth, Style style, Gate gate) {
    Layers layers = new Layers(choice);
    int width = Channels.divisible(64 * choice.number("width"), 8);
    Node x =
        choice.small()
            ? layers.conv(style.stem() + "conv1", layers.input(), width, 3, 1)
            : layers.conv(style.stem() + "conv1", layers.input(), width, 7, 2);
    x = layers.relu(layers.norm(style.stem() + "bn1", x));
    if (!choice.small()) {
      Window window = Window.square(3, 2, style.ceilPool() ? 0 : 1);
      x = layers.pool("maxpool", PoolKind.MAX, x, window, style.ceilPool());
    }
    List<Integer> stages = BLOCKS.get(depth);
    for (int stage = 0; stage < stages.size(); stage++) {
      for (int block = 0; block < stages.get(stage); block++) {
        String path = "layer" + (stage + 1) + "." + block;
        int stride = block == 0 && stage > 0 ? 2 : 1;
        x = block(layers, path, x, width << stage, stride, depth >= 50, style, gate);
      }
    }
    return layers.classify(style.classifier(), x);
  }

  /** Figure 5 of the paper: two 3 x 3 convolutions, or three with a bottleneck. */
  private static Node block(
      Layers layers,
      String path,
      Node in,
      int width,
      int stride,
      boolean bottleneck,
      Style style,
      Gate gate) {
    for (String module : style.declares()) {
      layers.declare(path + "." + module);
    }
    int out = bottleneck ? 4 * width : width;
    Node x;
    if (bottleneck) {
      int first = style.firstStrides() ? stride : 1;
      x = unit(layers, path, 1, in, width, 1, first);
      x = unit(layers, path, 2, layers.relu(x), width, 3, stride / first);
      x = unit(layers, path, 3, layers.relu(x), out, 1, 1);
    } else {
      x = unit(layers, path, 1, in, width, 3, stride);
      x = unit(layers, path, 2, layers.relu(x), out, 3, 1);
    }
    x = gate.lay(layers, path, x);
    Node kept = in;
    if (stride != 1 || in.shape().channels() != out) {
      kept = layers.conv(path + ".downsample.0", in, out, 1, stride);
      kept = layers.norm(path + ".downsample.1", kept);
    }
    return layers.relu(layers.sum(path, x, kept));
  }

  private static Node unit(
      Layers layers, String path, int number, Node in, int channels, int kernel, int stride) {
    Node x = layers.conv(path + ".conv" + number, in, channels, kernel, stride);
    return layers.norm(path + ".bn" + number, x);
  }
}
