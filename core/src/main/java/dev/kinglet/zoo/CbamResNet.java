package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import java.util.List;
import java.util.stream.Stream;

/**
 * CBAM-ResNet: channel and spatial attention on each residual before it is added (Woo et al. 2018,
 * arXiv 1807.06521, figure 3). Names are those of the authors' code (Jongchan/attention-module)
 * without its {@code module.} prefix.
 */
final class CbamResNet {
  // The authors register a block's convolutions before its batch norms.
  private static final String[] BASIC = {
    "conv1", "conv2", "bn1", "bn2", "downsample.0", "downsample.1"
  };
  private static final String[] BOTTLENECK = {
    "conv1", "conv2", "conv3", "bn1", "bn2", "bn3", "downsample.0", "downsample.1"
  };

  private CbamResNet() {}

  static List<Variant> variants() {
    return Stream.of(18, 34, 50, 101)
        .map(depth -> ResNet.variant("cbam_resnet", depth, choice -> build(choice, depth)))
        .toList();
  }

  private static Graph build(Choice choice, int depth) {
    String[] order = depth < 50 ? BASIC : BOTTLENECK;
    ResNet.Style style = new ResNet.Style("", "fc", false, false, order);
    return ResNet.build(
        choice, depth, style, (layers, block, x) -> Cbam.lay(layers, block + ".cbam", x));
  }
}
