package dev.kinglet.engine;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Small networks from all operators and from the patterns that the rewrites look for: residuals,
 * gates, shuffle units, ghost modules, branches, nested splits; at odd sizes, in one to three
 * dimensions. The same seed gives the same graph.
 */
public final class RandomGraph extends RandomLayers {
  private static final int LARGEST = 2500;

  private RandomGraph(long seed) {
    super(new Random(seed * 0x9E3779B97F4A7C15L + 1));
    int rank = pick(1, 2, 2, 2, 2, 2, 2, 2, 3);
    int[] sizes = new int[rank + 1];
    sizes[0] = one(1, 20);
    for (int axis = 1; axis <= rank; axis++) {
      sizes[axis] = chance(0.12) ? 1 : one(1, rank == 3 ? 6 : 12);
    }
    builder = new GraphBuilder("random " + seed, Shape.of(sizes));
  }

  /** The graph of this seed. */
  public static Graph of(long seed) {
    return new RandomGraph(seed).build();
  }

  private Graph build() {
    List<Node> maps = new ArrayList<>(List.of(builder.input()));
    int blocks = one(1, 8);
    for (int i = 0; i < blocks; i++) {
      Node from = chance(0.75) ? maps.getLast() : maps.get(random.nextInt(maps.size()));
      maps.add(block(from));
    }
    Node last = maps.getLast();
    if (chance(0.3)) {
      List<Node> same =
          maps.stream().filter(n -> n.shape().with(0, 1).equals(last.shape().with(0, 1))).toList();
      return builder.build(chance(0.5) ? head(concat(same)) : concat(same));
    }
    return builder.build(chance(0.4) ? head(last) : last);
  }

  private Node block(Node x) {
    Node y =
        switch (random.nextInt(22)) {
          case 0, 1 -> convNormAct(x);
          case 2 -> depthwise(x);
          case 3 -> residual(x);
          case 4 -> gated(x);
          case 5, 6 -> shuffleUnit(x);
          case 7 -> ghost(x);
          case 8 -> branches(x);
          case 9, 10 -> channels(x);
          case 11 -> pool(x);
          case 12 -> moved(x);
          case 13 -> attention(x);
          case 14 -> combined(x);
          case 15 -> single(x);
          case 16 -> farAttention(x);
          case 17 -> upwards(x);
          case 18 -> reshaped(x);
          case 19, 20 -> inverted(x);
          case 21 -> withConstant(x);
          default -> throw new AssertionError();
        };
    return y.shape().elements() > LARGEST ? add(new Op.Slice(0, 1), y) : y;
  }

  private Node convNormAct(Node x) {
    return act(norm(conv(x, one(1, 40))));
  }

