package dev.kinglet.train;

import dev.kinglet.engine.x64.NormCode.Clamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Storage;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The way back of one step, where parts of a network are not computed by LibTorch's operators.
 *
 * <p>LibTorch's autograd follows its own operators. Before a part that it cannot follow, and where
 * a value is used more than once, the network is cut: what comes behind begins with a leaf, whose
 * gradient autograd leaves there, and the tape carries it on to the value in front. The cuts are
 * passed in the opposite order of the way there, so a gradient is whole when it is carried on.
 */
final class Tape {
  private final Optional<NormKernel> kernel;
  private final List<Cut> cuts = new ArrayList<>();

  /** A value, and the leaf that goes on instead of it. */
  private sealed interface Cut {
    Tensor value();

    Tensor leaf();
  }

  private record Joint(Tensor value, Tensor leaf) implements Cut {}

  private record Norm(Tensor value, Tensor leaf, NormKernel.Batch batch, Tensor weight, Tensor bias)
      implements Cut {}

  /** An empty tape, for one step. */
  Tape(Optional<NormKernel> kernel) {
    this.kernel = kernel;
  }

  /** The value for several users, whose gradients meet there. */
  Tensor joint(Tensor value) {
    if (!value.requires_grad()) {
      return value;
    }
    Tensor leaf = value.detach();
    leaf.set_requires_grad(true);
    cuts.add(new Joint(new Tensor(value), new Tensor(leaf)));
    return leaf;
  }

  /** Whether {@link #norm} can take this map: in single precision and channels innermost. */
  boolean takes(Tensor x, Tensor weight) {
    return kernel.isPresent()
        && x.scalar_type().intern() == ScalarType.Float
        && weight.scalar_type().intern() == ScalarType.Float
        && (x.dim() == 4
            ? x.is_contiguous(MemoryFormat.ChannelsLast)
            : x.dim() == 2 && x.is_contiguous())
        && x.numel() >= 2 * weight.numel();
  }

  /**
   * A batch norm in training and what follows it; moves the running statistics.
   *
   * @param momentum the share of the batch in them
   */
  Tensor norm(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor runningMean,
      Tensor runningVariance,
      double momentum,
      double epsilon,
      Clamp clamp) {
    Tensor y = empty(x);
    NormKernel.Batch batch =
        kernel.orElseThrow().forward(x, y, values(weight), values(bias), epsilon, clamp);
    move(runningMean, batch.mean(), momentum);
    move(runningVariance, batch.variance(), momentum);
    y.set_requires_grad(true);
    cuts.add(new Norm(new Tensor(x), new Tensor(y), batch, weight, bias));
    return y;
  }

  /** Computes all gradients from that of the loss, and empties the tape. */
  void backward(Tensor loss) {
    loss.backward();
    for (Cut cut : cuts.reversed()) {
      try (Tensor value = cut.value();
          Tensor leaf = cut.leaf();
          Tensor gradient = leaf.grad()) {
        if (!gradient.defined()) {
          continue; // nothing behind it learns
        }
        switch (cut) {
          case Joint _ -> carry(value, gradient);
          case Norm norm -> backward(norm, gradient);
        }
      }
    }
    cuts.clear();
  }

  private void backward(Norm norm, Tensor gradient) {
    Tensor x = norm.value();
    try (Tensor g =
            x.dim() == 4 ? gradient.contiguous(MemoryFormat.ChannelsLast) : gradient.contiguous();
        // Written over the gradient where nobody else can see that: its lines are in the caches.
        Tensor dx = exclusive(g) ? new Tensor(g) : empty(g)) {
      NormKernel.Gradients found = kernel.orElseThrow().backward(norm.batch, x, g, dx);
      add(norm.weight, found.weight());
      add(norm.bias, found.bias());
      if (x.requires_grad()) {
        carry(x, dx);
      }
    }
  }

  /** A tensor like this one, without its history. */
  private static Tensor empty(Tensor like) {
    try (NoGradGuard _ = new NoGradGuard()) {
      return torch.empty_like(like);
    }
  }

  /** Whether no other tensor, as a view or a branch's gradient may be, has this memory. */
  private static boolean exclusive(Tensor gradient) {
    try (Storage storage = gradient.storage()) {
      return storage.use_count() == 1;
    }
  }

  private static void carry(Tensor value, Tensor gradient) {
    value.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  private static void add(Tensor parameter, float[] gradient) {
    if (!parameter.requires_grad()) {
      return;
    }
    try (Tensor fresh = TorchTensors.of(gradient, gradient.length);
        Tensor known = parameter.grad()) {
      if (known.defined()) {
        known.add_(fresh);
      } else {
        parameter.mutable_grad().put(fresh);
      }
    }
  }

  private static void move(Tensor statistic, double[] batch, double momentum) {
    float[] values = values(statistic);
    for (int c = 0; c < values.length; c++) {
      values[c] = (float) ((1 - momentum) * values[c] + momentum * batch[c]);
    }
    try (FloatPointer data = statistic.data_ptr_float()) {
      data.put(values);
    }
  }

  private static float[] values(Tensor channels) {
    float[] values = new float[(int) channels.numel()];
    try (FloatPointer data = channels.data_ptr_float()) {
      data.get(values);
    }
    return values;
  }
}
