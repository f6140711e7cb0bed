package dev.kinglet.train;

import static dev.kinglet.train.TorchTensors.longs;
import static dev.kinglet.train.TorchTensors.none;
import static dev.kinglet.train.TorchTensors.scalar;
import static dev.kinglet.train.TorchTensors.some;

import dev.kinglet.engine.x64.NormCode.Clamp;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Every operator as calls of LibTorch that autograd can follow. */
final class TorchOps {
  private final Map<String, Tensor> tensors;
  private final boolean training;
  private final double momentum;

  /**
   * Over these tensors.
   *
   * @param tensors every parameter and statistic by name
   * @param training whether dropout acts and batch norms use and track the batch's statistics
   * @param momentum the share of a batch in the running statistics, or 0 for each norm's own
   */
  TorchOps(Map<String, Tensor> tensors, boolean training, double momentum) {
    this.tensors = tensors;
    this.training = training;
    this.momentum = momentum;
  }

  /** The batch of values of one node, given those of its inputs. */
  Tensor apply(Node node, List<Tensor> inputs) {
    Tensor x = inputs.isEmpty() ? null : inputs.getFirst();
    Shape in = inputs.isEmpty() ? null : node.input().shape();
    return switch (node.op()) {
      case Op.Input _ -> throw new AssertionError("the input is given, not computed");
      case Op.Constant _ -> parameter(node, "value").unsqueeze(0);
      case Op.Conv conv ->
          TorchWindows.conv(
              x,
              parameter(node, "weight"),
              conv.bias() ? some(parameter(node, "bias")) : none(),
              conv.window(),
              conv.groups());
      case Op.ConvTranspose conv ->
          TorchWindows.transposed(
              conv, x, parameter(node, "weight"), conv.bias() ? parameter(node, "bias") : null);
      case Op.Linear linear ->
          torch.linear(
              x, parameter(node, "weight"), linear.bias() ? some(parameter(node, "bias")) : none());
      case Op.BatchNorm norm -> batchNorm(node, norm, x);
      case Op.Activation activation -> TorchFunctions.apply(activation, x);
      case Op.PRelu _ -> torch.prelu(x, parameter(node, "weight"));
      case Op.Arithmetic arithmetic -> arithmetic(arithmetic.kind(), x, inputs.get(1));
      case Op.Pool pool -> TorchWindows.pool(pool, x, in, node.shape());
      case Op.GlobalPool pool -> {
        long[] axes = axes(2, in.rank() + 1);
        yield switch (pool.kind()) {
          case AVERAGE -> x.mean(axes, true, TorchTensors.sameType());
          case MAX -> x.amax(axes, true);
        };
      }
      case Op.Reduce reduce -> reduce(reduce, x, node.shape());
      case Op.LocalResponseNorm norm -> TorchSampling.localResponseNorm(norm, x, in);
      case Op.Softmax softmax -> torch.softmax(x, softmax.axis() + 1L);
      case Op.Concat concat ->
          torch.cat(new TensorVector(inputs.toArray(Tensor[]::new)), concat.axis() + 1L);
      case Op.Slice slice -> slice(slice, x);
      case Op.Shuffle shuffle -> shuffle(shuffle.groups(), x, in);
      case Op.Reshape reshape -> x.reshape(TorchTensors.batch(x.size(0), reshape.shape()));
      case Op.Transpose transpose -> {
        long[] order = new long[transpose.order().size() + 1];
        for (int axis = 1; axis < order.length; axis++) {
          order[axis] = transpose.order().get(axis - 1) + 1L;
        }
        yield x.permute(order);
      }
      case Op.Pad pad -> TorchSampling.pad(pad, x, in);
      case Op.Resize resize -> TorchSampling.resize(resize, x, in);
      case Op.Dropout dropout ->
          training && dropout.rate() > 0 ? torch.dropout(x, dropout.rate(), true) : x;
      case Op.DropPath path -> training && path.rate() > 0 ? dropPath(path.rate(), x) : x;
    };
  }

  private Tensor parameter(Node node, String leaf) {
    return tensors.get(node.path().isEmpty() ? leaf : node.path() + "." + leaf);
  }