  private Node conv(Node x, int channels) {
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

  private Node depthwise(Node x) {
    int c = x.shape().channels();
    return act(norm(add(new Op.Conv(c, window(x, 7), c, chance(0.3)), x)));
  }

  private Node residual(Node x) {
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
  private Node gated(Node x) {
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

  private Node shuffleUnit(Node x) {
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

  private Node ghost(Node x) {
    Node primary = act(norm(pointwise(x, one(1, 17))));
    int c = primary.shape().channels();
    Node cheap = norm(add(new Op.Conv(c, unit(x, 3, 1), c, false), primary));
    cheap = chance(0.5) ? act(cheap) : cheap;
    Node both = concat(List.of(primary, cheap));
    return chance(0.5) ? add(new Op.Slice(0, one(1, 2 * c)), both) : both;
  }

  private Node branches(Node x) {
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

  /** Channels split, joined and shuffled several times in a row. */
  private Node channels(Node x) {
    Node y = x;
    int times = one(1, 5);
    for (int i = 0; i < times; i++) {
      int c = y.shape().channels();
      int start = random.nextInt(c);
      y =
          switch (random.nextInt(4)) {
            case 0 -> shuffle(y);
            case 1 -> add(new Op.Slice(0, start, one(start + 1, c), one(1, 3)), y);
            case 2 -> c <= 40 ? concat(List.of(y, add(new Op.Slice(start, c), y))) : y;
            default ->
                start == 0
                    ? y
                    : concat(
                        List.of(add(new Op.Slice(start, c), y), add(new Op.Slice(0, start), y)));
          };
    }
    return chance(0.5) ? depthwise(y) : chance(0.5) ? act(norm(conv(y, one(1, 24)))) : y;
  }

  private Node pool(Node x) {
    if (chance(0.2)) {
      return add(new Op.GlobalPool(pick(Op.PoolKind.values())), x);
    }
    return add(new Op.Pool(pick(Op.PoolKind.values()), seeing(x), chance(0.5), chance(0.5)), x);
  }

  /** A window of which every position sees at least one element. */
  private Window seeing(Node x) {
    List<Integer> kernel = new ArrayList<>();
    List<Integer> stride = new ArrayList<>();
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int a = 1; a < x.shape().rank(); a++) {
      int k = one(1, 4);
      int front = one(0, k / 2);
      int back = one(0, k / 2);
      boolean fits = x.shape().size(a) + front + back >= k;
      kernel.add(fits ? k : 1);
      stride.add(one(1, 3));
      before.add(fits ? front : 0);
      after.add(fits ? back : 0);
    }
    return new Window(kernel, stride, before, after, Collections.nCopies(kernel.size(), 1));
  }

  /** Elements moved along the spatial axes. */
  private Node moved(Node x) {
    Shape shape = x.shape();
    int axis = one(1, shape.spatialRank());
    int size = shape.size(axis);
    return switch (random.nextInt(5)) {
      case 0 -> {
        Op.Pad.Mode mode = pick(Op.Pad.Mode.values());
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int a = 0; a < shape.rank(); a++) {
          int most = Math.min(2, shape.size(a) - 1);
          before.add(a == 0 && chance(0.8) ? 0 : one(0, most));
          after.add(a == 0 && chance(0.8) ? 0 : one(0, most));
        }
        yield add(new Op.Pad(before, after, mode, mode == Op.Pad.Mode.CONSTANT ? 0.5f : 0), x);
      }
      case 1 -> {
        List<Integer> sizes = new ArrayList<>();
        List<Float> scales = new ArrayList<>();
        for (int a = 1; a < shape.rank(); a++) {
          sizes.add(one(1, 2 * shape.size(a)));
          scales.add(sizes.getLast() / (float) shape.size(a));
        }
        Op.Resize.Interpolation kind =
            pick(Op.Resize.Interpolation.NEAREST_FLOOR, Op.Resize.Interpolation.LINEAR);
        yield add(new Op.Resize(sizes, scales, kind, Op.Resize.Coordinates.ASYMMETRIC), x);
      }
      case 2 -> {
        List<Integer> order = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
        Collections.shuffle(order, random);
        yield add(new Op.Transpose(order), x);
      }
      case 3 -> add(new Op.Slice(axis, random.nextInt(size), size, one(1, 2)), x);
      default -> add(new Op.Concat(axis), List.of(x, chance(0.5) ? act(x) : x));
    };
  }

  /** A gate a position from the mean and the maximum over all channels, as CBAM makes it. */
  private Node attention(Node x) {
    Node mean = add(new Op.Reduce(Op.Reduce.Kind.MEAN, List.of(0), true), x);
    Node max = add(new Op.Reduce(Op.Reduce.Kind.MAX, List.of(0), true), x);
    Node gate = norm(add(new Op.Conv(1, unit(x, 7, 1), 1, false), concat(List.of(max, mean))));
    return arithmetic(
        Op.Arithmetic.Kind.MULTIPLY, x, add(new Op.Activation(Op.Function.SIGMOID), gate));
  }

  private Node combined(Node x) {
    Node y = chance(0.5) ? act(x) : norm(same(x, x.shape().channels()));
    if (chance(0.4)) {
      List<Integer> axes = new ArrayList<>();
      for (int a = 0; a < x.shape().rank(); a++) {
        if (chance(0.5)) {
          axes.add(a);
        }
      }
      y =
          axes.isEmpty()
              ? y
              : add(
                  new Op.Reduce(
                      pick(Op.Reduce.Kind.MEAN, Op.Reduce.Kind.MAX, Op.Reduce.Kind.MIN),
                      axes,
                      true),
                  y);
    }
    return switch (random.nextInt(5)) {
      case 0 -> {
        Node positive = add(new Op.Activation(Op.Function.CLIP, 0.5f, 2), y);
        yield arithmetic(Op.Arithmetic.Kind.DIVIDE, x, positive);
      }
      case 1 -> {
        Node base = add(new Op.Activation(Op.Function.CLIP, 0.5f, 2), x);
        yield arithmetic(
            Op.Arithmetic.Kind.POWER, base, add(new Op.Activation(Op.Function.TANH), y));
      }
      default -> {
        Op.Arithmetic.Kind kind =
            pick(
                Op.Arithmetic.Kind.ADD,
                Op.Arithmetic.Kind.SUBTRACT,
                Op.Arithmetic.Kind.MAXIMUM,
                Op.Arithmetic.Kind.MINIMUM);
        yield chance(0.5) ? arithmetic(kind, x, y) : arithmetic(kind, y, x);
      }
    };
  }

  private Node single(Node x) {
    return switch (random.nextInt(6)) {
      case 0 -> add(new Op.PRelu(), x);
      case 1 -> add(new Op.LocalResponseNorm(one(1, 5), 0.2f, 0.75f, 1.2f), x);
      case 2 ->
          add(
              new Op.Softmax(random.nextInt(x.shape().rank())),
              add(new Op.Activation(Op.Function.CLIP, -9, 9), x));
      case 3 -> norm(x);
      case 4 -> add(chance(0.5) ? new Op.Dropout(0.2f) : new Op.DropPath(0.2f), x);
      default -> act(x);
    };
  }

  /** A gate from a smaller map stretched back, as GhostNetV2's long-range attention makes it. */
  private Node farAttention(Node x) {
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

  private Node upwards(Node x) {
    int c = x.shape().channels();
    int g = chance(0.3) ? c : 1;
    List<Integer> kernel = new ArrayList<>();
    List<Integer> stride = new ArrayList<>();
    List<Integer> extra = new ArrayList<>();
    int rank = x.shape().spatialRank();
    for (int a = 0; a < rank; a++) {
      kernel.add(one(1, 3));
      stride.add(one(1, 2));
      extra.add(one(0, stride.getLast() - 1));
    }
    List<Integer> ones = Collections.nCopies(rank, 1);
    Window window = Window.of(kernel, stride, Collections.nCopies(rank, 0), ones);
    int out = g == 1 ? one(1, 9) : c * one(1, 2);
    return act(norm(add(new Op.ConvTranspose(out, window, extra, g, chance(0.5)), x)));
  }

  private Node reshaped(Node x) {
    Shape shape = x.shape();
    int c = shape.channels();
    return switch (random.nextInt(4)) {
      case 0 -> {
        Node flat = add(new Op.Reshape(Shape.of(c, shape.area())), x);
        flat = chance(0.5) ? norm(flat) : act(flat);
        yield add(new Op.Reshape(shape), flat);
      }
      case 1 -> {
        int[] turned = shape.toArray();
        int last = turned.length - 1;
        int swap = turned[0];
        turned[0] = turned[last];
        turned[last] = swap;
        yield add(new Op.Reshape(Shape.of(turned)), x);
      }
      case 2 -> {
        int out = one(1, 30);
        Node flat = add(new Op.Reshape(Shape.of(shape.elements())), x);
        Node vector = act(add(new Op.Linear(out, chance(0.5)), flat));
        int[] ones = shape.toArray();
        Arrays.fill(ones, 1);
        ones[0] = out;
        yield add(new Op.Reshape(Shape.of(ones)), vector);
      }
      default -> {
        Node y = add(new Op.Reshape(shape.with(0, 1).prepend(c)), x);
        y = chance(0.5) ? act(y) : y;
        yield add(new Op.Reshape(shape), y);
      }
    };
  }

  private Node inverted(Node x) {
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

  private Node withConstant(Node x) {
    int[] sizes = x.shape().toArray();
    for (int a = 0; a < sizes.length; a++) {
      sizes[a] = chance(a == 0 ? 0.3 : 0.7) ? 1 : sizes[a];
    }
    Node constant = add(new Op.Constant(Shape.of(sizes)), List.of());
    constant = chance(0.3) ? act(constant) : constant;
    Op.Arithmetic.Kind kind =
        pick(Op.Arithmetic.Kind.ADD, Op.Arithmetic.Kind.SUBTRACT, Op.Arithmetic.Kind.MULTIPLY);
    Node y = chance(0.5) ? norm(same(x, x.shape().channels())) : x;
    return chance(0.5) ? arithmetic(kind, y, constant) : arithmetic(kind, constant, y);
  }

  private Node head(Node x) {
    Node y = add(new Op.GlobalPool(Op.PoolKind.AVERAGE), x);
    y = chance(0.3) ? act(pointwise(y, one(1, 40))) : y;
    y = add(new Op.Reshape(Shape.of(y.shape().channels())), y);
    y = chance(0.5) ? add(new Op.Dropout(0.2f), y) : y;
    y = add(new Op.Linear(one(1, 30), chance(0.7)), y);
    return chance(0.3) ? add(new Op.Softmax(0), y) : y;
  }
}
