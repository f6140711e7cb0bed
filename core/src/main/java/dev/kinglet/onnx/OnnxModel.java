package dev.kinglet.onnx;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an ONNX file holds: a graph, its weights, and free words about both.
 *
 * @param graph the network
 * @param weights exactly the graph's parameters
 * @param metadata the file's {@code metadata_props} in their order: preprocessing, labels, licence,
 *     source, whatever the file says
 */
public record OnnxModel(Graph graph, Weights weights, Map<String, String> metadata) {
  /** Copies the map, keeping its order. */
  public OnnxModel {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
