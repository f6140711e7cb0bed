package dev.kinglet.engine;

import dev.kinglet.engine.java.Stepwise;
import dev.kinglet.engine.lower.Rewrite;
import dev.kinglet.engine.lower.Step;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Initial weights with batch norms that have the statistics of their own inputs, as after training:
 * for measuring how long a network takes.
 *
 * <p>With the statistics that training begins with, activations grow or shrink from layer to layer
 * by many orders of magnitude, as in no network that anybody runs; and an engine may need more time
 * for them, or less. Here each batch norm's mean and variance are those of its input over some
 * random samples; all else is as in {@link InitialWeights}. A network without batch norms keeps its
 * initial weights.
 */
public final class SettledWeights {
  /** Numbers that a channel's statistics are of at least, if so few samples have them. */
  private static final int NUMBERS = 128;

  private static final int MOST_SAMPLES = 8;

  private final Map<String, Node> norms = new HashMap<>();
  private final Map<String, Tensor> tensors;

  private SettledWeights(Graph graph, Map<String, Tensor> initial) {
    this.tensors = new LinkedHashMap<>(initial);
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.BatchNorm) {
        norms.put(node.name(), node);
      }
    }
  }

  /** The same numbers on every machine, whatever its instruction set: plain Java computes them. */
  public static Weights of(Graph graph, long seed) {
    Weights initial = InitialWeights.of(graph, seed);
    SettledWeights weights = new SettledWeights(graph, initial.tensors());
    if (!weights.norms.isEmpty()) {
      Stepwise.run(Rewrite.unfolded(graph, initial), samples(graph, seed), weights::settled);
    }
    return Weights.of(weights.tensors);
  }

  /** As many samples of independent normal numbers as a network's batch norms are settled by. */
  static List<float[]> samples(Graph graph, long seed) {
    int least = NUMBERS;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.BatchNorm) {
        least = Math.min(least, positions(node.shape()));
      }
    }
    int count = Math.min(Math.ceilDiv(NUMBERS, least), MOST_SAMPLES);
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] sample = new float[graph.input().shape().elements()];
      for (int k = 0; k < sample.length; k++) {
        sample[k] = (float) random.nextGaussian();
      }
      samples.add(sample);
    }
    return samples;
  }

  private static int positions(Shape shape) {
    return shape.elements() / shape.channels();
  }

  /** A batch norm with the statistics of what it is given; any other step as it is. */
  private Step settled(Step step, List<float[][]> operand) {
    Node node = norms.get(step.name());
    if (!(step instanceof Step.Affine affine && node != null)) {
      return step;
    }
    int channels = node.shape().channels();
    float[] means = new float[channels];
    float[] variances = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      moments(operand, channel, positions(node.shape()), means, variances);
    }
    tensors.put(node.path() + ".running_mean", Tensor.of(Shape.of(channels), means));
    tensors.put(node.path() + ".running_var", Tensor.of(Shape.of(channels), variances));
    return affine.normalising(
        ((Op.BatchNorm) node.op()).epsilon(),
        tensors.get(node.path() + ".weight").toFloats(),
        tensors.get(node.path() + ".bias").toFloats(),
        means,
        variances);
  }

  private static void moments(
      List<float[][]> samples, int channel, int positions, float[] means, float[] variances) {
    double sum = 0;
    double squares = 0;
    for (float[][] sample : samples) {
      float[] plane = sample[channel];
      for (int i = 0; i < positions; i++) {
        sum += plane[i];
        squares += (double) plane[i] * plane[i];
      }
    }
    double count = (double) samples.size() * positions;
    double mean = sum / count;
    means[channel] = (float) mean;
    variances[channel] = (float) Math.max(0, squares / count - mean * mean);
  }
}
