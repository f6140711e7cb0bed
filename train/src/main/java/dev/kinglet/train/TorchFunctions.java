package dev.kinglet.train;

import static dev.kinglet.train.TorchTensors.scalar;

import dev.kinglet.graph.Op;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The functions of one number, as calls of LibTorch with gradients. */
final class TorchFunctions {
  private static final Op.Activation USUAL_HARD_SIGMOID =
      new Op.Activation(Op.Function.HARD_SIGMOID);

  private TorchFunctions() {}

  static Tensor apply(Op.Activation activation, Tensor x) {
    double a = activation.alpha();
    double b = activation.beta();
    return switch (activation.function()) {
      case RELU -> torch.relu(x);
      case RELU6 -> torch.relu6(x);
      case CLIP -> clip(x, a, b);
      case HARD_SIGMOID ->
          activation.equals(USUAL_HARD_SIGMOID)
              ? torch.hardsigmoid(x)
              : clip(x.mul(scalar(a)).add(scalar(b)), 0, 1);
      case HARD_SWISH -> torch.hardswish(x);
      case SIGMOID -> torch.sigmoid(x);
      case SILU -> torch.silu(x);
      case TANH -> torch.tanh(x);
      case GELU -> torch.gelu(x, "none");
      case GELU_TANH -> torch.gelu(x, "tanh");
      case LEAKY_RELU -> torch.leaky_relu(x, scalar(a));
      case ELU -> torch.elu(x, scalar(a), scalar(1), scalar(1));
      case ERF -> torch.erf(x);
      case SQRT -> torch.sqrt(x);
      case EXP -> torch.exp(x);
      case LOG -> torch.log(x);
      case ABS -> torch.abs(x);
      case NEGATE -> torch.neg(x);
      case RECIPROCAL -> torch.reciprocal(x);
      case SOFTPLUS -> torch.softplus(x);
      case SOFTSIGN -> x.div(torch.abs(x).add(scalar(1)));
      case SELU -> torch.elu(x, scalar(a), scalar(b), scalar(1));
      case CELU -> torch.celu(x, scalar(a));
      case MISH -> torch.mish(x);
      case FLOOR -> torch.floor(x);
      case CEIL -> torch.ceil(x);
    };
  }

  private static Tensor clip(Tensor x, double low, double high) {
    return torch.clamp(x, new ScalarOptional(scalar(low)), new ScalarOptional(scalar(high)));
  }
}
