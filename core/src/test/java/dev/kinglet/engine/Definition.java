package dev.kinglet.engine;

import static dev.kinglet.engine.Coordinates.coordinates;
import static dev.kinglet.engine.Coordinates.each;
import static dev.kinglet.engine.Coordinates.index;
import static dev.kinglet.engine.Coordinates.within;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What every operator means, written down once more as directly as possible: one element at a time,
 * in double precision, by coordinates. Slow; the engines are compared with it.
 */
public final class Definition {
  private Definition() {}

  /** The answer for one sample. */
  public static double[] run(Graph graph, Weights weights, float[] sample) {
    List<double[]> values = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<double[]> inputs = node.inputs().stream().map(in -> values.get(in.index())).toList();
      values.add(node(node, weights, inputs, sample));
    }
    return values.get(graph.output().index());
  }

  private static double[] node(Node node, Weights weights, List<double[]> inputs, float[] sample) {
    return switch (node.op()) {
      case Op.Input _ -> doubles(sample);
      case Op.Constant _ -> parameter(weights, node, "value");
      case Op.Conv op -> WindowDefinition.conv(node, op, weights, inputs.getFirst());
      case Op.ConvTranspose op ->
          WindowDefinition.convTranspose(node, op, weights, inputs.getFirst());
      case Op.Linear op -> linear(node, op, weights, inputs.getFirst());
      case Op.BatchNorm op -> {
        double[] gamma = parameter(weights, node, "weight");
        double[] beta = parameter(weights, node, "bias");
        double[] mean = parameter(weights, node, "running_mean");
        double[] variance = parameter(weights, node, "running_var");
        yield each(
            node.shape(),
            at -> {
              int c = at[0];
              double x = inputs.getFirst()[index(node.shape(), at)];
              return gamma[c] * (x - mean[c]) / Math.sqrt(variance[c] + op.epsilon()) + beta[c];
            });
      }
      case Op.Activation op ->
          Arrays.stream(inputs.getFirst()).map(x -> Numbers.function(op, x)).toArray();
      case Op.PRelu _ -> {
        double[] slope = parameter(weights, node, "weight");
        yield each(
            node.shape(),
            at -> {
              double x = inputs.getFirst()[index(node.shape(), at)];
              return x >= 0 ? x : slope[at[0]] * x;
            });
      }
      case Op.Arithmetic op -> {
        Shape left = node.inputs().get(0).shape();
        Shape right = node.inputs().get(1).shape();
        yield each(
            node.shape(),
            at ->
                Numbers.combined(
                    op.kind(),
                    inputs.get(0)[index(left, within(left, at))],
                    inputs.get(1)[index(right, within(right, at))]));
      }
      case Op.Pool op -> WindowDefinition.pool(node, op, inputs.getFirst());
      case Op.GlobalPool op -> {
        int area = node.input().shape().area();
        yield each(
            node.shape(),
            at -> {
              double[] channel =
                  Arrays.copyOfRange(inputs.getFirst(), at[0] * area, (at[0] + 1) * area);
              return op.kind() == Op.PoolKind.MAX
                  ? Arrays.stream(channel).max().orElseThrow()
                  : Arrays.stream(channel).sum() / area;
            });
      }
      case Op.Reduce op -> reduce(node, op, inputs.getFirst());
      case Op.LocalResponseNorm op -> {
        Shape shape = node.shape();
        yield each(
            shape,
            at -> {
              double squares = 0;
              int first = at[0] - (op.size() - 1) / 2;
              for (int c = first; c < first + op.size(); c++) {
                if (c >= 0 && c < shape.channels()) {
                  int[] neighbour = at.clone();
                  neighbour[0] = c;
                  squares += Math.pow(inputs.getFirst()[index(shape, neighbour)], 2);
                }
              }
              return inputs.getFirst()[index(shape, at)]
                  / Math.pow(op.bias() + op.alpha() / op.size() * squares, op.beta());
            });
      }
      case Op.Softmax op -> {
        Shape shape = node.shape();
        yield each(
            shape,
            at -> {
              double sum = 0;
              for (int i = 0; i < shape.size(op.axis()); i++) {
                int[] other = at.clone();
                other[op.axis()] = i;
                sum += Math.exp(inputs.getFirst()[index(shape, other)]);
              }
              return Math.exp(inputs.getFirst()[index(shape, at)]) / sum;
            });
      }
      case Op.Concat op ->
          each(
              node.shape(),
              at -> {
                int[] from = at.clone();
                int part = 0;
                while (from[op.axis()] >= node.inputs().get(part).shape().size(op.axis())) {
                  from[op.axis()] -= node.inputs().get(part).shape().size(op.axis());
                  part++;
                }
                return inputs.get(part)[index(node.inputs().get(part).shape(), from)];
              });
      case Op.Slice op ->
          each(
              node.shape(),
              at -> {
                int[] from = at.clone();
                from[op.axis()] = op.start() + at[op.axis()] * op.step();
                return inputs.getFirst()[index(node.input().shape(), from)];
              });
      case Op.Shuffle op -> {
        int each = node.shape().channels() / op.groups();
        yield each(
            node.shape(),
            at -> {
              int[] from = at.clone();
              from[0] = at[0] % op.groups() * each + at[0] / op.groups();
              return inputs.getFirst()[index(node.shape(), from)];
            });
      }
      case Op.Reshape _, Op.Dropout _, Op.DropPath _ -> inputs.getFirst();
      case Op.Transpose op ->
          each(
              node.shape(),
              at -> {
                int[] from = new int[at.length];
                for (int axis = 0; axis < at.length; axis++) {
                  from[op.order().get(axis)] = at[axis];
                }
                return inputs.getFirst()[index(node.input().shape(), from)];
              });
      case Op.Pad op -> each(node.shape(), at -> padded(node, op, inputs.getFirst(), at));
      case Op.Resize op -> each(node.shape(), at -> resized(node, op, inputs.getFirst(), at));
    };
  }

  private static double[] linear(Node node, Op.Linear op, Weights weights, double[] in) {
    double[] weight = parameter(weights, node, "weight");
    double[] bias = op.bias() ? parameter(weights, node, "bias") : new double[op.features()];
    return each(
        node.shape(),
        at -> {
          double sum = bias[at[0]];
          for (int k = 0; k < in.length; k++) {
            sum += weight[at[0] * in.length + k] * in[k];
          }
          return sum;
        });
  }

  private static double[] reduce(Node node, Op.Reduce op, double[] in) {
    Shape from = node.input().shape();
    Shape kept = from;
    for (int axis : op.axes()) {
      kept = kept.with(axis, 1);
    }
    double[] result = new double[kept.elements()];
    boolean[] seen = new boolean[result.length];
    for (int e = 0; e < in.length; e++) {
      int[] at = coordinates(from, e);
      op.axes().forEach(axis -> at[axis] = 0);
      int to = index(kept, at);
      result[to] =
          !seen[to]
              ? in[e]
              : switch (op.kind()) {
                case MEAN, SUM -> result[to] + in[e];
                case MAX -> Math.max(result[to], in[e]);
                case MIN -> Math.min(result[to], in[e]);
              };
      seen[to] = true;
    }
    if (op.kind() == Op.Reduce.Kind.MEAN) {
      double share = (double) in.length / result.length;
      Arrays.setAll(result, i -> result[i] / share);
    }
    return result;
  }

  private static double padded(Node node, Op.Pad op, double[] in, int[] at) {
    Shape from = node.input().shape();
    int[] source = new int[at.length];
    for (int axis = 0; axis < at.length; axis++) {
      int size = from.size(axis);
      int x = at[axis] - op.before().get(axis);
      source[axis] = x;
      if (x < 0 || x >= size) {
        switch (op.mode()) {
          case CONSTANT -> {
            return op.value();
          }
          case EDGE -> source[axis] = x < 0 ? 0 : size - 1;
          case REFLECT -> source[axis] = x < 0 ? -x : size - 1 - (x - (size - 1));
          case WRAP -> source[axis] = x < 0 ? x + size : x - size;
        }
      }
    }
    return in[index(from, source)];
  }

  private static double resized(Node node, Op.Resize op, double[] in, int[] at) {
    Shape from = node.input().shape();
    double[] x = new double[at.length];
    for (int axis = 1; axis < at.length; axis++) {
      // Single precision here, as ONNX Runtime has it: it decides which element is the nearest.
      float scale = op.scale().get(axis - 1);
      int outs = node.shape().size(axis);
      x[axis] =
          switch (op.coordinates()) {
            case ASYMMETRIC -> at[axis] / scale;
            case HALF_PIXEL -> (at[axis] + 0.5f) / scale - 0.5f;
            case PYTORCH_HALF_PIXEL -> outs > 1 ? (at[axis] + 0.5f) / scale - 0.5f : 0;
            case ALIGN_CORNERS ->
                outs > 1 ? (float) at[axis] * (from.size(axis) - 1) / (outs - 1) : 0;
          };
    }
    return interpolated(from, op.interpolation(), in, at.clone(), x, 1);
  }

  private static double interpolated(
      Shape from, Op.Resize.Interpolation kind, double[] in, int[] at, double[] x, int axis) {
    if (axis == at.length) {
      return in[index(from, at)];
    }
    int last = from.size(axis) - 1;
    if (kind == Op.Resize.Interpolation.LINEAR) {
      double clamped = Math.clamp(x[axis], 0, last);
      int low = (int) clamped;
      int[] below = at.clone();
      int[] above = at.clone();
      below[axis] = low;
      above[axis] = Math.min(low + 1, last);
      return (1 - (clamped - low)) * interpolated(from, kind, in, below, x, axis + 1)
          + (clamped - low) * interpolated(from, kind, in, above, x, axis + 1);
    }
    double floor = Math.floor(x[axis]);
    double part = x[axis] - floor;
    double chosen =
        switch (kind) {
          case NEAREST_FLOOR -> floor;
          case NEAREST_CEIL -> part > 0 ? floor + 1 : floor;
          case NEAREST_ROUND_DOWN -> part > 0.5 ? floor + 1 : floor;
          case NEAREST_ROUND_UP -> part >= 0.5 ? floor + 1 : floor;
          case LINEAR -> throw new AssertionError();
        };
    int[] nearest = at.clone();
    nearest[axis] = (int) Math.clamp(chosen, 0, last);
    return interpolated(from, kind, in, nearest, x, axis + 1);
  }

  static double[] parameter(Weights weights, Node node, String name) {
    return doubles(weights.floats(node.path() + "." + name));
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
