package dev.kinglet.golden;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights and inputs by formula, bit for bit those with which PyTorch made the golden logits: one
 * 64-bit mix of a tensor's name and an element's index, so that no weight file is needed.
 */
public final class Formula {
  private Formula() {}

  /** Every parameter of a graph, in order. */
  public static Weights weights(Graph graph, double gain) {
    Set<String> norms = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.BatchNorm) {
        norms.add(node.path());
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      String name = parameter.name();
      String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      tensors.put(name, tensor(name, parameter.shape(), norms.contains(module), gain));
    }
    return Weights.of(tensors);
  }

  /** A whole batch of samples; the shape begins with the number of them. */
  public static float[] input(Shape batch) {
    float[] values = new float[batch.elements()];
    long seed = seed("input");
    for (int i = 0; i < values.length; i++) {
      values[i] = symmetric(seed, i);
    }
    return values;
  }

  /** One parameter; {@code norm} says that it belongs to a batch norm. */
  public static Tensor tensor(String name, Shape shape, boolean norm, double gain) {
    String leaf = name.substring(name.lastIndexOf('.') + 1);
    if (leaf.equals("num_batches_tracked")) {
      return Tensor.counter(0);
    }
    long seed = seed(name);
    float[] values = new float[shape.elements()];
    if (leaf.equals("running_var")) {
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.5f + uniform(seed, i);
      }
    } else if (norm && leaf.equals("weight")) {
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.75f + 0.5f * uniform(seed, i);
      }
    } else {
      float amplitude;
      if (leaf.equals("running_mean")) {
        amplitude = 0.2f;
      } else if (leaf.equals("bias") || shape.rank() < 2) {
        amplitude = 0.1f;
      } else {
        amplitude = (float) (gain * Math.sqrt(6.0 / (shape.elements() / shape.size(0))));
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = amplitude * symmetric(seed, i);
      }
    }
    return Tensor.of(shape, values);
  }

  private static long seed(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  private static float symmetric(long seed, int i) {
    return 2 * uniform(seed, i) - 1;
  }

  private static float uniform(long seed, int i) {
    long z = seed + (i + 1L) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return (z >>> 40) / 16777216f;
  }
}
