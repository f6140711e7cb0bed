package dev.kinglet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Every engine that runs on this computer, and how its answers are compared. */
public final class Engines {
  private static final List<Options> ALL = find();

  private Engines() {}

  /** Java on one thread and on three; machine code for each instruction set, likewise. */
  public static List<Options> all() {
    return ALL;
  }

  /** All engines on one thread; for every fourth number, on several too. */
  static List<Options> some(long number) {
    return number % 4 == 0 ? ALL : ALL.stream().filter(o -> o.threads() == 1).toList();
  }

  private static List<Options> find() {
    List<Options> found = new ArrayList<>();
    for (int threads : new int[] {1, 3}) {
      found.add(Options.defaults().withBackend(Backend.JAVA).withThreads(threads));
      for (Isa isa : Isa.values()) {
        Options options =
            Options.defaults().withBackend(Backend.X64).withIsa(isa).withThreads(threads);
        GraphBuilder builder = new GraphBuilder("probe", Shape.of(1));
        Node answer = builder.add("a", new Op.Activation(Op.Function.RELU), builder.input());
        try {
          Engine.compile(builder.build(answer), Weights.of(Map.of()), options);
          found.add(options);
        } catch (InvalidInputException e) {
          System.out.println("Not tested here: " + name(options) + ". " + e.getMessage());
        }
      }
    }
    return List.copyOf(found);
  }

  /** An engine's name for messages. */
  public static String name(Options options) {
    return options.backend()
        + options.isa().map(isa -> " " + isa).orElse("")
        + " on "
        + options.threads()
        + " threads";
  }

  /** Random weights that keep values near 1, whatever the depth. */
  public static Weights weights(Graph graph, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      Shape shape = parameter.shape();
      if (parameter.role() == Parameter.Role.COUNTER) {
        tensors.put(parameter.name(), Tensor.counter(7));
        continue;
      }
      float[] values = new float[shape.elements()];
      double fan = shape.rank() > 1 ? (double) shape.elements() / shape.size(0) : 1;
      boolean variance = parameter.name().endsWith("running_var");
      for (int i = 0; i < values.length; i++) {
        values[i] =
            variance
                ? 0.5f + random.nextFloat()
                : (float) (random.nextGaussian() / Math.sqrt(Math.max(1, fan)));
      }
      tensors.put(parameter.name(), Tensor.of(shape, values));
    }
    return Weights.of(tensors);
  }

  /** Random numbers with both signs, from -2 to 2. */
  public static float[] numbers(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 4 * random.nextFloat() - 2;
    }
    return values;
  }

  /** Checks every engine against the definition, for a batch of random samples. */
  public static void check(Graph graph, Weights weights, int batch, Random random) {
    check(ALL, graph, weights, batch, random);
  }

  /** Checks these engines against the definition, for a batch of random samples. */
  static void check(List<Options> engines, Graph graph, Weights weights, int batch, Random random) {
    float[] input = numbers(batch * graph.input().shape().elements(), random);
    double[][] expected = new double[batch][];
    int each = input.length / batch;
    for (int b = 0; b < batch; b++) {
      expected[b] =
          Definition.run(graph, weights, Arrays.copyOfRange(input, b * each, (b + 1) * each));
    }
    for (Options options : engines) {
      float[] found;
      try {
        found = Engine.compile(graph, weights, options).session(batch).run(input);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(name(options) + " failed on " + graph, e);
      }
      compare(graph, name(options), expected, found);
    }
  }

  /** Checks an answer: 1e-4 of the largest expected number, and the same non-numbers. */
  public static void compare(Graph graph, String name, double[][] expected, float[] found) {
    int each = graph.output().shape().elements();
    assertEquals(expected.length * each, found.length, "length of the answer");
    for (int b = 0; b < expected.length; b++) {
      double largest = 1;
      for (double x : expected[b]) {
        largest = Double.isFinite(x) ? Math.max(largest, Math.abs(x)) : largest;
      }
      for (int i = 0; i < each; i++) {
        double e = expected[b][i];
        float f = found[b * each + i];
        boolean same =
            Double.isFinite(e)
                ? Math.abs(e - f) <= 1e-4 * largest
                : Double.isNaN(e) ? Float.isNaN(f) : e == f;
        if (!same) {
          fail(
              "%s: sample %d of %d, element %d is %s, expected %s (largest %s), of %s"
                  .formatted(name, b, expected.length, i, f, e, largest, graph));
        }
      }
    }
  }
}
