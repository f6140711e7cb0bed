package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.onnx.Messages.Model;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads ONNX files: our own, and those that PyTorch, TensorFlow and Paddle write of image
 * classifiers.
 *
 * <p>The file is mapped, not copied: weights are read when they are used. One input, one output,
 * opsets 7 to 28; everything is computed in single precision, whatever precision is stored. What
 * cannot be read is refused, naming every node at once.
 */
public final class OnnxReader {
  private OnnxReader() {}

  /**
   * Reads a file whose input has a size for every axis but the batch.
   *
   * @throws InvalidInputException if it is no ONNX file, broken, or not a network that is supported
   */
  public static OnnxModel read(Path file) {
    return read(file, null);
  }

  /**
   * Reads a file whose input leaves sizes free.
   *
   * @param input the shape of one sample, as the file has it; null where the file says it
   * @throws InvalidInputException if it is no ONNX file, broken, not a network that is supported,
   *     or of another input shape
   */
  public static OnnxModel read(Path file, Shape input) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0 || size > Integer.MAX_VALUE) {
        throw new InvalidInputException(
            "'" + file + "' is not an ONNX file: it has " + size + " bytes.");
      }
      // As a segment: a buffer of the channel's own is made by reflection, 25 ms in a new process.
      ByteBuffer bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto()).asByteBuffer();
      ExternalData external = new ExternalData(file.toAbsolutePath().getParent());
      return read(bytes, file.toString(), external, input, true);
    } catch (IOException e) {
      throw new InvalidInputException(
          "'" + file + "' cannot be read; check that it is a file and that you may read it.", e);
    }
  }

  /**
   * Reads a file whose bytes are in memory; weights in other files it cannot have.
   *
   * @param name what messages call it
   * @throws InvalidInputException if it is no ONNX file, broken, or not a network that is supported
   */
  public static OnnxModel read(ByteBuffer bytes, String name) {
    return read(bytes, name, new ExternalData(null), null, true);
  }

  /**
   * Reads a model from memory.
   *
   * @param source what messages call it
   * @param batched whether the first axis of the input is the batch; else the whole input is one
   *     sample
   */
  static OnnxModel read(
      ByteBuffer bytes, String source, ExternalData external, Shape input, boolean batched) {
    Model model = ModelParser.model(bytes, source);
    Budget budget = new Budget(bytes.limit());
    Importer importer = new Importer(model, source, external, batched, budget);
    Importer.Drafts drafts = importer.read(input);
    if (importer.own()) {
      Patterns patterns = new Patterns(true);
      for (Draft draft : drafts.nodes()) {
        patterns.apply(draft);
      }
    } else {
      drafts = Simplification.apply(drafts);
    }
    Assembly.Built built =
        new Assembly(importer.own()).build(name(model), drafts, model.graph().initializers());
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    String counters = metadata.remove(OnnxWriter.COUNTERS);
    Weights weights = built.weights();
    if (importer.own() && counters != null) {
      weights = counted(built, counters);
    }
    return new OnnxModel(built.graph(), weights, metadata);
  }

  private static String name(Model model) {
    String name = model.graph().name();
    return name.isEmpty() ? "model" : name;
  }

  /** The weights with the batch counters that our writer keeps in the metadata. */
  private static Weights counted(Assembly.Built built, String counters) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (String line : counters.split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0) {
        try {
          long value = Long.parseLong(line.substring(0, space));
          found.put(line.substring(space + 1), Tensor.counter(value));
        } catch (NumberFormatException e) {
          // A counter that another program has changed is only missing, as in old files.
        }
      }
    }
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Parameter parameter : built.graph().parameters()) {
      boolean counter = parameter.role() == Parameter.Role.COUNTER;
      Tensor tensor =
          counter ? found.get(parameter.name()) : built.weights().tensors().get(parameter.name());
      if (tensor != null) {
        all.put(parameter.name(), tensor);
      }
    }
    return Weights.of(all);
  }
}
