package dev.kinglet.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor, outermost first.
 *
 * <p>A value that flows through a graph has the shape of <em>one</em> sample, channels first:
 * {@code (C)}, {@code (C, H, W)} or {@code (C, D, H, W)}; the batch is never part of it. A
 * parameter's shape is the one its checkpoint gives it; a scalar has rank 0.
 */
public final class Shape {
  private final int[] sizes;

  private Shape(int[] sizes) {
    this.sizes = sizes;
  }

  /**
   * The shape with these sizes.
   *
   * @throws InvalidInputException if a size is negative or the elements exceed 2^31 - 1
   */
  public static Shape of(int... sizes) {
    long elements = 1;
    for (int size : sizes) {
      if (size < 0) {
        throw new InvalidInputException(
            "A shape has no negative sizes, but found " + Arrays.toString(sizes) + ".");
      }
      elements *= size;
      if (elements > Integer.MAX_VALUE) {
        throw new InvalidInputException(
            "A tensor of "
                + Arrays.toString(sizes)
                + " has more than 2^31 - 1 elements; use smaller sizes.");
      }
    }
    return new Shape(sizes.clone());
  }

  /** The shape with these sizes. */
  public static Shape of(List<Integer> sizes) {
    int[] array = new int[sizes.size()];
    for (int axis = 0; axis < array.length; axis++) {
      array[axis] = sizes.get(axis);
    }
    return of(array);
  }

  /**
   * Reads {@code 3x224x224}.
   *
   * @throws InvalidInputException if the text is not positive whole numbers joined by {@code x}
   */
  public static Shape parse(String text) {
    try {
      int[] sizes = Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
      if (Arrays.stream(sizes).allMatch(size -> size > 0)) {
        return of(sizes);
      }
    } catch (NumberFormatException e) {
      // Answered below, with the sentence for every kind of malformed text.
    }
    throw new InvalidInputException(
        "'" + text + "' is not a shape; write positive sizes joined by x, such as 3x224x224.");
  }

  /** The number of axes. */
  public int rank() {
    return sizes.length;
  }

  /** The size of one axis, counted from the outermost. */
  public int size(int axis) {
    return sizes[axis];
  }

  /** The sizes as a fresh array. */
  public int[] toArray() {
    return sizes.clone();
  }

  /** The sizes as an unmodifiable list. */
  public List<Integer> toList() {
    return Arrays.stream(sizes).boxed().toList();
  }

  /** The size of the outermost axis. */
  public int channels() {
    return sizes[0];
  }

  /** The size of the second innermost axis; 1 where there is none. */
  public int height() {
    return sizes.length >= 3 ? sizes[sizes.length - 2] : 1;
  }

  /** The size of the innermost axis; 1 for a vector of channels. */
  public int width() {
    return sizes.length >= 2 ? sizes[sizes.length - 1] : 1;
  }

  /** The number of axes after the channels. */
  public int spatialRank() {
    return Math.max(0, sizes.length - 1);
  }

  /** The positions of one channel: the product of all sizes but the first. */
  public int area() {
    int area = 1;
    for (int axis = 1; axis < sizes.length; axis++) {
      area *= sizes[axis];
    }
    return area;
  }

  /** The product of all sizes; 1 for a scalar. */
  public int elements() {
    int elements = 1;
    for (int size : sizes) {
      elements *= size;
    }
    return elements;
  }

  /** This shape with one axis of another size. */
  public Shape with(int axis, int size) {
    int[] changed = sizes.clone();
    changed[axis] = size;
    return of(changed);
  }

  /** This shape with another size in front of it, as a batch is written. */
  public Shape prepend(int size) {
    int[] longer = new int[sizes.length + 1];
    longer[0] = size;
    System.arraycopy(sizes, 0, longer, 1, sizes.length);
    return of(longer);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** The sizes joined by {@code x}, as {@link #parse} reads them; {@code scalar} for rank 0. */
  @Override
  public String toString() {
    return sizes.length == 0
        ? "scalar"
        : Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }
}
