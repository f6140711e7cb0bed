package dev.kinglet.engine;

import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The layers that random networks are made of, at random sizes. */
abstract class RandomLayers {
  final Random random;
  GraphBuilder builder;
  private int count;

  RandomLayers(Random random) {
    this.random = random;
  }

  Node norm(Node x) {
    return chance(0.75) ? add(new Op.BatchNorm(), x) : x;
  }

  Node act(Node x) {
    Op.Function function =
        pick(
            Op.Function.RELU,
            Op.Function.RELU,
            Op.Function.RELU6,
            Op.Function.HARD_SWISH,
            Op.Function.HARD_SIGMOID,
            Op.Function.SIGMOID,
            Op.Function.SILU,
            Op.Function.TANH,
            Op.Function.GELU,
            Op.Function.LEAKY_RELU,
            Op.Function.ABS,
            Op.Function.MISH);
    return chance(0.85) ? add(new Op.Activation(function), x) : x;
  }

  Node pointwise(Node x, int channels) {
    return add(new Op.Conv(channels, unit(x, 1, 1), 1, chance(0.5)), x);
  }

  /** A convolution that keeps the spatial sizes. */
  Node same(Node x, int channels) {
    int c = x.shape().channels();
    boolean depthwise = channels == c && chance(0.3);
    Window window = unit(x, pick(1, 3), 1);
    return add(new Op.Conv(channels, window, depthwise ? c : 1, chance(0.4)), x);
  }

  Node shuffle(Node x) {
    List<Integer> groups =
        IntStream.rangeClosed(1, x.shape().channels())
            .filter(g -> x.shape().channels() % g == 0)
            .boxed()
            .toList();
    return add(new Op.Shuffle(groups.get(random.nextInt(groups.size()))), x);
  }

  Node concat(List<Node> parts) {
    return add(new Op.Concat(), parts);
  }

  Node arithmetic(Op.Arithmetic.Kind kind, Node a, Node b) {
    return add(new Op.Arithmetic(kind), List.of(a, b));
  }

  Node add(Op op, Node x) {
    return add(op, List.of(x));
  }

  Node add(Op op, List<Node> inputs) {
    return builder.add("n" + count++, op, inputs);
  }

  /** The same size along each axis, padded to keep the map where the stride is 1. */
  static Window unit(Node x, int kernel, int stride) {
    int rank = x.shape().spatialRank();
    return Window.of(
        Collections.nCopies(rank, kernel),
        Collections.nCopies(rank, stride),
        Collections.nCopies(rank, (kernel - 1) / 2),
        Collections.nCopies(rank, 1));
  }

  /** Any window that fits. */
  Window window(Node x, int largest) {
    List<List<Integer>> lists = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      lists.add(new ArrayList<>());
    }
    boolean square = chance(0.6);
    for (int a = 0; a < x.shape().spatialRank(); a++) {
      if (square && a > 0 && fits(x, lists, a)) {
        for (List<Integer> list : lists) {
          list.add(list.getFirst());
        }
        continue;
      }
      int size = x.shape().size(a + 1);
      int kernel = one(1, largest);
      int dilation = chance(0.8) ? 1 : one(1, 3);
      int extent = (kernel - 1) * dilation + 1;
      int before = chance(0.7) ? extent / 2 : one(0, kernel - 1);
      int after = chance(0.7) ? before : one(0, kernel - 1);
      if (size + before + after < extent) {
        kernel = 1;
        dilation = 1;
        before = 0;
        after = 0;
      }
      int[] entries = {
        kernel, one(1, 3), Math.min(before, kernel - 1), Math.min(after, kernel - 1), dilation
      };
      if (size + entries[2] + entries[3] < (kernel - 1) * dilation + 1) {
        entries[0] = 1;
        entries[2] = 0;
        entries[3] = 0;
      }
      for (int i = 0; i < 5; i++) {
        lists.get(i).add(entries[i]);
      }
    }
    return new Window(lists.get(0), lists.get(1), lists.get(2), lists.get(3), lists.get(4));
  }

  static boolean fits(Node x, List<List<Integer>> lists, int axis) {
    int extent = (lists.get(0).getFirst() - 1) * lists.get(4).getFirst() + 1;
    return x.shape().size(axis + 1) + lists.get(2).getFirst() + lists.get(3).getFirst() >= extent;
  }

  static List<Integer> spatialAxes(Node x) {
    return IntStream.range(1, x.shape().rank()).boxed().toList();
  }

  int one(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  boolean chance(double of) {
    return random.nextDouble() < of;
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
