package dev.kinglet.bench;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Initial weights with batch norms that have the statistics of their own inputs, as after training.
 *
 * <p>With the statistics that training begins with, activations grow or shrink from layer to layer
 * by many orders of magnitude, as in no network that anybody runs; and an engine may need more time
 * for them, or less. Here each batch norm's mean and variance are those of its input over some
 * random samples; its scale stays 1 and its shift 0. A network without batch norms keeps its
 * initial weights.
 */
final class SettledWeights {
  static final int SAMPLES = 8;
  static final long SEED = 1;

  /** For each node the last that reads it. */
  private final int[] lastReader;

  private final Graph graph;
  private final Map<String, Tensor> tensors;

  private SettledWeights(Graph graph) {
    this.graph = graph;
    this.tensors = new LinkedHashMap<>(InitialWeights.of(graph, SEED).tensors());
    this.lastReader = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      node.inputs().forEach(input -> lastReader[input.index()] = node.index());
    }
  }

  /** The same numbers on every machine, whatever its instruction set: plain Java computes them. */
  static Weights of(Graph graph) {
    SettledWeights weights = new SettledWeights(graph);
    weights.settle();
    return Weights.of(weights.tensors);
  }

  private void settle() {
    Node from = graph.input();
    float[] values = samples(from.shape(), SEED);
    int read = lastReader[0];
    for (Node node : graph.nodes().subList(1, graph.nodes().size())) {
      if (node.op() instanceof Op.BatchNorm) {
        settle(node, run(from, values, node.input()));
      }
      // Where nothing later reads an earlier node, the network goes on from this one's values.
      if (read <= node.index()) {
        values = run(from, values, node);
        from = node;
      }
      read = Math.max(read, lastReader[node.index()]);
    }
  }

  /** Samples of independent normal numbers. */
  static float[] samples(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[SAMPLES * shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private float[] run(Node from, float[] values, Node to) {
    if (from == to) {
      return values;
    }
    Graph part = part(graph, from, to);
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (Parameter parameter : part.parameters()) {
      own.put(parameter.name(), tensors.get(parameter.name()));
    }
    Options options = Options.defaults().withBackend(Backend.JAVA);
    return Engine.compile(part, Weights.of(own), options).session(SAMPLES).run(values);
  }

  /** What computes a node's value from that of another, before which nothing is read any more. */
  static Graph part(Graph graph, Node from, Node to) {
    GraphBuilder builder = new GraphBuilder(graph.name(), from.shape());
    Node[] copies = new Node[to.index() + 1];
    copies[from.index()] = builder.input();
    for (Node node : graph.nodes().subList(from.index() + 1, to.index() + 1)) {
      List<Node> inputs = node.inputs().stream().map(input -> copies[input.index()]).toList();
      copies[node.index()] = builder.add(node.name(), node.path(), node.op(), inputs);
    }
    return builder.build(copies[to.index()]);
  }

  private void settle(Node norm, float[] values) {
    int channels = norm.shape().channels();
    int positions = norm.shape().elements() / channels;
    float[] means = new float[channels];
    float[] variances = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double sum = 0;
      double squares = 0;
      for (int sample = 0; sample < SAMPLES; sample++) {
        int first = (sample * channels + channel) * positions;
        for (int i = first; i < first + positions; i++) {
          sum += values[i];
          squares += (double) values[i] * values[i];
        }
      }
      double count = (double) SAMPLES * positions;
      double mean = sum / count;
      means[channel] = (float) mean;
      variances[channel] = (float) Math.max(0, squares / count - mean * mean);
    }
    for (Parameter parameter : norm.parameters()) {
      if (parameter.name().endsWith("running_mean")) {
        tensors.put(parameter.name(), Tensor.of(parameter.shape(), means));
      } else if (parameter.name().endsWith("running_var")) {
        tensors.put(parameter.name(), Tensor.of(parameter.shape(), variances));
      }
    }
  }
}
