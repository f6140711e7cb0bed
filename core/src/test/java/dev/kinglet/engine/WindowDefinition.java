package dev.kinglet.engine;

import static dev.kinglet.engine.Coordinates.coordinates;
import static dev.kinglet.engine.Coordinates.each;
import static dev.kinglet.engine.Coordinates.index;
import static dev.kinglet.engine.Coordinates.inside;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import java.util.Arrays;

/** What the operators with a window mean: convolution, transposed convolution and pooling. */
final class WindowDefinition {
  private WindowDefinition() {}

  static double[] conv(Node node, Op.Conv op, Weights weights, double[] in) {
    Shape from = node.input().shape();
    Window window = op.window();
    double[] weight = Definition.parameter(weights, node, "weight");
    Shape weightShape = weights.get(node.path() + ".weight").shape();
    double[] bias =
        op.bias() ? Definition.parameter(weights, node, "bias") : new double[op.channels()];
    int inputs = from.channels() / op.groups();
    int outputs = op.channels() / op.groups();
    int[][] taps = taps(window);
    return each(
        node.shape(),
        at -> {
          double sum = bias[at[0]];
          int[] source = new int[at.length];
          int[] entry = new int[at.length + 1];
          for (int c = 0; c < inputs; c++) {
            for (int[] offset : taps) {
              source[0] = at[0] / outputs * inputs + c;
              entry[0] = at[0];
              entry[1] = c;
              for (int axis = 0; axis < window.rank(); axis++) {
                source[axis + 1] =
                    at[axis + 1] * window.stride().get(axis)
                        - window.before().get(axis)
                        + offset[axis] * window.dilation().get(axis);
                entry[axis + 2] = offset[axis];
              }
              if (inside(from, source)) {
                sum += weight[index(weightShape, entry)] * in[index(from, source)];
              }
            }
          }
          return sum;
        });
  }

  static double[] convTranspose(Node node, Op.ConvTranspose op, Weights weights, double[] in) {
    Shape from = node.input().shape();
    Shape to = node.shape();
    Window window = op.window();
    double[] weight = Definition.parameter(weights, node, "weight");
    Shape weightShape = weights.get(node.path() + ".weight").shape();
    double[] bias =
        op.bias() ? Definition.parameter(weights, node, "bias") : new double[op.channels()];
    int inputs = from.channels() / op.groups();
    int outputs = op.channels() / op.groups();
    int[][] taps = taps(window);
    double[] result = each(to, at -> bias[at[0]]);
    for (int e = 0; e < from.elements(); e++) {
      int[] at = coordinates(from, e);
      for (int o = 0; o < outputs; o++) {
        for (int[] offset : taps) {
          int[] target = at.clone();
          int[] entry = new int[at.length + 1];
          target[0] = at[0] / inputs * outputs + o;
          entry[0] = at[0];
          entry[1] = o;
          for (int axis = 0; axis < window.rank(); axis++) {
            target[axis + 1] =
                at[axis + 1] * window.stride().get(axis)
                    - window.before().get(axis)
                    + offset[axis] * window.dilation().get(axis);
            entry[axis + 2] = offset[axis];
          }
          if (inside(to, target)) {
            result[index(to, target)] += weight[index(weightShape, entry)] * in[e];
          }
        }
      }
    }
    return result;
  }

  static double[] pool(Node node, Op.Pool op, double[] in) {
    Shape from = node.input().shape();
    Window window = op.window();
    int[][] taps = taps(window);
    return each(
        node.shape(),
        at -> {
          double max = Double.NEGATIVE_INFINITY;
          double sum = 0;
          int count = 0;
          for (int[] offset : taps) {
            int[] source = at.clone();
            boolean padded = true;
            for (int axis = 0; axis < window.rank(); axis++) {
              source[axis + 1] =
                  at[axis + 1] * window.stride().get(axis)
                      - window.before().get(axis)
                      + offset[axis] * window.dilation().get(axis);
              padded &=
                  source[axis + 1] >= -window.before().get(axis)
                      && source[axis + 1] < from.size(axis + 1) + window.after().get(axis);
            }
            if (inside(from, source)) {
              max = Math.max(max, in[index(from, source)]);
              sum += in[index(from, source)];
              count++;
            } else if (op.countPadding() && padded) {
              count++;
            }
          }
          return op.kind() == Op.PoolKind.MAX ? max : sum / count;
        });
  }

  private static int[][] taps(Window window) {
    Shape kernel = Shape.of(window.kernel());
    int[][] taps = new int[kernel.elements()][];
    Arrays.setAll(taps, tap -> coordinates(kernel, tap));
    return taps;
  }
}
