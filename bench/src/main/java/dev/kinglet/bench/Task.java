package dev.kinglet.bench;

import java.nio.file.Path;

/**
 * What every contestant runs.
 *
 * @param network the variant's name
 * @param model its ONNX file
 * @param input one sample's shape, as {@code 3x224x224}
 */
record Task(String network, Path model, String input, int threads, int batch) {}
