package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Autograd over each operator against central differences in double precision. */
class OperatorGradientTest {
  private static final int BATCH = 3;
  private static final int CHECKED = 24;
  private static final double STEP = 1e-5;

  /** A graph of one operator, its name, and the range of its inputs. */
  record Case(String name, Graph graph, double low, double high) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    Shape map = Shape.of(6, 7, 5);
    Shape line = Shape.of(4, 9);
    Shape volume = Shape.of(2, 5, 6, 4);
    Window odd =
        new Window(List.of(3, 2), List.of(2, 1), List.of(0, 1), List.of(1, 1), List.of(1, 2));
    cases.add(one("conv", new Op.Conv(4, Window.square(3, 2), 1, true), map));
    cases.add(one("conv grouped and asymmetric", new Op.Conv(4, odd, 2, false), map));
    cases.add(one("conv depthwise", new Op.Conv(6, Window.square(5, 1), 6, false), map));
    Window one = Window.of(List.of(3), List.of(2), List.of(1), List.of(1));
    cases.add(one("conv over a line", new Op.Conv(3, one, 1, true), line));
    cases.add(one("conv over a volume", new Op.Conv(3, Window.valid(3, 3, 2), 1, true), volume));
    cases.add(
        one(
            "transposed conv",
            new Op.ConvTranspose(4, Window.square(3, 2), List.of(1, 0), 2, true),
            map));
    cases.add(one("transposed line", new Op.ConvTranspose(2, one, List.of(1), 1, false), line));
    cases.add(
        one(
            "transposed volume",
            new Op.ConvTranspose(2, Window.valid(2, 2, 2), List.of(0, 0, 0), 1, true),
            volume));
    cases.add(one("linear", new Op.Linear(5, true), Shape.of(7)));
    cases.add(one("batch norm", new Op.BatchNorm(), map));
    cases.add(one("batch norm of a vector", new Op.BatchNorm(1e-3f, 0.01f), Shape.of(7)));
    cases.add(one("batch norm of a volume", new Op.BatchNorm(), volume));
    for (Op.Function function : Op.Function.values()) {
      boolean positive =
          switch (function) {
            case SQRT, LOG, RECIPROCAL -> true;
            default -> false;
          };
      Graph graph = graph(new Op.Activation(function), Shape.of(3, 4, 5));
      cases.add(new Case(function.name(), graph, positive ? 0.5 : -4, positive ? 3 : 4));
    }
    cases.add(
        one("hard sigmoid of 1/5", new Op.Activation(Op.Function.HARD_SIGMOID, 0.2f, 0.4f), map));
    cases.add(one("prelu", new Op.PRelu(), map));
    for (Op.Arithmetic.Kind kind : Op.Arithmetic.Kind.values()) {
      cases.add(new Case("arithmetic " + kind, gate(kind, map), 0.5, 2));
    }
    for (Op.PoolKind kind : Op.PoolKind.values()) {
      cases.add(one(kind + " pool", new Op.Pool(kind, Window.square(3, 2), false, false), map));
      cases.add(
          one(kind + " pool, ceil", new Op.Pool(kind, Window.square(3, 2, 0), true, false), map));
      cases.add(
          one(
              kind + " pool, ceil, counted",
              new Op.Pool(kind, Window.square(2, 2, 1), true, true),
              map));
      cases.add(one(kind + " pool, asymmetric", new Op.Pool(kind, odd, true, false), map));
      cases.add(one(kind + " pool, asymmetric, counted", new Op.Pool(kind, odd, true, true), map));
      cases.add(one(kind + " pool of a line", new Op.Pool(kind, one, false, true), line));
      cases.add(
          one(
              kind + " pool of a volume",
              new Op.Pool(kind, Window.valid(2, 3, 2), false, true),
              volume));
      cases.add(one("global " + kind, new Op.GlobalPool(kind), map));
    }
    for (Op.Reduce.Kind kind : Op.Reduce.Kind.values()) {
      cases.add(one("reduce " + kind, new Op.Reduce(kind, List.of(0), true), map));
      cases.add(one("reduce all " + kind, new Op.Reduce(kind, List.of(0, 1, 2), false), map));
      cases.add(one("reduce some " + kind, new Op.Reduce(kind, List.of(1, 2), false), map));
    }
    cases.add(one("lrn", new Op.LocalResponseNorm(4, 0.5f, 0.75f, 1), map));
    cases.add(one("softmax", new Op.Softmax(0), map));
    cases.add(one("softmax of columns", new Op.Softmax(2), map));
    cases.add(one("slice", new Op.Slice(1, 4), map));
    cases.add(one("slice by steps", new Op.Slice(0, 1, 6, 2), map));
    cases.add(one("slice of rows", new Op.Slice(1, 1, 6, 3), map));
    cases.add(one("shuffle", new Op.Shuffle(3), map));
    cases.add(one("shuffle of a vector", new Op.Shuffle(2), Shape.of(6)));
    cases.add(one("shuffle of a volume", new Op.Shuffle(2), volume));
    cases.add(one("reshape", new Op.Reshape(Shape.of(5, 6, 7)), map));
    cases.add(one("transpose", new Op.Transpose(List.of(2, 0, 1)), map));
    for (Op.Pad.Mode mode : Op.Pad.Mode.values()) {
      cases.add(
          one("pad " + mode, new Op.Pad(List.of(0, 2, -1), List.of(1, 3, 2), mode, 0.5f), map));
    }
    for (Op.Resize.Interpolation i : Op.Resize.Interpolation.values()) {
      for (Op.Resize.Coordinates c : Op.Resize.Coordinates.values()) {
        Op resize = new Op.Resize(List.of(11, 3), List.of(11 / 7f, 3 / 5f), i, c);
        cases.add(one("resize " + i + " " + c, resize, Shape.of(2, 7, 5)));
      }
    }
    cases.add(one("dropout", new Op.Dropout(0.4f), map));
    cases.add(one("drop path", new Op.DropPath(0.4f), map));
    GraphBuilder concat = new GraphBuilder("concat", map);
    Node half = concat.add("half", new Op.Activation(Op.Function.TANH), concat.input());
    cases.add(
        new Case(
            "concat",
            concat.build(concat.add("c", new Op.Concat(1), half, concat.input())),
            -1,
            1));
    return cases.stream();
  }

  private static Case one(String name, Op op, Shape in) {
    return new Case(name, graph(op, in), -1, 1);
  }

  private static Graph graph(Op op, Shape in) {
    GraphBuilder builder = new GraphBuilder("one operator", in);
    return builder.build(builder.add("op", op, builder.input()));
  }

  private static Graph gate(Op.Arithmetic.Kind kind, Shape in) {
    GraphBuilder builder = new GraphBuilder("gate", in);
    Node constant = builder.add("constant", new Op.Constant(Shape.of(in.channels(), 1, 1)));
    Node gated =
        builder.add(
            "first", new Op.Arithmetic(Op.Arithmetic.Kind.MULTIPLY), builder.input(), constant);
    return builder.build(builder.add("op", new Op.Arithmetic(kind), builder.input(), gated));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfCentralDifferences(Case c) {
    SplittableRandom random = new SplittableRandom(11);
    TorchNetwork network =
        new TorchNetwork(c.graph(), weights(c.graph(), random), ScalarType.Double, true);
    Shape in = c.graph().input().shape();
    Shape out = c.graph().output().shape();
    try (PointerScope _ = new PointerScope()) {
      org.bytedeco.pytorch.Tensor input =
          uniform(random, c.low(), c.high(), TorchTensors.batch(BATCH, in));
      org.bytedeco.pytorch.Tensor mix = uniform(random, -1, 1, TorchTensors.batch(BATCH, out));
      input.requires_grad_(true);
      loss(network, input, mix).backward();
      Map<String, org.bytedeco.pytorch.Tensor> leaves = new LinkedHashMap<>(network.learned());
      leaves.put("input", input);
      for (Map.Entry<String, org.bytedeco.pytorch.Tensor> leaf : leaves.entrySet()) {
        org.bytedeco.pytorch.Tensor tensor = leaf.getValue();
        // A rounded value has the gradient 0, which autograd may leave undefined.
        double[] found =
            tensor.grad().defined()
                ? TorchTensors.doubles(tensor.grad())
                : new double[(int) tensor.numel()];
        double[] expected = differences(network, input, mix, tensor, found);
        assertEquals(expected.length, found.length);
        assertArrayEquals(expected, found, 2e-6, leaf.getKey() + " of " + c.name());
      }
    }
  }

  private static double[] differences(
      TorchNetwork network,
      org.bytedeco.pytorch.Tensor input,
      org.bytedeco.pytorch.Tensor mix,
      org.bytedeco.pytorch.Tensor leaf,
      double[] found) {
    org.bytedeco.pytorch.Tensor rows = leaf.detach().contiguous();
    double[] at = TorchTensors.doubles(leaf);
    double[] result = found.clone();
    // Of a large tensor every few elements, at a stride that meets all axes.
    int stride = at.length <= CHECKED ? 1 : 2 * (at.length / CHECKED / 2) + 1;
    for (int i = 0; i < at.length; i += stride) {
      double[] moved = at.clone();
      double[] sides = new double[2];
      for (int side = 0; side < 2; side++) {
        moved[i] = at[i] + (side == 0 ? STEP : -STEP);
        try (PointerScope _ = new PointerScope()) {
          assign(leaf, rows, moved);
          sides[side] = loss(network, input, mix).item_double();
        }
      }
      result[i] = (sides[0] - sides[1]) / (2 * STEP);
    }
    assign(leaf, rows, at);
    return result;
  }

  private static void assign(
      org.bytedeco.pytorch.Tensor leaf, org.bytedeco.pytorch.Tensor like, double[] values) {
    org.bytedeco.pytorch.Tensor fresh = torch.zeros_like(like);
    fresh.data_ptr_double().put(values, 0, values.length);
    leaf.detach().copy_(fresh);
  }

  /** A random weighted sum of the outputs, with the same draws of dropout every time. */
  private static org.bytedeco.pytorch.Tensor loss(
      TorchNetwork network, org.bytedeco.pytorch.Tensor input, org.bytedeco.pytorch.Tensor mix) {
    torch.manual_seed(5);
    return network.forward(input, true).mul(mix).sum();
  }

  private static org.bytedeco.pytorch.Tensor uniform(
      SplittableRandom random, double low, double high, long... sizes) {
    org.bytedeco.pytorch.Tensor tensor = torch.zeros(sizes).to(ScalarType.Double);
    double[] values = random.doubles(tensor.numel(), low, high).toArray();
    try (DoublePointer data = tensor.data_ptr_double()) {
      data.put(values, 0, values.length);
    }
    return tensor;
  }

  private static Weights weights(Graph graph, SplittableRandom random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      float[] values = new float[parameter.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble(0.5, 1.5);
      }
      boolean counter = parameter.role() == Parameter.Role.COUNTER;
      tensors.put(
          parameter.name(),
          counter ? InitialWeights.tensor(parameter, 0) : Tensor.of(parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  @org.junit.jupiter.api.Test
  void everyOperatorHasACase() {
    Set<Class<?>> seen = new HashSet<>();
    cases().flatMap(c -> c.graph().nodes().stream()).forEach(n -> seen.add(n.op().getClass()));
    operators(Op.class)
        .forEach(op -> assertTrue(seen.contains(op), op.getSimpleName() + " has no case"));
  }

  /** The records of a sealed type, through sealed types between. */
  private static Stream<Class<?>> operators(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(OperatorGradientTest::operators)
        : Stream.of(type);
  }
}
