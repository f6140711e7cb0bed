package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.x64.NormCode.Clamp;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel against LibTorch's operators and their gradients in double precision. */
class NormKernelTest {
  private static final double EPSILON = 1e-5;

  /** A map, what follows the norm, the threads and the mean of the values. */
  record Case(int batch, int channels, int height, int width, Clamp clamp, int threads, int mean) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Clamp clamp : Clamp.values()) {
      for (int channels : new int[] {1, 3, 8, 24, 58, 116, 1030}) {
        cases.add(new Case(3, channels, 7, 5, clamp, 1, 0));
        cases.add(new Case(2, channels, 1, 1, clamp, 1, 0));
      }
      cases.add(new Case(4, 58, 28, 28, clamp, 2, 0));
      cases.add(new Case(4, 58, 28, 28, clamp, 3, 100));
    }
    return cases.stream();
  }

  @AfterEach
  void oneThread() {
    LibTorch.threads(1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isLibTorchsNormAndReluForwardAndBack(Case c) {
    NormKernel kernel = kernel();
    LibTorch.threads(c.threads());
    torch.manual_seed(7);
    long[] sizes = {c.batch(), c.channels(), c.height(), c.width()};
    try (PointerScope _ = new PointerScope()) {
      Tensor x =
          torch
              .randn(sizes)
              .mul(new Scalar(3))
              .add(new Scalar(c.mean()))
              .contiguous(MemoryFormat.ChannelsLast);
      Tensor g = torch.randn(sizes).contiguous(MemoryFormat.ChannelsLast);
      Tensor weight = torch.randn(c.channels()).add(new Scalar(2));
      Tensor bias = torch.randn(c.channels());

      Tensor x2 = x.to(ScalarType.Double).requires_grad_(true);
      Tensor weight2 = weight.to(ScalarType.Double).requires_grad_(true);
      Tensor bias2 = bias.to(ScalarType.Double).requires_grad_(true);
      Tensor mean = torch.zeros(c.channels()).to(ScalarType.Double);
      Tensor variance = torch.zeros(c.channels()).to(ScalarType.Double);
      Tensor z =
          torch.batch_norm(
              x2,
              TorchTensors.some(weight2),
              TorchTensors.some(bias2),
              TorchTensors.some(mean),
              TorchTensors.some(variance),
              true,
              1,
              EPSILON,
              false);
      Tensor expected =
          switch (c.clamp()) {
            case NONE -> z;
            case RELU -> torch.relu(z);
            case RELU6 -> torch.relu6(z);
          };
      // Next to a kink rounding decides which gradient is right: none is given there.
      Tensor far =
          z.abs().gt(new Scalar(1e-3)).__and__(z.sub(new Scalar(6)).abs().gt(new Scalar(1e-3)));
      Tensor kept = g.mul(far.to(ScalarType.Float)).contiguous(MemoryFormat.ChannelsLast);
      expected.backward(
          kept.to(ScalarType.Double), new BoolOptional(), false, new TensorArrayRefOptional());

      Tensor y = torch.empty_like(x);
      NormKernel.Batch batch =
          kernel.forward(
              x, y, TorchTensors.floats(weight), TorchTensors.floats(bias), EPSILON, c.clamp());
      Tensor dx = torch.empty_like(x);
      NormKernel.Gradients found = kernel.backward(batch, x, kept, dx);

      near(TorchTensors.doubles(expected), TorchTensors.doubles(y), 1e-5, "y");
      near(TorchTensors.doubles(mean), batch.mean(), 1e-5, "mean");
      near(TorchTensors.doubles(variance), batch.variance(), 1e-5, "variance");
      near(TorchTensors.doubles(x2.grad()), TorchTensors.doubles(dx), 2e-5, "dx");
      near(TorchTensors.doubles(weight2.grad()), doubles(found.weight()), 1e-5, "weight");
      near(TorchTensors.doubles(bias2.grad()), doubles(found.bias()), 1e-5, "bias");

      kernel.backward(batch, x, kept, kept);
      assertTrue(torch.equal(dx, kept), "over its own gradient");
    }
  }

  @Test
  void whatIsNoNumberStaysSo() {
    NormKernel kernel = kernel();
    try (PointerScope _ = new PointerScope()) {
      Tensor x = TorchTensors.of(new float[] {1, Float.NaN, 3, 4}, 2, 2);
      Tensor y = torch.empty_like(x);
      kernel.forward(x, y, new float[] {1, 1}, new float[2], EPSILON, Clamp.RELU6);
      float[] found = TorchTensors.floats(y);
      assertTrue(Float.isNaN(found[1]) && Float.isNaN(found[3]), "the channel of the number");
      assertEquals(1, found[2], 1e-3f, "another channel");
    }
  }

  @Test
  void aChannelOfOneValueGivesItsBias() {
    NormKernel kernel = kernel();
    try (PointerScope _ = new PointerScope()) {
      Tensor x = TorchTensors.of(new float[] {1e6f, 1e6f, 1e6f, 1e6f}, 4, 1);
      Tensor y = torch.empty_like(x);
      kernel.forward(x, y, new float[] {3}, new float[] {0.5f}, EPSILON, Clamp.NONE);
      for (float value : TorchTensors.floats(y)) {
        assertEquals(0.5f, value, 1e-6f);
      }
    }
  }

  private static NormKernel kernel() {
    LibTorch.load();
    return NormKernel.ofThisMachine()
        .orElseGet(() -> Assumptions.abort("This machine has no AVX2 or no Linux."));
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** Each value within a share of the largest. */
  private static void near(double[] expected, double[] found, double share, String what) {
    double most = 1;
    for (double value : expected) {
      most = Math.max(most, Math.abs(value));
    }
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], share * most, what + " [" + i + "]");
    }
  }
}
