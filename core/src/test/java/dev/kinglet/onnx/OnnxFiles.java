package dev.kinglet.onnx;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The ONNX files beside the tests. */
final class OnnxFiles {
  private OnnxFiles() {}

  static Path resource(String name) {
    try {
      return Path.of(OnnxFiles.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
