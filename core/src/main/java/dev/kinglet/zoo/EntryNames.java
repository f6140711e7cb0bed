package dev.kinglet.zoo;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The same weights under the names of a graph, where they were saved under other ones. */
public final class EntryNames {
  /** What training wrappers put in front of every name. */
  private static final List<String> WRAPPERS =
      List.of("module.", "_orig_mod.", "state_dict.", "model.", "net.", "network.");

  private EntryNames() {}

  /**
   * Takes a prefix that all names share off them, and translates the names of other projects whose
   * networks compute the same: efficientnet_pytorch's and RangiLyu's EfficientNet-Lite, tonylins's
   * and d-li14's MobileNetV2.
   *
   * <p>Nothing is checked: entries that no translation knows keep their names, so that {@link
   * Weights#check} lists them. Networks that have other entries because they compute something
   * else, as d-li14's GhostNet and MobileNetV3 do, are not translated.
   *
   * @return the weights under the graph's names, its own order first; unchanged where nothing was
   *     to be translated
   */
  public static Weights adapt(Graph graph, Weights weights) {
    List<UnaryOperator<String>> spellings = new ArrayList<>();
    spellings.add(UnaryOperator.identity());
    spellings.addAll(ForeignSpellings.of(graph));
    Weights bare = weights;
    while (true) {
      Weights tried = bare;
      UnaryOperator<String> best =
          Collections.max(
              spellings, Comparator.comparingLong(spelling -> hits(graph, tried, spelling)));
      if (hits(graph, bare, best) > 0) {
        return renamed(graph, bare, best);
      }
      bare = unwrapped(tried);
      if (bare == tried) {
        return weights;
      }
    }
  }

  /** How many of the graph's parameters the weights have under this spelling. */
  private static long hits(Graph graph, Weights weights, UnaryOperator<String> spelling) {
    return graph.parameters().stream()
        .filter(parameter -> parameter.role() != Parameter.Role.COUNTER)
        .filter(parameter -> weights.has(spelling.apply(parameter.name())))
        .count();
  }

  /** Without the wrapper that stands before every name; the very same where there is none. */
  private static Weights unwrapped(Weights weights) {
    for (String wrapper : WRAPPERS) {
      if (!weights.names().isEmpty()
          && weights.names().stream().allMatch(name -> name.startsWith(wrapper))) {
        Map<String, Tensor> shorter = new LinkedHashMap<>();
        weights
            .tensors()
            .forEach((name, tensor) -> shorter.put(name.substring(wrapper.length()), tensor));
        return Weights.of(shorter);
      }
    }
    return weights;
  }

  private static Weights renamed(Graph graph, Weights bare, UnaryOperator<String> spelling) {
    Map<String, Tensor> rest = new LinkedHashMap<>(bare.tensors());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      Tensor tensor = rest.remove(spelling.apply(parameter.name()));
      if (tensor != null) {
        tensors.put(parameter.name(), tensor);
      }
    }
    rest.forEach(tensors::putIfAbsent);
    return Weights.of(tensors);
  }
}
