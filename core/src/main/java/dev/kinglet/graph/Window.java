package dev.kinglet.graph;

import java.util.Collections;
import java.util.List;

/**
 * How a kernel moves over the spatial axes: one entry an axis, outermost first (depth, height,
 * width).
 *
 * @param kernel taps an axis
 * @param stride steps between outputs
 * @param before padding before the first element
 * @param after padding after the last element
 * @param dilation distance between taps
 */
public record Window(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> before,
    List<Integer> after,
    List<Integer> dilation) {

  /** Copies the lists and refuses sizes that no kernel can have. */
  public Window {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    before = List.copyOf(before);
    after = List.copyOf(after);
    dilation = List.copyOf(dilation);
    int rank = kernel.size();
    if (stride.size() != rank
        || before.size() != rank
        || after.size() != rank
        || dilation.size() != rank) {
      throw new InvalidInputException(
          "A window needs as many strides, paddings and dilations as kernel sizes: expected "
              + rank
              + " of each.");
    }
    for (int axis = 0; axis < rank; axis++) {
      if (kernel.get(axis) < 1
          || stride.get(axis) < 1
          || dilation.get(axis) < 1
          || before.get(axis) < 0
          || after.get(axis) < 0) {
        throw new InvalidInputException(
            "A window needs kernel, stride and dilation of at least 1 and padding of at least 0,"
                + " but found kernel "
                + kernel
                + ", stride "
                + stride
                + ", padding "
                + before
                + " and "
                + after
                + ", dilation "
                + dilation
                + ".");
      }
    }
  }

  /** A square 2-D window with PyTorch's symmetric padding {@code (kernel - 1) / 2}. */
  public static Window square(int kernel, int stride) {
    return square(kernel, stride, (kernel - 1) / 2);
  }

  /** A square 2-D window with the given padding on every side. */
  public static Window square(int kernel, int stride, int padding) {
    return dilated(kernel, stride, padding, 1);
  }

  /** A square 2-D window whose taps are {@code dilation} apart. */
  public static Window dilated(int kernel, int stride, int padding, int dilation) {
    return of(
        List.of(kernel, kernel),
        List.of(stride, stride),
        List.of(padding, padding),
        List.of(dilation, dilation));
  }

  /** A window of any rank with equal padding before and after. */
  public static Window of(
      List<Integer> kernel, List<Integer> stride, List<Integer> padding, List<Integer> dilation) {
    return new Window(kernel, stride, padding, padding, dilation);
  }

  /** A window without padding that moves by one. */
  public static Window valid(Integer... kernel) {
    List<Integer> sizes = List.of(kernel);
    List<Integer> ones = Collections.nCopies(sizes.size(), 1);
    return of(sizes, ones, Collections.nCopies(sizes.size(), 0), ones);
  }

  /**
   * This window with TensorFlow's {@code SAME} padding for an input: {@code ceil(in / stride)}
   * outputs, the odd element of padding after.
   */
  public Window same(Shape input) {
    Integer[] front = new Integer[rank()];
    Integer[] back = new Integer[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      int in = input.size(axis + 1);
      int out = Math.ceilDiv(in, stride.get(axis));
      int total = Math.max((out - 1) * stride.get(axis) + extent(axis) - in, 0);
      front[axis] = total / 2;
      back[axis] = total - total / 2;
    }
    return new Window(kernel, stride, List.of(front), List.of(back), dilation);
  }

  /** The number of spatial axes. */
  public int rank() {
    return kernel.size();
  }

  /** The product of the kernel's sizes. */
  public int taps() {
    int taps = 1;
    for (int size : kernel) {
      taps = Math.multiplyExact(taps, size);
    }
    return taps;
  }

  /** The elements from the first tap to the last one along an axis, both counted. */
  public int extent(int axis) {
    return Math.addExact(Math.multiplyExact(kernel.get(axis) - 1, dilation.get(axis)), 1);
  }

  /** Whether the kernel is one element that reads every position once. */
  public boolean pointwise() {
    return kernel.stream().allMatch(k -> k == 1)
        && stride.stream().allMatch(s -> s == 1)
        && before.stream().allMatch(p -> p == 0)
        && after.stream().allMatch(p -> p == 0);
  }

  /**
   * The outputs along an axis for an input of a size; 0 or less where the window does not fit.
   *
   * @param ceil round the last step up, as pooling's {@code ceil_mode} does: the last window may
   *     reach past the padding, but must begin inside the input or the padding before it
   */
  public int outputs(int axis, int input, boolean ceil) {
    long room = (long) input + before.get(axis) + after.get(axis) - extent(axis);
    if (room < 0) {
      return 0;
    }
    int step = stride.get(axis);
    int out = Math.toIntExact((ceil ? Math.ceilDiv(room, step) : room / step) + 1);
    if (ceil && (long) (out - 1) * step >= (long) input + before.get(axis)) {
      out--;
    }
    return out;
  }
}
