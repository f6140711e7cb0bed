package dev.kinglet;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The model in Kinglet's {@code models} jar, if that is on the class path. */
final class BundledModel {
  /** Under META-INF, where the module system hides nothing. */
  private static final String RESOURCE = "META-INF/kinglet/efficientnet_lite0.onnx";

  private BundledModel() {}

  static OnnxModel read() {
    try (InputStream file = BundledModel.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new InvalidInputException(
            "There is no bundled model: add the dependency dev.kinglet:kinglet-models, or open an"
                + " .onnx file.");
      }
      return OnnxReader.read(ByteBuffer.wrap(file.readAllBytes()), RESOURCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
