package dev.kinglet.engine;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The blocks that known networks are made of, at random sizes: what the rewrites look for. */
abstract class RandomBlocks extends RandomLayers {
  RandomBlocks(Random random) {
    super(random);
  }

  Node convNormAct(Node x) {
    return act(norm(conv(x, one(1, 40))));
  }

  Node conv(Node x, int channels) {
    int c = x.shape().channels();
    List<Integer> groups = new ArrayList<>();
    for (int g = 1; g <= c; g++) {
      if (c % g == 0) {
        groups.add(g);
      }
    }
    int g = chance(0.6) ? 1 : groups.get(random.nextInt(groups.size()));
    int out = Math.max(1, channels / g) * g;
    Window window = chance(0.4) ? unit(x, 1, 1) : window(x, 5);
    return add(new Op.Conv(out, window, g, chance(0.5)), x);
  }

  Node depthwise(Node x) {
    int c = x.shape().channels();
    return act(norm(add(new Op.Conv(c, window(x, 7), c, chance(0.3)), x)));
  }

  Node residual(Node x) {
    Node y = norm(same(x, x.shape().channels()));
    if (chance(0.4)) {
      y = norm(same(act(y), x.shape().channels()));
    }
    if (chance(0.2)) {
      y = act(y);
    }
    Node shortcut = chance(0.25) ? norm(same(x, x.shape().channels())) : x;
    Node sum =
        chance(0.5)
            ? arithmetic(Op.Arithmetic.Kind.ADD, y, shortcut)
            : arithmetic(Op.Arithmetic.Kind.ADD, shortcut, y);
    return chance(0.6) ? act(sum) : sum;
  }

  /** A gate a channel, as squeeze-excite makes it, from 1x1 convolutions or linear layers. */
  Node gated(Node x) {
    int c = x.shape().channels();
    int squeezed = one(1, 9);
    boolean linear = chance(0.4);
    Node pooled =
        chance(0.5)
            ? add(new Op.GlobalPool(chance(0.85) ? Op.PoolKind.AVERAGE : Op.PoolKind.MAX), x)
            : add(new Op.Reduce(Op.Reduce.Kind.MEAN, spatialAxes(x), !linear || chance(0.5)), x);
    Node y =
        linear && pooled.shape().rank() > 1 ? add(new Op.Reshape(Shape.of(c)), pooled) : pooled;
    y = linear ? add(new Op.Linear(squeezed, true), y) : pointwise(y, squeezed);
    y = chance(0.8) ? add(new Op.Activation(Op.Function.RELU), y) : y;
    y = linear ? add(new Op.Linear(c, true), y) : pointwise(y, c);
    y = add(new Op.Activation(pick(Op.Function.SIGMOID, Op.Function.HARD_SIGMOID)), y);
    if (linear) {
      int[] ones = x.shape().toArray();
      Arrays.fill(ones, 1, ones.length, 1);
      y = add(new Op.Reshape(Shape.of(ones)), y);
    }
    Node gated =
        chance(0.5)
            ? arithmetic(Op.Arithmetic.Kind.MULTIPLY, x, y)
            : arithmetic(Op.Arithmetic.Kind.MULTIPLY, y, x);
    return chance(0.3) ? act(arithmetic(Op.Arithmetic.Kind.ADD, gated, x)) : gated;
  }

  Node shuffleUnit(Node x) {
    Node y = x;
    int units = one(1, 4);
    for (int i = 0; i < units && y.shape().channels() > 1; i++) {
      int c = y.shape().channels();
      int half = c / 2;
      Node kept = add(new Op.Slice(0, half), y);
      Node changed = add(new Op.Slice(half, c), y);
      changed = act(norm(same(changed, chance(0.7) ? c - half : one(1, 20))));
      changed = chance(0.5) ? act(norm(same(changed, changed.shape().channels()))) : changed;
      y = chance(0.8) ? concat(List.of(kept, changed)) : concat(List.of(changed, kept));
      y = shuffle(y);
    }
    return y;
  }

