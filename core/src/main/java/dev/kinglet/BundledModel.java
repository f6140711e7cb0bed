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
  private static final String FOLDER = "META-INF/kinglet/";

  private BundledModel() {}

  static OnnxModel read() {
    String name = "efficientnet_lite0.onnx";
    return OnnxReader.read(ByteBuffer.wrap(resource(name)), name);
  }

  /** A file of the jar. */
  static byte[] resource(String name) {
    ClassLoader loader = BundledModel.class.getClassLoader();
    try (InputStream file = loader.getResourceAsStream(FOLDER + name)) {
      if (file == null) {
        throw new InvalidInputException(
            "There is no bundled "
                + name
                + ": add the dependency dev.kinglet:kinglet-models, or name a file of your own.");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
