package dev.kinglet.formats;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network of another tool.
 *
 * @param graph under the names of its layers
 * @param weights exactly the graph's parameters, batch counters aside
 * @param metadata where it comes from, in words
 */
public record ImportedModel(Graph graph, Weights weights, Map<String, String> metadata) {
  /** Copies the map, keeping its order. */
  public ImportedModel {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
