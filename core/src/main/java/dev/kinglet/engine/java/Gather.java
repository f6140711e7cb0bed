package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.engine.lower.View;
import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps that only move elements: where each element of the result comes from is worked out once.
 *
 * @param sources what is read, one view's channels after the other's
 * @param output what is written
 * @param channel the channel that each element comes from; negative for the fill value
 * @param position its place in that channel
 * @param fill what is written where nothing is read
 */
record Gather(List<View> sources, Value output, int[] channel, int[] position, float fill)
    implements Kernel {

  @Override
  public Task bind(Planes planes, int threads) {
    List<float[]> gathered = new ArrayList<>();
    sources.forEach(view -> gathered.addAll(List.of(planes.of(view))));
    float[][] in = gathered.toArray(float[][]::new);
    float[][] out = planes.of(output);
    int area = output.area();
    return (part, parts) -> {
      int end = Kernel.first(out.length, part + 1, parts);
      for (int c = Kernel.first(out.length, part, parts); c < end; c++) {
        for (int p = 0; p < area; p++) {
          int from = channel[c * area + p];
          out[c][p] = from < 0 ? fill : in[from][position[c * area + p]];
        }
      }
    };
  }

  /** The coordinates in the input of one element of the result. */
  private interface Origin {
    /**
     * Changes the coordinates of an element of the result into those of its origin.
     *
     * @return whether there is one
     */
    boolean of(int[] at);
  }

  private static Gather of(View input, Value output, float fill, Origin origin) {
    Shape shape = output.shape();
    Strides outer = new Strides(shape);
    Strides strides = new Strides(input.shape());
    int[] channel = new int[shape.elements()];
    int[] position = new int[channel.length];
    int[] at = new int[shape.rank()];
    for (int e = 0; e < channel.length; e++) {
      outer.coordinates(e, at);
      if (origin.of(at)) {
        int from = strides.element(at);
        channel[e] = from / input.area();
        position[e] = from % input.area();
      } else {
        channel[e] = -1;
      }
    }
    return new Gather(List.of(input), output, channel, position, fill);
  }

  static Gather copy(Step.Copy step) {
    int[] channel = new int[step.output().shape().elements()];
    int[] position = new int[channel.length];
    int area = step.input().area();
    for (int e = 0; e < channel.length; e++) {
      channel[e] = e / area;
      position[e] = e % area;
    }
    return new Gather(List.of(step.input()), step.output(), channel, position, 0);
  }

  static Gather concat(Step.Concat step) {
    Shape shape = step.output().shape();
    Strides strides = new Strides(shape);
    int[] channel = new int[shape.elements()];
    int[] position = new int[channel.length];
    int begin = 0;
    int channels = 0;
    int[] at = new int[shape.rank()];
    for (View part : step.parts()) {
      Strides inner = new Strides(part.shape());
      for (int e = 0; e < part.shape().elements(); e++) {
        inner.coordinates(e, at);
        at[step.axis()] += begin;
        int to = strides.element(at);
        channel[to] = channels + e / part.area();
        position[to] = e % part.area();
      }
      begin += part.shape().size(step.axis());
      channels += part.channels();
    }
    return new Gather(step.parts(), step.output(), channel, position, 0);
  }

  static Gather slice(Step.Slice step) {
    return of(
        step.input(),
        step.output(),
        0,
        at -> {
          at[step.axis()] = step.start() + at[step.axis()] * step.step();
          return true;
        });
  }

  static Gather transpose(Step.Transpose step) {
    int[] from = new int[step.order().size()];
    return of(
        step.input(),
        step.output(),
        0,
        at -> {
          for (int axis = 0; axis < from.length; axis++) {
            from[step.order().get(axis)] = at[axis];
          }
          System.arraycopy(from, 0, at, 0, from.length);
          return true;
        });
  }

  static Gather pad(Step.Pad step) {
    Shape shape = step.input().shape();
    return of(
        step.input(),
        step.output(),
        step.pad().value(),
        at -> {
          for (int axis = 0; axis < at.length; axis++) {
            int size = shape.size(axis);
            int from = at[axis] - step.pad().before().get(axis);
            at[axis] =
                switch (step.pad().mode()) {
                  case CONSTANT -> from < size ? from : -1;
                  case EDGE -> Math.clamp(from, 0, size - 1);
                  case REFLECT -> from < 0 ? -from : from < size ? from : 2 * (size - 1) - from;
                  case WRAP -> Math.floorMod(from, size);
                };
            if (at[axis] < 0) {
              return false;
            }
          }
          return true;
        });
  }

  static Gather nearest(Step.Resize step) {
    Shape in = step.input().shape();
    Shape out = step.output().shape();
    return of(
        step.input(),
        step.output(),
        0,
        at -> {
          for (int axis = 1; axis < at.length; axis++) {
            double x = Resizing.coordinate(step.resize(), axis, at[axis], in, out);
            double rounded =
                switch (step.resize().interpolation()) {
                  case NEAREST_FLOOR -> Math.floor(x);
                  case NEAREST_CEIL -> Math.ceil(x);
                  case NEAREST_ROUND_DOWN -> Math.ceil(x - 0.5);
                  case NEAREST_ROUND_UP -> Math.floor(x + 0.5);
                  case LINEAR -> throw new AssertionError("linear is no gathering");
                };
            at[axis] = (int) Math.clamp(rounded, 0, in.size(axis) - 1);
          }
          return true;
        });
  }
}
