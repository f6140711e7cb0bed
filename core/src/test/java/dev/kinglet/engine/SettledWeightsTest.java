package dev.kinglet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The weights of networks that are timed. */
class SettledWeightsTest {
  private static final long SEED = 1;

  /** Another than that of the samples which the statistics are from. */
  private static final long FRESH = 5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenet_v2_100",
        "shufflenet_v2_x1_0",
        "ghostnet_100",
        "mobilenet_v3_small_100"
      })
  void everyBatchNormGivesMeanZeroAndVarianceOneOnFreshSamplesToo(String network) {
    Graph graph = small(network);
    Weights weights = SettledWeights.of(graph, SEED);
    List<float[]> own = SettledWeights.samples(graph, SEED);
    List<float[]> fresh = SettledWeights.samples(graph, FRESH);
    int norms = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.BatchNorm norm) {
        Session session = session(part(graph, node), weights);
        check(node, norm.epsilon(), weights, own.stream().map(session::run).toList(), 0.01);
        // In the small maps at the end few numbers of a channel are independent.
        check(node, norm.epsilon(), weights, fresh.stream().map(session::run).toList(), 0.5);
        norms++;
      }
    }
    assertTrue(norms > 15, norms + " batch norms");
  }

  private static Graph small(String network) {
    return Zoo.variant(network).build(Settings.defaults().withInput(Shape.of(3, 128, 128)));
  }

  /** What computes a node's value. */
  private static Graph part(Graph graph, Node to) {
    GraphBuilder builder = new GraphBuilder(graph.name(), graph.input().shape());
    Node[] copies = new Node[to.index() + 1];
    copies[0] = builder.input();
    for (Node node : graph.nodes().subList(1, copies.length)) {
      List<Node> inputs = node.inputs().stream().map(input -> copies[input.index()]).toList();
      copies[node.index()] = builder.add(node.name(), node.path(), node.op(), inputs);
    }
    return builder.build(copies[to.index()]);
  }

  private static Session session(Graph part, Weights weights) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (Parameter parameter : part.parameters()) {
      own.put(parameter.name(), weights.get(parameter.name()));
    }
    return Engine.compile(part, Weights.of(own)).session();
  }

  /**
   * A channel's few numbers spread, so means and variances are averaged over the channels; what
   * epsilon takes from the variances is given back.
   */
  private static void check(
      Node norm, float epsilon, Weights weights, List<float[]> samples, double near) {
    float[] running = weights.floats(norm.path() + ".running_var");
    int channels = norm.shape().channels();
    int positions = norm.shape().elements() / channels;
    double means = 0;
    double variances = 0;
    for (int channel = 0; channel < channels; channel++) {
      double sum = 0;
      double squares = 0;
      for (float[] values : samples) {
        for (int i = 0; i < positions; i++) {
          double value = values[channel * positions + i];
          sum += value;
          squares += value * value;
        }
      }
      double mean = sum / samples.size() / positions;
      means += Math.abs(mean) / channels;
      double variance = squares / samples.size() / positions - mean * mean;
      variances += variance * (running[channel] + epsilon) / running[channel] / channels;
    }
    assertEquals(0, means, near / 2, norm.name() + "'s means");
    assertEquals(1, variances, near, norm.name() + "'s variances");
  }

  @Test
  void theyAreTheSameEveryTime() {
    Graph graph = small("shufflenet_v2_x0_5");
    assertEquals(SettledWeights.of(graph, SEED), SettledWeights.of(graph, SEED));
  }

  @Test
  void onlyTheStatisticsOfBatchNormsAreNotInitialWeights() {
    Graph graph = small("mobilenet_v3_small_100");
    Weights initial = InitialWeights.of(graph, SEED);
    Weights weights = SettledWeights.of(graph, SEED).check(graph);
    for (Parameter parameter : graph.parameters()) {
      String name = parameter.name();
      assertEquals(
          parameter.role() != Parameter.Role.STATISTIC,
          initial.get(name).equals(weights.get(name)),
          name);
    }
  }

  @Test
  void aNetworkWithoutBatchNormsKeepsItsInitialWeights() {
    Graph graph = Zoo.variant("hybridsn_indian_pines").build();
    assertEquals(InitialWeights.of(graph, SEED), SettledWeights.of(graph, SEED));
  }
}
