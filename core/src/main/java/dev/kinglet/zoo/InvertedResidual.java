package dev.kinglet.zoo;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;

/**
 * MobileNetV2's block, which EfficientNet-Lite shares: a 1 x 1 convolution that widens, a depthwise
 * one, and a linear 1 x 1 that narrows; the input is added where shapes agree (Sandler et al. 2018,
 * table 1).
 */
final class InvertedResidual {
  private InvertedResidual() {}

  /** The paths of convolutions and batch norms; {@code block} stands before nodes without any. */
  record Names(
      String block,
      String expand,
      String expandNorm,
      String depthwise,
      String depthwiseNorm,
      String project,
      String projectNorm) {
    static Names timm(String block, boolean expands) {
      return expands
          ? of(block, "conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3")
          : of(block, "", "", "conv_dw", "bn1", "conv_pw", "bn2");
    }

    static Names torchvision(String block, boolean expands) {
      return expands
          ? of(block, "conv.0.0", "conv.0.1", "conv.1.0", "conv.1.1", "conv.2", "conv.3")
          : of(block, "", "", "conv.0.0", "conv.0.1", "conv.1", "conv.2");
    }

    private static Names of(String block, String... leaves) {
      String[] paths = new String[leaves.length];
      for (int i = 0; i < leaves.length; i++) {
        paths[i] = block + "." + leaves[i];
      }
      return new Names(block, paths[0], paths[1], paths[2], paths[3], paths[4], paths[5]);
    }
  }

  /** Lays one block; an expansion of 1 has no widening convolution. */
  static Node lay(
      Layers layers,
      Names names,
      Node in,
      int expansion,
      int channels,
      int kernel,
      int stride,
      double dropPath) {
    Node x = in;
    if (expansion > 1) {
      int wide = in.shape().channels() * expansion;
      x = layers.conv(names.expand(), x, wide, 1, 1);
      x = layers.act(layers.norm(names.expandNorm(), x), Function.RELU6);
    }
    x = layers.depthwise(names.depthwise(), x, kernel, stride);
    x = layers.act(layers.norm(names.depthwiseNorm(), x), Function.RELU6);
    x = layers.norm(names.projectNorm(), layers.conv(names.project(), x, channels, 1, 1));
    if (stride != 1 || in.shape().channels() != channels) {
      return x;
    }
    if (dropPath > 0) {
      x = layers.add(names.block() + ".drop_path", new Op.DropPath((float) dropPath), x);
    }
    return layers.sum(names.block(), in, x);
  }
}
