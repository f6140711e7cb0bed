package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps and learning rates against PyTorch's; {@code make_optimizers.py} made the references. */
class OptimizerTest {
  private static final double[] START = {0.5, -1.25, 2.0, 0.03125};
  private static final double[] CURVE = {1.0, 0.5, 3.0, 0.25};
  private static final Map<String, double[]> EXPECTED = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    LibTorch.load();
    try (InputStream in = OptimizerTest.class.getResourceAsStream("/training/optimizers.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] words = line.split(" ");
        EXPECTED.put(
            words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    }
  }

  private static Rule rule(String name) {
    return switch (name) {
      case "sgd" -> new Rule.Sgd(0.9, false);
      case "sgd_plain" -> new Rule.Sgd(0, false);
      case "nesterov" -> new Rule.Sgd(0.9, true);
      case "rmsprop" -> new Rule.RmsProp(0.9, 0.9, 1e-3, false);
      case "rmsprop_plain" -> new Rule.RmsProp(0.99, 0, 1e-8, false);
      case "rmsprop_tf" -> new Rule.RmsProp(0.9, 0.9, 1e-3, true);
      default -> Rule.named(name);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, 0.01",
    "sgd_plain, 0.01",
    "nesterov, 0",
    "rmsprop, 0.01",
    "rmsprop_plain, 0",
    "rmsprop_tf, 0.01",
    "adam, 0.01",
    "adamw, 0.05"
  })
  void sixStepsAreThoseOfPyTorch(String name, double decay) {
    try (PointerScope _ = new PointerScope()) {
      Tensor w = tensor(START).requires_grad_(true);
      Tensor c = tensor(CURVE);
      Optimizer optimizer = new Optimizer(Map.of("w", w), rule(name), decay, _ -> true);
      for (int step = 0; step < 6; step++) {
        c.mul(w).mul(w).div(TorchTensors.scalar(2)).add(torch.sin(w)).sum().backward();
        optimizer.step(0.1 / (step + 1));
        double[] expected = Arrays.copyOfRange(EXPECTED.get(name), 4 * step, 4 * step + 4);
        assertArrayEquals(expected, TorchTensors.doubles(w), 1e-12, name + " after step " + step);
      }
    }
  }

  private static Tensor tensor(double[] values) {
    Tensor tensor = torch.zeros(values.length).to(ScalarType.Double);
    tensor.data_ptr_double().put(values, 0, values.length);
    return tensor;
  }

  @Test
  void decayLeavesAloneWhatItIsToldTo() {
    try (PointerScope _ = new PointerScope()) {
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      parameters.put("a", tensor(START).requires_grad_(true));
      parameters.put("b", tensor(START).requires_grad_(true));
      Optimizer optimizer =
          new Optimizer(parameters, new Rule.Sgd(0, false), 0.5, name -> name.equals("a"));
      parameters.values().forEach(p -> p.mul(TorchTensors.scalar(0)).sum().backward());
      optimizer.step(0.1);
      assertArrayEquals(START, TorchTensors.doubles(parameters.get("b")));
      double[] smaller = Arrays.stream(START).map(v -> v * 0.95).toArray();
      assertArrayEquals(smaller, TorchTensors.doubles(parameters.get("a")), 1e-15);
    }
  }

  @Test
  void clippingScalesAllGradientsToTheLimit() {
    try (PointerScope _ = new PointerScope()) {
      Tensor a = tensor(new double[] {0, 0}).requires_grad_(true);
      Tensor b = tensor(new double[] {0}).requires_grad_(true);
      a.mul(tensor(new double[] {3, 0}))
          .sum()
          .add(b.mul(tensor(new double[] {4})).sum())
          .backward();
      Map<String, Tensor> both = Map.of("a", a, "b", b);
      Optimizer.clip(both, 10);
      assertEquals(4, TorchTensors.doubles(b.grad())[0]);
      Optimizer.clip(both, 1);
      assertArrayEquals(new double[] {0.6, 0}, TorchTensors.doubles(a.grad()), 1e-6);
      assertArrayEquals(new double[] {0.8}, TorchTensors.doubles(b.grad()), 1e-6);
    }
  }

  @Test
  void schedulesAreThoseOfPyTorch() {
    check("step", i -> new Schedule.Step(3, 0.1).factor(i, 10));
    check("exponential", i -> new Schedule.Exponential(1, 0.97).factor(i, 10));
    check("cosine", i -> new Schedule.Cosine(0).factor(i, 10));
    check("polynomial", i -> new Schedule.Polynomial(2).factor(i, 10));
  }

  @Test
  void oneCycleRisesAndFallsBetweenTheRatesOfPyTorch() {
    // PyTorch's first phase ends at step 0.3 * 11 - 1 and the run at step 10.
    double up = (0.3 * 11 - 1) / 10;
    check("onecycle", i -> new Schedule.OneCycle(up, 1 / 25.0, 1 / 250_000.0).factor(i, 10));
  }

  /** numpy.interp(epoch, [0, 0.2 * 20, 20], [0, 1, 0]), by hand. */
  @Test
  void theTriangleRisesByALineAndFallsByALine() {
    Schedule triangle = Schedule.parse("triangle:0.2");
    double[] epochs = {0, 1, 2, 4, 8, 12, 19, 20};
    double[] expected = {0, 0.25, 0.5, 1, 0.75, 0.5, 0.0625, 0};
    for (int i = 0; i < epochs.length; i++) {
      assertEquals(expected[i], triangle.factor(epochs[i], 20), 1e-12, "epoch " + epochs[i]);
    }
  }

  private static void check(String name, IntToDoubleFunction factor) {
    double[] expected = EXPECTED.get(name);
    double[] found = IntStream.range(0, expected.length).mapToDouble(factor).toArray();
    assertArrayEquals(expected, found, 1e-9, name);
  }

  @Test
  void warmUpRisesByALineToTheScheduleThatStartsThen() {
    Schedule cosine = new Schedule.Cosine(0);
    assertEquals(0.1, cosine.warmed(0, 20, 5, 0.1), 1e-12);
    assertEquals(0.55, cosine.warmed(2.5, 20, 5, 0.1), 1e-12);
    assertEquals(1, cosine.warmed(5, 20, 5, 0.1), 1e-12);
    assertEquals(cosine.factor(7.5, 15), cosine.warmed(12.5, 20, 5, 0.1), 1e-12);
    assertEquals(0, cosine.warmed(20, 20, 5, 0.1), 1e-12);
  }

  @Test
  void unknownWordsAreAnsweredWithTheKnownOnes() {
    for (String text :
        new String[] {"", "cosin", "step:3", "step:a:b", "onecycle:1.5", "triangle"}) {
      String message =
          assertThrows(InvalidInputException.class, () -> Schedule.parse(text)).getMessage();
      assertTrue(message.contains("onecycle") && message.contains("'" + text + "'"), message);
    }
    assertTrue(
        assertThrows(InvalidInputException.class, () -> Rule.named("lion"))
            .getMessage()
            .contains("nesterov"));
  }
}