  Node ghost(Node x) {
    Node primary = act(norm(pointwise(x, one(1, 17))));
    int c = primary.shape().channels();
    Node cheap = norm(add(new Op.Conv(c, unit(x, 3, 1), c, false), primary));
    cheap = chance(0.5) ? act(cheap) : cheap;
    Node both = concat(List.of(primary, cheap));
    return chance(0.5) ? add(new Op.Slice(0, one(1, 2 * c)), both) : both;
  }

  Node branches(Node x) {
    List<Node> parts = new ArrayList<>();
    int n = one(2, 4);
    for (int i = 0; i < n; i++) {
      parts.add(
          switch (random.nextInt(5)) {
            case 0 -> x;
            case 1 ->
                add(
                    new Op.Pool(
                        pick(Op.PoolKind.values()), unit(x, 3, 1), chance(0.5), chance(0.5)),
                    x);
            case 2 -> act(x);
            default -> act(norm(same(x, one(1, 12))));
          });
    }
    Node all = concat(parts);
    return switch (random.nextInt(4)) {
      case 0 -> act(all);
      case 1 -> norm(all);
      case 2 -> act(norm(pointwise(all, one(1, 20))));
      default -> all;
    };
  }

  /** A gate a position from the mean and the maximum over all channels, as CBAM makes it. */
  Node attention(Node x) {
    Node mean = add(new Op.Reduce(Op.Reduce.Kind.MEAN, List.of(0), true), x);
    Node max = add(new Op.Reduce(Op.Reduce.Kind.MAX, List.of(0), true), x);
    Node gate = norm(add(new Op.Conv(1, unit(x, 7, 1), 1, false), concat(List.of(max, mean))));
    return arithmetic(
        Op.Arithmetic.Kind.MULTIPLY, x, add(new Op.Activation(Op.Function.SIGMOID), gate));
  }

  /** A gate from a smaller map stretched back, as GhostNetV2's long-range attention makes it. */
  Node farAttention(Node x) {
    List<Integer> sizes = x.shape().toList().subList(1, x.shape().rank());
    Node y = x;
    if (sizes.stream().allMatch(size -> size >= 2)) {
      y = add(new Op.Pool(Op.PoolKind.AVERAGE, unit(x, 2, 2), false, true), y);
    }
    int c = x.shape().channels();
    y = norm(pointwise(y, c));
    y = norm(add(new Op.Conv(c, unit(x, 5, 1), c, false), y));
    y = add(new Op.Activation(Op.Function.SIGMOID), y);
    List<Float> scales = new ArrayList<>();
    for (int a = 0; a < sizes.size(); a++) {
      scales.add(sizes.get(a) / (float) y.shape().size(a + 1));
    }
    y =
        add(
            new Op.Resize(
                sizes,
                scales,
                Op.Resize.Interpolation.NEAREST_FLOOR,
                Op.Resize.Coordinates.ASYMMETRIC),
            y);
    return arithmetic(Op.Arithmetic.Kind.MULTIPLY, x, y);
  }

  Node inverted(Node x) {
    int c = x.shape().channels();
    Node y = act(norm(pointwise(x, Math.min(60, c * one(1, 4)))));
    boolean keep = chance(0.6);
    int wide = y.shape().channels();
    Window window = keep ? unit(x, pick(3, 5), 1) : window(x, 5);
    y = act(norm(add(new Op.Conv(wide, window, wide, false), y)));
    y = chance(0.3) ? gated(y) : y;
    y = norm(pointwise(y, keep ? c : one(1, 30)));
    return keep ? arithmetic(Op.Arithmetic.Kind.ADD, x, y) : y;
  }

  Node head(Node x) {
    Node y = add(new Op.GlobalPool(Op.PoolKind.AVERAGE), x);
    y = chance(0.3) ? act(pointwise(y, one(1, 40))) : y;
    y = add(new Op.Reshape(Shape.of(y.shape().channels())), y);
    y = chance(0.5) ? add(new Op.Dropout(0.2f), y) : y;
    y = add(new Op.Linear(one(1, 30), chance(0.7)), y);
    return chance(0.3) ? add(new Op.Softmax(0), y) : y;
  }
}
