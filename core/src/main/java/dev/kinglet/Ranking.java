package dev.kinglet;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import java.util.ArrayList;
import java.util.List;

/** From a network's answer to its likeliest classes. */
final class Ranking {
  private final String network;
  private final Labels labels;
  private final int classes;
  private final boolean probabilities;

  Ranking(Graph graph, Labels labels) {
    this.network = graph.name();
    this.labels = labels;
    this.classes = graph.output().shape().elements();
    this.probabilities = answersWithProbabilities(graph.output());
  }

  /**
   * Whether the network's last step makes probabilities; what only moves them is looked through.
   */
  private static boolean answersWithProbabilities(Node node) {
    // No switch: its first use costs a new process milliseconds, and another operator makes none.
    Op op = node.op();
    if (op instanceof Op.Reshape
        || op instanceof Op.Transpose
        || op instanceof Op.Dropout
        || op instanceof Op.DropPath) {
      return answersWithProbabilities(node.input());
    }
    return op instanceof Op.Softmax
        || op instanceof Op.Activation activation && activation.function() == Op.Function.SIGMOID;
  }

  /**
   * The likeliest classes, the likeliest first; of equal ones the lower index.
   *
   * @throws InvalidInputException if the answer is not made of numbers, as broken weights make it
   */
  List<Prediction> best(float[] answer, int top) {
    int wanted = Math.min(top, classes);
    int[] order = new int[wanted];
    float[] values = new float[wanted];
    int found = 0;
    for (int i = 0; i < classes; i++) {
      float value = answer[i];
      if (!Float.isFinite(value)) {
        throw new InvalidInputException(
            "The answer of " + network + " holds " + value + "; its weights are broken.");
      }
      if (found == wanted && (wanted == 0 || value <= values[wanted - 1])) {
        continue;
      }
      int at = found < wanted ? found++ : wanted - 1;
      for (; at > 0 && value > values[at - 1]; at--) {
        values[at] = values[at - 1];
        order[at] = order[at - 1];
      }
      values[at] = value;
      order[at] = i;
    }
    return predictions(answer, order, values);
  }

  private List<Prediction> predictions(float[] answer, int[] order, float[] values) {
    double sum = 1;
    if (!probabilities && values.length > 0) {
      sum = 0;
      for (int i = 0; i < classes; i++) {
        sum += Math.exp((double) answer[i] - values[0]);
      }
    }
    List<Prediction> predictions = new ArrayList<>(order.length);
    for (int k = 0; k < order.length; k++) {
      double probability =
          probabilities ? values[k] : Math.exp((double) values[k] - values[0]) / sum;
      predictions.add(new Prediction(order[k], labels.name(order[k]), probability));
    }
    return predictions;
  }
}
