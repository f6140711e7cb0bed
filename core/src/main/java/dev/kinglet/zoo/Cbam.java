package dev.kinglet.zoo;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Op.Reduce;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.List;

/**
 * The convolutional block attention module: a gate a channel, then a gate a position (Woo et al.
 * 2018, arXiv 1807.06521, figure 2, reduction 16). Names and order, maximum before mean, are those
 * of the authors' code; the paper's formula writes the mean first.
 */
final class Cbam {
  private Cbam() {}

  /** Gates a map; the modules lie under {@code path}. */
  static Node lay(Layers layers, String path, Node in) {
    String channel = path + ".ChannelGate";
    int channels = in.shape().channels();
    Node mean = layers.globalAverage(channel + ".avg", in);
    Node max = layers.add(channel + ".max", new Op.GlobalPool(PoolKind.MAX), in);
    Node scores =
        layers.sum(channel, mlp(layers, channel, mean, ""), mlp(layers, channel, max, "@max"));
    Node gate =
        layers.add(
            channel + ".gate",
            new Op.Reshape(Shape.of(channels, 1, 1)),
            layers.act(scores, Function.SIGMOID));
    Node x = layers.multiply(channel + ".scale", in, gate);

    String spatial = path + ".SpatialGate";
    Node ends =
        layers.concat(
            spatial,
            layers.add(spatial + ".max", new Reduce(Reduce.Kind.MAX, List.of(0), true), x),
            layers.add(spatial + ".mean", new Reduce(Reduce.Kind.MEAN, List.of(0), true), x));
    Node place = layers.conv(spatial + ".spatial.conv", ends, 1, Window.square(7, 1), 1, false);
    place = layers.add(spatial + ".spatial.bn", new Op.BatchNorm(1e-5f, 0.01f), place);
    return layers.multiply(spatial + ".scale", x, layers.act(place, Function.SIGMOID));
  }

  /** The perceptron that both pooled vectors go through, with the same weights. */
  private static Node mlp(Layers layers, String path, Node pooled, String use) {
    int channels = pooled.shape().channels();
    String reduce = path + ".mlp.1";
    String expand = path + ".mlp.3";
    Node flat = layers.flatten(path + ".mlp.0" + use, pooled);
    Node reduced =
        layers.share(reduce + use, reduce, new Op.Linear(Math.max(1, channels / 16), true), flat);
    return layers.share(expand + use, expand, new Op.Linear(channels, true), layers.relu(reduced));
  }
}
