package dev.kinglet.train;

import static dev.kinglet.train.TorchTensors.longs;
import static dev.kinglet.train.TorchTensors.none;
import static dev.kinglet.train.TorchTensors.scalar;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Convolutions and poolings of any rank, padding and rounding, as calls of LibTorch. */
final class TorchWindows {
  private TorchWindows() {}

  static Tensor conv(Tensor x, Tensor weight, TensorOptional bias, Window window, int groups) {
    boolean symmetric = window.before().equals(window.after());
    Tensor in = symmetric ? x : pad(x, window.before(), window.after(), 0);
    long[] padding = symmetric ? longs(window.before()) : new long[window.rank()];
    long[] stride = longs(window.stride());
    long[] dilation = longs(window.dilation());
    return switch (window.rank()) {
      case 1 -> torch.conv1d(in, weight, bias, stride, padding, dilation, groups);
      case 2 -> torch.conv2d(in, weight, bias, stride, padding, dilation, groups);
      case 3 -> torch.conv3d(in, weight, bias, stride, padding, dilation, groups);
      default -> throw unsupported(window);
    };
  }

  /** The full result, cut and lengthened as the operator says, and the bias on all of it. */
  static Tensor transposed(Op.ConvTranspose op, Tensor x, Tensor weight, Tensor bias) {
    Window window = op.window();
    long[] stride = longs(window.stride());
    long[] dilation = longs(window.dilation());
    long[] zero = new long[window.rank()];
    Tensor full =
        switch (window.rank()) {
          case 1 ->
              torch.conv_transpose1d(x, weight, none(), stride, zero, zero, op.groups(), dilation);
          case 2 ->
              torch.conv_transpose2d(x, weight, none(), stride, zero, zero, op.groups(), dilation);
          case 3 ->
              torch.conv_transpose3d(x, weight, none(), stride, zero, zero, op.groups(), dilation);
          default -> throw unsupported(window);
        };
    Integer[] before = new Integer[window.rank()];
    Integer[] after = new Integer[window.rank()];
    for (int axis = 0; axis < window.rank(); axis++) {
      before[axis] = -window.before().get(axis);
      after[axis] = op.extra().get(axis) - window.after().get(axis);
    }
    Tensor cut = pad(full, List.of(before), List.of(after), 0);
    return bias == null ? cut : cut.add(perChannel(bias, window.rank()));
  }

  static Tensor pool(Op.Pool op, Tensor x, Shape in, Shape out) {
    Window window = op.window();
    if (window.rank() == 1) {
      Op.Pool flat = new Op.Pool(op.kind(), deeper(window), op.ceil(), op.countPadding());
      Shape tall = Shape.of(in.channels(), 1, in.width());
      return pool(flat, x.unsqueeze(2), tall, Shape.of(out.channels(), 1, out.width())).squeeze(2);
    }
    if (window.rank() > 3) {
      throw unsupported(window);
    }
    return switch (op.kind()) {
      case MAX -> max(op, x, in, out);
      case AVERAGE -> average(op, x, in, out);
    };
  }

  private static Tensor max(Op.Pool op, Tensor x, Shape in, Shape out) {
    Window window = op.window();
    boolean direct = library(window);
    // LibTorch pads both sides alike and at most by half a kernel; else the padding is written out.
    Tensor read =
        direct ? x : pad(x, window.before(), reach(window, in, out), Double.NEGATIVE_INFINITY);
    long[] padding = direct ? longs(window.before()) : new long[window.rank()];
    boolean ceil = direct && op.ceil();
    long[] kernel = longs(window.kernel());
    long[] stride = longs(window.stride());
    long[] dilation = longs(window.dilation());
    return window.rank() == 2
        ? torch.max_pool2d(read, kernel, stride, padding, dilation, ceil)
        : torch.max_pool3d(read, kernel, stride, padding, dilation, ceil);
  }

