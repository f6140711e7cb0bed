package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * SE-BN-Inception: squeeze and excite after each module of BN-Inception (Hu et al. 2017, arXiv
 * 1709.01507, figure 2; the rows are those of the authors' Caffe model, which is BN-Inception of
 * Ioffe and Szegedy 2015). Its official files are Caffe's, so the entry names are this project's.
 * Where a map to be halved is odd, which Caffe's model refuses, the pooling is padded as the
 * convolutions are.
 */
final class SeInception {
  /**
   * Widths of the 1 x 1, 3 x 3 and double 3 x 3 branches, and of the projection after the pooling.
   */
  private record Row(
      String name,
      int one,
      int reduce3,
      int three,
      int reduceD,
      int doubled,
      PoolKind pool,
      int proj) {
    boolean halves() {
      return one == 0;
    }
  }

  private static final PoolKind AVG = PoolKind.AVERAGE;
  private static final PoolKind MAX = PoolKind.MAX;

  // The authors' prototxt, for 224 x 224; the stem makes 192 channels at 28.
  private static final List<Row> ROWS =
      List.of(
          new Row("3a", 64, 64, 64, 64, 96, AVG, 32), // 28
          new Row("3b", 64, 64, 96, 64, 96, AVG, 64),
          new Row("3c", 0, 128, 160, 64, 96, MAX, 0), // 14
          new Row("4a", 224, 64, 96, 96, 128, AVG, 128),
          new Row("4b", 192, 96, 128, 96, 128, AVG, 128),
          new Row("4c", 160, 128, 160, 128, 160, AVG, 128),
          new Row("4d", 96, 128, 192, 160, 192, AVG, 128),
          new Row("4e", 0, 128, 192, 192, 256, MAX, 0), // 7
          new Row("5a", 352, 192, 320, 160, 224, AVG, 128),
          new Row("5b", 352, 192, 320, 192, 224, MAX, 128));

  private SeInception() {}

  static List<Variant> variants() {
    return List.of(
        new Variant(
            "se_inception", "se_inception", SeInception::build, Shared.stem(), Shared.dropout(0)));
  }

  private static Graph build(Choice choice) {
    Layers layers = new Layers(choice);
    Node x;
    if (choice.small()) {
      x = unit(layers, "stem.0", layers.input(), 64, 3, 1);
    } else {
      x = unit(layers, "stem.0", layers.input(), 64, 7, 2);
      x = halve(layers, "stem.1", x);
    }
    x = unit(layers, "stem.2", x, 64, 1, 1);
    x = halve(layers, "stem.4", unit(layers, "stem.3", x, 192, 3, 1));
    for (Row row : ROWS) {
      x = module(layers, "blocks.inception_" + row.name(), x, row);
    }
    return layers.classify("fc", x);
  }

  private static Node module(Layers layers, String path, Node in, Row row) {
    int stride = row.halves() ? 2 : 1;
    List<Node> parts = new ArrayList<>();
    if (row.one() > 0) {
      parts.add(unit(layers, path + ".b1", in, row.one(), 1, 1));
    }
    Node x = unit(layers, path + ".b3.0", in, row.reduce3(), 1, 1);
    parts.add(unit(layers, path + ".b3.1", x, row.three(), 3, stride));
    x = unit(layers, path + ".d3.0", in, row.reduceD(), 1, 1);
    x = unit(layers, path + ".d3.1", x, row.doubled(), 3, 1);
    parts.add(unit(layers, path + ".d3.2", x, row.doubled(), 3, stride));
    if (row.halves()) {
      parts.add(layers.pool(path + ".pool", MAX, in, halving(in), false));
    } else {
      Node pooled = layers.pool(path + ".pool", row.pool(), in, Window.square(3, 1), false);
      parts.add(unit(layers, path + ".proj", pooled, row.proj(), 1, 1));
    }
    Node all = layers.concat(path, parts.toArray(Node[]::new));
    int squeeze = all.shape().channels() / 16;
    return layers.gate(path + ".se", new String[] {"fc1", "fc2"}, all, squeeze, Function.SIGMOID);
  }

  private static Node unit(
      Layers layers, String path, Node in, int channels, int kernel, int stride) {
    Node conv = layers.conv(path + ".0", in, channels, kernel, stride);
    return layers.relu(layers.norm(path + ".1", conv));
  }

  /** As {@link #halve} along an even axis; along an odd one with the convolutions' size. */
  private static Window halving(Node in) {
    int top = in.shape().height() % 2;
    int left = in.shape().width() % 2;
    List<Integer> ones = List.of(1, 1);
    return new Window(List.of(3, 3), List.of(2, 2), List.of(top, left), ones, ones);
  }

  /** Caffe's pooling: no padding, and the number of outputs rounded up. */
  private static Node halve(Layers layers, String name, Node in) {
    return layers.pool(name, MAX, in, Window.square(3, 2, 0), true);
  }
}
