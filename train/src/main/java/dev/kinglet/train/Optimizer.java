package dev.kinglet.train;

import static dev.kinglet.train.TorchTensors.scalar;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Moves parameters along their gradients by a {@link Rule}; its state is a map of named tensors.
 *
 * <p>The state's names are {@code NAME/momentum}, {@code NAME/square} and {@code NAME/mean}.
 */
final class Optimizer {
  private final Rule rule;
  private final double decay;
  private final Predicate<String> decayed;
  private final Map<String, Tensor> parameters;
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private long steps;

  /**
   * Over these parameters.
   *
   * @param decay the weight decay
   * @param decayed the names to which it applies
   */
  Optimizer(Map<String, Tensor> parameters, Rule rule, double decay, Predicate<String> decayed) {
    this.parameters = parameters;
    this.rule = rule;
    this.decay = decay;
    this.decayed = decayed;
  }

  /** The steps made so far, which Adam's corrections depend on. */
  long steps() {
    return steps;
  }

  Map<String, Tensor> state() {
    return state;
  }

  /** Puts a saved state back. */
  void restore(long madeSteps, Map<String, Tensor> saved) {
    steps = madeSteps;
    saved.forEach(
        (name, tensor) -> {
          tensor.retainReference();
          state.put(name, tensor);
        });
  }

  /** One step; parameters without a gradient stay. Then forgets the gradients. */
  void step(double rate) {
    steps++;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
        Tensor p = entry.getValue();
        Tensor gradient = p.grad();
        if (gradient.defined()) {
          double wd = decayed.test(entry.getKey()) ? decay : 0;
          update(entry.getKey(), p, gradient, rate, wd);
          p.mutable_grad().put(new Tensor());
        }
      }
    }
  }

  private void update(String name, Tensor p, Tensor gradient, double rate, double wd) {
    boolean decoupled = rule instanceof Rule.AdamW;
    // The gradient is thrown away after the step, so it may be written over.
    Tensor g = wd > 0 && !decoupled ? gradient.add_(p, scalar(wd)) : gradient;
    switch (rule) {
      case Rule.Sgd sgd -> {
        Tensor move = g;
        if (sgd.momentum() > 0) {
          // PyTorch's momentum begins with the first gradient itself, which from zero is the same.
          Tensor m = slot(name, "momentum", p).mul_(scalar(sgd.momentum())).add_(g);
          move = sgd.nesterov() ? g.add_(m, scalar(sgd.momentum())) : m;
        }
        p.add_(move, scalar(-rate));
      }
      case Rule.RmsProp rms -> rmsProp(rms, name, p, g, rate);
      case Rule.Adam adam -> adam(name, p, g, rate, adam.beta1(), adam.beta2(), adam.epsilon());
      case Rule.AdamW adam -> {
        p.mul_(scalar(1 - rate * wd));
        adam(name, p, g, rate, adam.beta1(), adam.beta2(), adam.epsilon());
      }
    }
  }

  private void rmsProp(Rule.RmsProp rms, String name, Tensor p, Tensor g, double rate) {
    boolean fresh = !state.containsKey(name + "/square");
    Tensor square = slot(name, "square", p);
    if (fresh && rms.tensorflow()) {
      square.fill_(scalar(1)); // TensorFlow's average begins at one
    }
    square.mul_(scalar(rms.decay())).addcmul_(g, g, scalar(1 - rms.decay()));
    Tensor root =
        rms.tensorflow()
            ? square.add(scalar(rms.epsilon())).sqrt_()
            : torch.sqrt(square).add_(scalar(rms.epsilon()));
    if (rms.momentum() == 0) {
      p.addcdiv_(g, root, scalar(-rate));
    } else if (rms.tensorflow()) {
      // TensorFlow's momentum holds steps already scaled by the rate of their time.
      Tensor m = slot(name, "momentum", p).mul_(scalar(rms.momentum()));
      p.sub_(m.addcdiv_(g, root, scalar(rate)));
    } else {
      Tensor m = slot(name, "momentum", p).mul_(scalar(rms.momentum()));
      p.add_(m.addcdiv_(g, root, scalar(1)), scalar(-rate));
    }
  }

  private void adam(
      String name, Tensor p, Tensor g, double rate, double beta1, double beta2, double epsilon) {
    Tensor mean = slot(name, "mean", p).mul_(scalar(beta1)).add_(g, scalar(1 - beta1));
    Tensor square = slot(name, "square", p).mul_(scalar(beta2)).addcmul_(g, g, scalar(1 - beta2));
    double first = 1 - Math.pow(beta1, steps);
    double second = Math.sqrt(1 - Math.pow(beta2, steps));
    Tensor root = torch.sqrt(square).div_(scalar(second)).add_(new Scalar(epsilon));
    p.addcdiv_(mean, root, scalar(-rate / first));
  }

  private Tensor slot(String name, String what, Tensor like) {
    return state.computeIfAbsent(
        name + "/" + what,
        _ -> {
          Tensor zeros = torch.zeros_like(like).detach();
          zeros.retainReference();
          return zeros;
        });
  }

  /** Scales all gradients so that their common Euclidean norm is at most a limit. */
  static void clip(Map<String, Tensor> parameters, double limit) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      double sum = 0;
      for (Tensor p : parameters.values()) {
        if (p.grad().defined()) {
          double norm = p.grad().norm().item_double();
          sum += norm * norm;
        }
      }
      double scale = limit / (Math.sqrt(sum) + 1e-6);
      if (scale < 1) {
        for (Tensor p : parameters.values()) {
          if (p.grad().defined()) {
            p.grad().mul_(scalar(scale));
          }
        }
      }
    }
  }
}