  private Tensor batchNorm(Node node, Op.BatchNorm norm, Tensor x) {
    boolean batch = learnsStatistics(node);
    if (batch) {
      parameter(node, "num_batches_tracked").add_(new Scalar(1L));
    }
    return torch.batch_norm(
        x,
        some(parameter(node, "weight")),
        some(parameter(node, "bias")),
        some(parameter(node, "running_mean")),
        some(parameter(node, "running_var")),
        batch,
        share(norm),
        norm.epsilon(),
        false);
  }

  /**
   * A batch norm in training with what follows it, outside of autograd.
   *
   * @return null if the tape cannot take this map, and nothing was done
   */
  Tensor normed(Node node, Op.BatchNorm norm, Tensor x, Tape tape, Clamp clamp) {
    Tensor weight = parameter(node, "weight");
    if (!learnsStatistics(node) || !tape.takes(x, weight)) {
      return null;
    }
    parameter(node, "num_batches_tracked").add_(new Scalar(1L));
    return tape.norm(
        x,
        weight,
        parameter(node, "bias"),
        parameter(node, "running_mean"),
        parameter(node, "running_var"),
        share(norm),
        norm.epsilon(),
        clamp);
  }

  /** A frozen norm keeps its statistics too, or the frozen part would still drift. */
  private boolean learnsStatistics(Node norm) {
    return training && parameter(norm, "weight").requires_grad();
  }

  private double share(Op.BatchNorm norm) {
    return momentum > 0 ? momentum : norm.momentum();
  }

  /**
   * A ReLU in training that writes over its input, which saves a map of memory and a pass over it.
   *
   * @param x nobody else's, and made by an operator whose gradient does not need it
   */
  static Tensor overwritten(Op.Activation activation, Tensor x) {
    // The call gives a second handle of the same tensor; the first goes on.
    switch (activation.function()) {
      case RELU -> torch.relu_(x);
      case RELU6 -> torch.relu6_(x);
      default -> throw new AssertionError(activation);
    }
    return x;
  }

  private static Tensor arithmetic(Op.Arithmetic.Kind kind, Tensor a, Tensor b) {
    return switch (kind) {
      case ADD -> a.add(b);
      case SUBTRACT -> a.sub(b);
      case MULTIPLY -> a.mul(b);
      case DIVIDE -> a.div(b);
      case POWER -> a.pow(b);
      case MAXIMUM -> torch.maximum(a, b);
      case MINIMUM -> torch.minimum(a, b);
    };
  }

  private static Tensor reduce(Op.Reduce reduce, Tensor x, Shape out) {
    long[] axes = longs(reduce.axes());
    for (int i = 0; i < axes.length; i++) {
      axes[i]++;
    }
    Tensor y =
        switch (reduce.kind()) {
          case MEAN -> x.mean(axes, true, TorchTensors.sameType());
          case SUM -> x.sum(axes, true, TorchTensors.sameType());
          case MAX -> x.amax(axes, true);
          case MIN -> x.amin(axes, true);
        };
    return y.reshape(TorchTensors.batch(x.size(0), out));
  }

  private static Tensor slice(Op.Slice slice, Tensor x) {
    long axis = slice.axis() + 1L;
    return slice.step() == 1
        ? x.narrow(axis, slice.start(), slice.end() - (long) slice.start())
        : x.slice(
            axis, new LongOptional(slice.start()), new LongOptional(slice.end()), slice.step());
  }

  private static Tensor shuffle(int groups, Tensor x, Shape in) {
    if (in.rank() == 3) {
      return torch.channel_shuffle(x, groups); // keeps the channels innermost
    }
    long batch = x.size(0);
    return x.reshape(batch, groups, in.channels() / groups, in.area())
        .transpose(1, 2)
        .reshape(TorchTensors.batch(batch, in));
  }

  private static Tensor dropPath(float rate, Tensor x) {
    long[] sizes = new long[(int) x.dim()];
    Arrays.fill(sizes, 1);
    sizes[0] = x.size(0);
    Tensor keep = torch.ones(sizes).mul(scalar(1 - rate)).bernoulli().div(scalar(1 - rate));
    return x.mul(keep.to(x.scalar_type()));
  }

  private static long[] axes(int from, int to) {
    return LongStream.range(from, to).toArray();
  }
}
