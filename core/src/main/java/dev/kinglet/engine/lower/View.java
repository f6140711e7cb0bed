package dev.kinglet.engine.lower;

import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** What every channel is read from; null where the values differ. */
  private final Value only;

  /** What each channel is read from; null where there is only one. */
  private final Value[] values;

  /** The channel read; null where channel c is channel c of the only value, which has no others. */
  private final int[] channels;

  private View(Shape shape, Value only, Value[] values, int[] channels) {
    this.shape = shape;
    this.only = only;
    this.values = values;
    this.channels = channels;
  }

  /** A view of listed channels; one value's whole is found out here, so that it stays cheap. */
  private static View of(Shape shape, Value[] values, int[] channels) {
    boolean same = true;
    boolean ordered = channels.length == values[0].channels();
    for (int c = 0; c < values.length; c++) {
      if (values[c] != values[0] && !values[c].equals(values[0])) {
        same = false;
        fit(shape, values[c], values.length);
      }
      ordered &= channels[c] == c;
    }
    fit(shape, values[0], values.length);
    return new View(
        shape, same ? values[0] : null, same ? null : values, same && ordered ? null : channels);
  }

  private static void fit(Shape shape, Value value, int count) {
    if (count != Value.channels(shape) || value.area() != shape.area()) {
      throw new IllegalArgumentException(
          count + " channels of " + value.shape() + " cannot be seen as " + shape);
    }
  }

  /** All channels of a value, in order. */
  public static View of(Value value) {
    return of(value, value.shape());
  }

  /** All channels of a value, in order, under another shape with as many channels. */
  public static View of(Value value, Shape shape) {
    fit(shape, value, value.channels());
    return new View(shape, value, null, null);
  }

  /** The channels of several views behind each other. */
  public static View concatenated(List<View> views) {
    int count = views.stream().mapToInt(View::channels).sum();
    Value[] values = new Value[count];
    int[] channels = new int[count];
    int next = 0;
    for (View view : views) {
      for (int c = 0; c < view.channels(); c++) {
        values[next] = view.value(c);
        channels[next++] = view.channel(c);
      }
    }
    return of(views.getFirst().shape.with(0, count), values, channels);
  }

  /** The channels {@code order[0], order[1], ...} of this view. */
  public View select(int... order) {
    Value[] chosen = new Value[order.length];
    int[] at = new int[order.length];
    for (int c = 0; c < order.length; c++) {
      chosen[c] = value(order[c]);
      at[c] = channel(order[c]);
    }
    return of(shape.with(0, order.length), chosen, at);
  }

  /** The same channels under another shape with as many channels and positions. */
  public View as(Shape other) {
    fit(other, value(0), channels());
    return new View(other, only, values, channels);
  }

  /** This view with every channel of a replaced value taken from what replaces it. */
  View through(Map<Value, View> replaced) {
    if (only != null) {
      View source = replaced.get(only);
      if (source == null) {
        return this;
      }
      if (channels == null) {
        return new View(shape, source.only, source.values, source.channels);
      }
    } else if (values().stream().noneMatch(replaced::containsKey)) {
      return this;
    }
    Value[] chosen = new Value[channels()];
    int[] at = new int[chosen.length];
    Value last = null;
    View source = null;
    for (int c = 0; c < chosen.length; c++) {
      if (value(c) != last) {
        last = value(c);
        source = replaced.get(last);
      }
      chosen[c] = source == null ? last : source.value(channel(c));
      at[c] = source == null ? channel(c) : source.channel(channel(c));
    }
    return of(shape, chosen, at);
  }

  /** The shape of one sample as the reader sees it. */
  public Shape shape() {
    return shape;
  }

  /** The number of channels; 1 for a scalar. */
  public int channels() {
    return Value.channels(shape);
  }

  /** The positions of one channel. */
  public int area() {
    return shape.area();
  }

  /** The value that channel {@code c} is read from. */
  public Value value(int c) {
    return only != null ? only : values[c];
  }

  /** The channel of {@link #value} that channel {@code c} is. */
  public int channel(int c) {
    return channels == null ? c : channels[c];
  }

  /** The values read, each once, in the order of their first channel here. */
  public Set<Value> values() {
    return only != null ? Set.of(only) : new LinkedHashSet<>(Arrays.asList(values));
  }

  /** Whether this is one value from its first channel to its last. */
  public boolean whole() {
    return channels == null;
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
    if (channels == null) {
      return List.of(new Run(only, 0, channels()));
    }
    List<Run> runs = new ArrayList<>();
    int start = 0;
    for (int c = 1; c <= channels.length; c++) {
      if (c == channels.length
          || !value(c).equals(value(start))
          || channels[c] != channels[start] + c - start) {
        runs.add(new Run(value(start), channels[start], c - start));
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
        && Objects.equals(only, view.only)
        && Arrays.equals(values, view.values)
        && Arrays.equals(channels, view.channels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(shape, only) * 31 + Arrays.hashCode(channels);
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
