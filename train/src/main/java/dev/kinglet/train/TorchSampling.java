package dev.kinglet.train;

import static dev.kinglet.train.TorchTensors.scalar;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Padding from a sample's own elements and resizing, axis by axis, with gradients. */
final class TorchSampling {
  private TorchSampling() {}

  static Tensor pad(Op.Pad op, Tensor x, Shape in) {
    if (op.mode() == Op.Pad.Mode.CONSTANT) {
      return TorchWindows.pad(x, op.before(), op.after(), op.value());
    }
    Tensor y = x;
    for (int axis = 0; axis < in.rank(); axis++) {
      int before = op.before().get(axis);
      int after = op.after().get(axis);
      if (before != 0 || after != 0) {
        int size = in.size(axis);
        long[] from =
            IntStream.range(-before, size + after)
                .mapToLong(i -> source(op.mode(), i, size))
                .toArray();
        y = y.index_select(axis + 1, TorchTensors.of(from));
      }
    }
    return y;
  }

  private static int source(Op.Pad.Mode mode, int i, int size) {
    return switch (mode) {
      case REFLECT -> i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
      case EDGE -> Math.clamp(i, 0, size - 1);
      case WRAP -> Math.floorMod(i, size);
      case CONSTANT -> throw new AssertionError("a constant has no source");
    };
  }

  static Tensor resize(Op.Resize op, Tensor x, Shape in) {
    Tensor y = x;
    for (int axis = 0; axis < op.spatial().size(); axis++) {
      int out = op.spatial().get(axis);
      int size = in.size(axis + 1);
      double[] at = new double[out];
      boolean same = out == size;
      for (int i = 0; i < out; i++) {
        at[i] = coordinate(op, axis, i, size, out);
        same &= at[i] == i;
      }
      if (!same) {
        y = axis(op.interpolation(), y, axis + 2, at, size);
      }
    }
    return y;
  }

  private static Tensor axis(
      Op.Resize.Interpolation interpolation, Tensor x, int dim, double[] at, int size) {
    if (interpolation != Op.Resize.Interpolation.LINEAR) {
      long[] from = new long[at.length];
      for (int i = 0; i < from.length; i++) {
        from[i] = (long) Math.clamp(nearest(interpolation, at[i]), 0, size - 1.0);
      }
      return x.index_select(dim, TorchTensors.of(from));
    }
    long[] low = new long[at.length];
    long[] high = new long[at.length];
    float[] share = new float[at.length];
    for (int i = 0; i < at.length; i++) {
      double position = Math.clamp(at[i], 0, size - 1.0);
      low[i] = (long) Math.floor(position);
      high[i] = Math.min(low[i] + 1, size - 1);
      share[i] = (float) (position - low[i]);
    }
    long[] sizes = new long[(int) x.dim()];
    Arrays.fill(sizes, 1);
    sizes[dim] = at.length;
    Tensor weight = TorchTensors.of(share, sizes).to(x.scalar_type());
    Tensor a = x.index_select(dim, TorchTensors.of(low));
    Tensor b = x.index_select(dim, TorchTensors.of(high));
    return a.mul(weight.neg().add(scalar(1))).add(b.mul(weight));
  }

  private static double nearest(Op.Resize.Interpolation interpolation, double at) {
    return switch (interpolation) {
      case NEAREST_FLOOR -> Math.floor(at);
      case NEAREST_ROUND_DOWN -> Math.ceil(at - 0.5);
      case NEAREST_ROUND_UP -> Math.floor(at + 0.5);
      case NEAREST_CEIL -> Math.ceil(at);
      case LINEAR -> throw new AssertionError("linear has two neighbours");
    };
  }

  private static double coordinate(Op.Resize op, int axis, int i, int in, int out) {
    double scale = op.scale().get(axis);
    return switch (op.coordinates()) {
      case ASYMMETRIC -> i / scale;
      case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
      case PYTORCH_HALF_PIXEL -> out == 1 ? 0 : (i + 0.5) / scale - 0.5;
      case ALIGN_CORNERS -> out == 1 ? 0 : (double) i * (in - 1) / (out - 1);
    };
  }

  static Tensor localResponseNorm(Op.LocalResponseNorm op, Tensor x, Shape in) {
    int before = (op.size() - 1) / 2;
    int after = op.size() - 1 - before;
    long[] pads = new long[2 * in.rank()];
    pads[2 * in.rank() - 2] = before;
    pads[2 * in.rank() - 1] = after;
    Tensor squares = torch.constant_pad_nd(x.mul(x), pads, scalar(0));
    Tensor sum = squares.narrow(1, 0, in.channels());
    for (int i = 1; i < op.size(); i++) {
      sum = sum.add(squares.narrow(1, i, in.channels()));
    }
    Tensor base = sum.mul(scalar(op.alpha() / (double) op.size())).add(scalar(op.bias()));
    return x.div(base.pow(scalar(op.beta())));
  }
}
