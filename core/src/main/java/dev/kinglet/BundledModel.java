package dev.kinglet;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model in Kinglet's {@code models} jar, if that is on the class path.
 *
 * <p>The system property {@code kinglet.models} may name a folder that holds the jar's files
 * unpacked. They are mapped then, which saves a short-lived process the search through all jars and
 * a copy of the weights.
 */
final class BundledModel {
  /** Under META-INF, where the module system hides nothing. */
  private static final String FOLDER = "META-INF/kinglet/";

  private BundledModel() {}

  static OnnxModel read() {
    String name = "efficientnet_lite0.onnx";
    String unpacked = System.getProperty("kinglet.models");
    if (unpacked != null) {
      Path file = Path.of(unpacked, name);
      if (Files.exists(file)) {
        return OnnxReader.read(file);
      }
    }
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
