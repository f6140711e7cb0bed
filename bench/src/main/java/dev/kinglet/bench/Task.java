package dev.kinglet.bench;

import java.nio.file.Path;

/**
 * What every contestant runs.
 *
 * @param network the variant's name
 * @param model its ONNX file
 * @param input one sample's shape, as {@code 3x224x224}
 */
record Task(String network, Path model, String input, int threads, int batch) {
  /** Whether the other is the same race, wherever its model lies. */
  boolean same(Task other) {
    return network.equals(other.network) && threads == other.threads && batch == other.batch;
  }
}
