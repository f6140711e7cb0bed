package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Function;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions of one number in ONNX's words: by the operator of that name, or spelled out for
 * operator sets that are older than it.
 */
final class ActivationEncoder {
  /** sqrt(1/2), with which GELU scales its argument. */
  static final float ROOT_HALF = (float) Math.sqrt(0.5);

  /** sqrt(2/pi), with which the tanh form of GELU scales its argument. */
  static final float ROOT_TWO_OVER_PI = (float) Math.sqrt(2 / Math.PI);

  private final OpEncoder node;
  private final int opset;

  ActivationEncoder(OpEncoder node, int opset) {
    this.node = node;
    this.opset = opset;
  }

  NodeBytes encode(Op.Activation activation, String in) {
    Function function = activation.function();
    float a = activation.alpha();
    float b = activation.beta();
    if (!activation.equals(Activations.canonical(function, a, b))) {
      node.hint()
          .add("function", function.name())
          .add("alpha", Float.toString(a))
          .add("beta", Float.toString(b));
    }
    List<String> one = List.of(in);
    return switch (function) {
      case RELU -> node.main("Relu", one);
      case RELU6 -> clip(in, 0, 6);
      case CLIP -> clip(in, a, b);
      case HARD_SIGMOID -> node.main("HardSigmoid", one).with("alpha", a).with("beta", b);
      case HARD_SWISH -> {
        if (opset >= 14) {
          yield node.main("HardSwish", one);
        }
        String gate =
            node.part(
                "gate",
                "HardSigmoid",
                one,
                bytes -> bytes.with("alpha", 1 / 6f).with("beta", 0.5f));
        yield node.main("Mul", List.of(in, gate));
      }
      case SIGMOID -> node.main("Sigmoid", one);
      case SILU -> node.main("Mul", List.of(in, node.part("sigmoid", "Sigmoid", in)));
      case TANH -> node.main("Tanh", one);
      case GELU -> opset >= 20 ? node.main("Gelu", one) : gelu(in);
      case GELU_TANH ->
          opset >= 20 ? node.main("Gelu", one).with("approximate", "tanh") : geluTanh(in);
      case LEAKY_RELU -> node.main("LeakyRelu", one).with("alpha", a);
      case ELU -> node.main("Elu", one).with("alpha", a);
      case ERF -> node.main("Erf", one);
      case SQRT -> node.main("Sqrt", one);
      case EXP -> node.main("Exp", one);
      case LOG -> node.main("Log", one);
      case ABS -> node.main("Abs", one);
      case NEGATE -> node.main("Neg", one);
      case RECIPROCAL -> node.main("Reciprocal", one);
      case SOFTPLUS -> node.main("Softplus", one);
      case SOFTSIGN -> node.main("Softsign", one);
      case SELU -> node.main("Selu", one).with("alpha", a).with("gamma", b);
      case CELU -> node.main("Celu", one).with("alpha", a);
      case MISH -> {
        if (opset >= 18) {
          yield node.main("Mish", one);
        }
        String soft = node.part("softplus", "Softplus", in);
        yield node.main("Mul", List.of(in, node.part("tanh", "Tanh", soft)));
      }
      case FLOOR -> node.main("Floor", one);
      case CEIL -> node.main("Ceil", one);
    };
  }

  private NodeBytes clip(String in, float low, float high) {
    List<String> inputs = new ArrayList<>(List.of(in));
    boolean bounded = low != Float.NEGATIVE_INFINITY;
    if (bounded || high != Float.POSITIVE_INFINITY) {
      inputs.add(bounded ? node.single(low) : "");
    }
    if (high != Float.POSITIVE_INFINITY) {
      inputs.add(node.single(high));
    }
    return node.main("Clip", inputs);
  }

  private NodeBytes gelu(String in) {
    String scaled = node.part("scaled", "Mul", in, node.single(ROOT_HALF));
    String erf = node.part("erf", "Erf", scaled);
    String raised = node.part("raised", "Add", erf, node.single(1));
    String gated = node.part("gated", "Mul", in, raised);
    return node.main("Mul", List.of(gated, node.single(0.5f)));
  }

  private NodeBytes geluTanh(String in) {
    String square = node.part("square", "Mul", in, in);
    String cube = node.part("cube", "Mul", square, in);
    String bent = node.part("bent", "Mul", cube, node.single(0.044715f));
    String sum = node.part("sum", "Add", in, bent);
    String scaled = node.part("scaled", "Mul", sum, node.single(ROOT_TWO_OVER_PI));
    String tanh = node.part("tanh", "Tanh", scaled);
    String raised = node.part("raised", "Add", tanh, node.single(1));
    String gated = node.part("gated", "Mul", in, raised);
    return node.main("Mul", List.of(gated, node.single(0.5f)));
  }
}
