package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.golden.Formula;
import dev.kinglet.golden.Goldens;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A step by the tape against the same step by LibTorch's operators in double precision, which the
 * goldens hold against PyTorch.
 */
class TapeTest {
  private static final int BATCH = 4;

  /** What a step of training leaves behind. */
  private record Step(double loss, Map<String, double[]> gradients, Map<String, double[]> others) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shufflenet_v2_x0_5 --classes 10 --input 3x64x64",
        "mobilenet_v2_050 --classes 10 --input 3x64x64",
        "mobilenet_v3_small_100 --classes 10 --input 3x64x64",
        "ghostnet_050 --classes 10 --input 3x64x64",
        "resnet18 --classes 10 --input 3x64x64",
        "efficientnet_lite0 --classes 10 --input 3x64x64",
      })
  void gradientsAndStatisticsAreThoseOfAutograd(String command) {
    Graph graph = Rates.of(Goldens.build(command), 0, 0);
    // Next to the kink of a ReLU rounding decides, and one pixel's gradient comes or goes.
    compare(graph, 5e-3);
  }

  private static void compare(Graph graph, double kinks) {
    Step truth = step(graph, ScalarType.Double, false, TapeTest::autograd);
    Step plain = step(graph, ScalarType.Float, true, TapeTest::autograd);
    Step taped = step(graph, ScalarType.Float, true, TapeTest::tape);
    assertEquals(truth.loss, taped.loss, 1e-4 * truth.loss, "loss");
    double limit = 2 * error(truth.gradients, plain.gradients) + kinks;
    double found = error(truth.gradients, taped.gradients);
    assertTrue(found <= limit, "gradients: " + found + ", but allowed are " + limit);
    double statistics = error(truth.others, taped.others);
    assertTrue(statistics <= 1e-5, "statistics: " + statistics);
  }

  /** Autograd gives both summands views of the same memory as their gradients. */
  @Test
  void branchesWhoseGradientsShareMemoryDoNotSpoilEachOther() {
    Shape in = Shape.of(3, 8, 8);
    GraphBuilder builder = new GraphBuilder("sum", in);
    Node left = normed(builder, "left");
    Node right = normed(builder, "right");
    Node first = builder.add("first", new Op.Reshape(left.shape()), left);
    Node second = builder.add("second", new Op.Reshape(right.shape()), right);
    Node sum = builder.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), first, second);
    Node conv = builder.add("conv", new Op.Conv(8, Window.square(3, 1), 1, false), sum);
    Node pool = builder.add("pool", new Op.GlobalPool(Op.PoolKind.AVERAGE), conv);
    Node flat = builder.add("flat", new Op.Reshape(Shape.of(8)), pool);
    compare(builder.build(flat), 1e-5);
  }

  private static Node normed(GraphBuilder builder, String name) {
    Op.Conv conv = new Op.Conv(8, Window.square(3, 1), 1, false);
    Node x = builder.add(name + ".conv", conv, builder.input());
    return builder.add(name + ".norm", new Op.BatchNorm(), x);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet_v2_050 --classes 10 --input 3x64x64"})
  void aFrozenPartHasNoGradientAndKeepsItsStatistics(String command) {
    Graph graph = Rates.of(Goldens.build(command), 0, 0);
    TorchNetwork network = new TorchNetwork(graph, Formula.weights(graph, 1));
    network.freeze(name -> name.startsWith("features.1") || name.endsWith("bias"));
    Map<String, double[]> before = values(network.tensors());
    try (PointerScope _ = new PointerScope()) {
      loss(network, ScalarType.Float, TapeTest::tape);
      network
          .learned()
          .forEach((name, p) -> assertTrue(p.grad().defined(), name + " has no gradient"));
      network
          .tensors()
          .forEach(
              (name, p) -> {
                if (!network.learned().containsKey(name)) {
                  assertTrue(!p.grad().defined(), name + " has a gradient");
                }
                if (name.startsWith("features.1")) {
                  assertEquals(0, error(before.get(name), TorchTensors.doubles(p)), name);
                }
              });
    }
  }

  private static Step step(
      Graph graph,
      ScalarType type,
      boolean channelsLast,
      BiFunction<TorchNetwork, Tensor, Tensor> backward) {
    TorchNetwork network = new TorchNetwork(graph, Formula.weights(graph, 1), type, channelsLast);
    try (PointerScope _ = new PointerScope()) {
      double loss = loss(network, type, backward);
      Map<String, Tensor> gradients = new LinkedHashMap<>();
      Map<String, Tensor> others = new LinkedHashMap<>(network.tensors());
      network
          .learned()
          .forEach(
              (name, p) -> {
                gradients.put(name, p.grad());
                others.remove(name);
              });
      return new Step(loss, values(gradients), values(others));
    }
  }

  private static double loss(
      TorchNetwork network, ScalarType type, BiFunction<TorchNetwork, Tensor, Tensor> backward) {
    Shape in = network.graph().input().shape();
    Tensor x =
        TorchTensors.of(Formula.input(in.prepend(BATCH)), TorchTensors.batch(BATCH, in)).to(type);
    return backward.apply(network, x).item_double();
  }

  private static Tensor autograd(TorchNetwork network, Tensor x) {
    Tensor loss = Losses.crossEntropy(network.forward(x, true), new long[] {1, 4, 7, 2}, 0.1);
    loss.backward();
    return loss;
  }

  private static Tensor tape(TorchNetwork network, Tensor x) {
    Tape tape = network.tape();
    Tensor loss = Losses.crossEntropy(network.forward(x, tape), new long[] {1, 4, 7, 2}, 0.1);
    tape.backward(loss);
    return loss;
  }

  private static Map<String, double[]> values(Map<String, Tensor> tensors) {
    Map<String, double[]> values = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> values.put(name, TorchTensors.doubles(tensor)));
    return values;
  }

  /** The norm of the difference of all tensors against the norm of the true ones. */
  private static double error(Map<String, double[]> truth, Map<String, double[]> found) {
    double difference = 0;
    double norm = 0;
    for (Map.Entry<String, double[]> entry : truth.entrySet()) {
      difference += square(entry.getValue(), found.get(entry.getKey()));
      norm += square(entry.getValue(), new double[entry.getValue().length]);
    }
    return Math.sqrt(difference / norm);
  }

  private static double error(double[] truth, double[] found) {
    return Math.sqrt(square(truth, found));
  }

  private static double square(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}
