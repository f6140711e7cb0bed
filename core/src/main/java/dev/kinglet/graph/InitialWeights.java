package dev.kinglet.graph;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The weights of a network that has learned nothing yet. */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * Every parameter as its {@link Initializer} says; the same seed gives the same weights on every
   * machine, and a parameter's values depend on its name, not on its neighbours.
   */
  public static Weights of(Graph graph, long seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      tensors.put(parameter.name(), tensor(parameter, seed));
    }
    return Weights.of(tensors);
  }

  /** One parameter as its initializer says. */
  public static Tensor tensor(Parameter parameter, long seed) {
    Shape shape = parameter.shape();
    if (parameter.role() == Parameter.Role.COUNTER) {
      return Tensor.counter(0);
    }
    float[] values = new float[shape.elements()];
    switch (parameter.initializer()) {
      case ZEROS -> {}
      case ONES -> Arrays.fill(values, 1);
      case QUARTER -> Arrays.fill(values, 0.25f);
      case NORMAL_001 -> normal(values, 0.01, parameter.name(), seed);
      case KAIMING_NORMAL_FAN_OUT -> {
        // PyTorch's fan-out: outputs times taps, whatever the groups.
        double fanOut = (double) shape.elements() / shape.size(1);
        normal(values, Math.sqrt(2 / fanOut), parameter.name(), seed);
      }
    }
    return Tensor.of(shape, values);
  }

  private static void normal(float[] values, double deviation, String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }
}
