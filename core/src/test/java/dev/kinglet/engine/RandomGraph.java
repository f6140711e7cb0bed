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
public final class RandomGraph extends RandomBlocks {
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
}