  private static Tensor average(Op.Pool op, Tensor x, Shape in, Shape out) {
    Window window = op.window();
    if (library(window) && window.dilation().stream().allMatch(d -> d == 1)) {
      long[] kernel = longs(window.kernel());
      long[] stride = longs(window.stride());
      long[] padding = longs(window.before());
      return window.rank() == 2
          ? torch.avg_pool2d(
              x, kernel, stride, padding, op.ceil(), op.countPadding(), TorchTensors.noLong())
          : torch.avg_pool3d(
              x, kernel, stride, padding, op.ceil(), op.countPadding(), TorchTensors.noLong());
    }
    Tensor one = torch.ones_like(x.narrow(0, 0, 1).narrow(1, 0, 1)).detach();
    Tensor counted = op.countPadding() ? pad(one, window.before(), window.after(), 1) : one;
    List<Integer> rest =
        op.countPadding()
            ? difference(reach(window, in, out), window.after())
            : reach(window, in, out);
    List<Integer> front =
        op.countPadding() ? Collections.nCopies(window.rank(), 0) : window.before();
    Tensor taps = sums(pad(counted, front, rest, 0), window, 1);
    Tensor sums = sums(pad(x, window.before(), reach(window, in, out), 0), window, in.channels());
    return sums.div(taps);
  }

  private static Tensor sums(Tensor x, Window window, int channels) {
    long[] sizes = new long[window.rank() + 2];
    sizes[0] = channels;
    sizes[1] = 1;
    for (int axis = 0; axis < window.rank(); axis++) {
      sizes[axis + 2] = window.kernel().get(axis);
    }
    Tensor ones = torch.ones(sizes).to(x.scalar_type());
    List<Integer> zero = Collections.nCopies(window.rank(), 0);
    Window bare = Window.of(window.kernel(), window.stride(), zero, window.dilation());
    return conv(x, ones, none(), bare, channels);
  }

  /** The padding after the last element that the last output's last tap needs; negative cuts. */
  private static List<Integer> reach(Window window, Shape in, Shape out) {
    Integer[] after = new Integer[window.rank()];
    for (int axis = 0; axis < window.rank(); axis++) {
      after[axis] =
          (out.size(axis + 1) - 1) * window.stride().get(axis)
              + window.extent(axis)
              - in.size(axis + 1)
              - window.before().get(axis);
    }
    return List.of(after);
  }

  private static List<Integer> difference(List<Integer> a, List<Integer> b) {
    Integer[] result = new Integer[a.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = a.get(i) - b.get(i);
    }
    return List.of(result);
  }

  private static boolean library(Window window) {
    for (int axis = 0; axis < window.rank(); axis++) {
      if (!window.before().get(axis).equals(window.after().get(axis))
          || window.before().get(axis) > window.kernel().get(axis) / 2) {
        return false;
      }
    }
    return true;
  }

  private static Window deeper(Window window) {
    return new Window(
        List.of(1, window.kernel().getFirst()),
        List.of(1, window.stride().getFirst()),
        List.of(0, window.before().getFirst()),
        List.of(0, window.after().getFirst()),
        List.of(1, window.dilation().getFirst()));
  }

  /** Constant elements around the spatial axes; negative entries cut. */
  static Tensor pad(Tensor x, List<Integer> before, List<Integer> after, double value) {
    int rank = before.size();
    long[] pads = new long[2 * rank];
    boolean any = false;
    for (int axis = 0; axis < rank; axis++) {
      pads[2 * axis] = before.get(rank - 1 - axis);
      pads[2 * axis + 1] = after.get(rank - 1 - axis);
      any |= pads[2 * axis] != 0 || pads[2 * axis + 1] != 0;
    }
    return any ? torch.constant_pad_nd(x, pads, scalar(value)) : x;
  }

  /** A value a channel, shaped to be added to a batch of maps. */
  static Tensor perChannel(Tensor values, int spatial) {
    long[] sizes = new long[spatial + 2];
    Arrays.fill(sizes, 1);
    sizes[1] = values.numel();
    return values.reshape(sizes);
  }

  private static IllegalArgumentException unsupported(Window window) {
    return new IllegalArgumentException("a window over " + window.rank() + " axes");
  }
}
