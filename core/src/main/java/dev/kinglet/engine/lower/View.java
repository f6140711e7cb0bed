package dev.kinglet.engine.lower;

import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a step reads: a shape whose channel {@code c} is channel {@link #channel} of value {@link
 * #value}.
 *
 * <p>Every value read has as many positions a channel as the view, in the same order; their shapes
 * may differ otherwise, as {@code (C, 1, 1)} and {@code (C)}, or {@code (C, H, W)} and {@code (C, H
 * W)} do.
 */
public final class View {
  private final Shape shape;
  private final Value[] values;
  private final int[] channels;

  private View(Shape shape, Value[] values, int[] channels) {
    if (values.length != Value.channels(shape) || channels.length != values.length) {
      throw new IllegalArgumentException(values.length + " channels given for a view of " + shape);
    }
    for (Value value : values) {
      if (value.area() != shape.area()) {
        throw new IllegalArgumentException(value.shape() + " cannot be seen as " + shape);
      }
    }
    this.shape = shape;
    this.values = values;
    this.channels = channels;
  }

  /** All channels of a value, in order. */
  public static View of(Value value) {
    return of(value, value.shape());
  }

  /** All channels of a value, in order, under another shape with as many channels. */
  public static View of(Value value, Shape shape) {
    Value[] values = new Value[value.channels()];
    Arrays.fill(values, value);
    int[] channels = new int[values.length];
    Arrays.setAll(channels, c -> c);
    return new View(shape, values, channels);
  }

  /** The channels of several views behind each other. */
  public static View concatenated(List<View> views) {
    List<Value> values = new ArrayList<>();
    int[] channels = new int[views.stream().mapToInt(View::channels).sum()];
    for (View view : views) {
      System.arraycopy(view.channels, 0, channels, values.size(), view.channels.length);
      values.addAll(Arrays.asList(view.values));
    }
    Shape shape = views.getFirst().shape.with(0, channels.length);
    return new View(shape, values.toArray(Value[]::new), channels);
  }

  /** The channels {@code order[0], order[1], ...} of this view. */
  public View select(int... order) {
    Value[] chosen = new Value[order.length];
    int[] at = new int[order.length];
    for (int c = 0; c < order.length; c++) {
      chosen[c] = values[order[c]];
      at[c] = channels[order[c]];
    }
    return new View(shape.with(0, order.length), chosen, at);
  }

  /** The same channels under another shape with as many channels and positions. */
  public View as(Shape other) {
    return new View(other, values, channels);
  }

  /** This view with every channel of a replaced value taken from what replaces it. */
  View through(Map<Value, View> replaced) {
    Value[] chosen = null;
    int[] at = null;
    Value last = null;
    View source = null;
    for (int c = 0; c < values.length; c++) {
      if (values[c] != last) {
        last = values[c];
        source = replaced.get(last);
      }
      if (source != null) {
        if (chosen == null) {
          chosen = values.clone();
          at = channels.clone();
        }
        chosen[c] = source.values[channels[c]];
        at[c] = source.channels[channels[c]];
      }
    }
    return chosen == null ? this : new View(shape, chosen, at);
  }

  /** The shape of one sample as the reader sees it. */
  public Shape shape() {
    return shape;
  }

  /** The number of channels; 1 for a scalar. */
  public int channels() {
    return channels.length;
  }

  /** The positions of one channel. */
  public int area() {
    return shape.area();
  }

  /** The value that channel {@code c} is read from. */
  public Value value(int c) {
    return values[c];
  }

  /** The channel of {@link #value} that channel {@code c} is. */
  public int channel(int c) {
    return channels[c];
  }

  /** The values read, each once, in the order of their first channel here. */
  public Set<Value> values() {
    return new LinkedHashSet<>(Arrays.asList(values));
  }

  /** Whether this is one value from its first channel to its last. */
  public boolean whole() {
    return values.length == values[0].channels() && runs().size() == 1;
  }

  /**
   * Neighbouring channels of one value.
   *
   * @param value read
   * @param first channel of the value
   * @param count of channels
   */
  public record Run(Value value, int first, int count) {
    @Override
    public String toString() {
      return first == 0 && count == value.channels()
          ? value.toString()
          : value + "[" + first + (count == 1 ? "" : ".." + (first + count - 1)) + "]";
    }
  }

  /** The channels as the fewest runs that keep their order. */
  public List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    int start = 0;
    for (int c = 1; c <= channels.length; c++) {
      if (c == channels.length
          || !values[c].equals(values[start])
          || channels[c] != channels[start] + c - start) {
        runs.add(new Run(values[start], channels[start], c - start));
        start = c;
      }
    }
    return runs;
  }

  /** Whether both see the same channels of the same values under the same shape. */
  @Override
  public boolean equals(Object other) {
    return other instanceof View view
        && shape.equals(view.shape)
        && Arrays.equals(values, view.values)
        && Arrays.equals(channels, view.channels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values) * 31 + Arrays.hashCode(channels);
  }

  /** The runs, or where there are many, the values that they come from. */
  @Override
  public String toString() {
    List<Run> runs = runs();
    if (runs.size() == 1) {
      return runs.getFirst().toString();
    }
    return runs.size() <= 4
        ? runs.toString()
        : "{" + channels.length + " channels of " + values() + " in " + runs.size() + " runs}";
  }
}
