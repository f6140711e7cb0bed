package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a model as one ONNX file that every runtime opens: the batch is free, parameters bear the
 * checkpoint's names, and {@link OnnxReader} gives back an equal graph with equal weights.
 */
public final class OnnxWriter {
  /** The producer that marks our own files. */
  static final String PRODUCER = "Kinglet";

  /** The metadata key under which batch counters are kept, which ONNX has no place for. */
  static final String COUNTERS = "kinglet.counters";

  /** The oldest operator set that can be written. */
  public static final int OLDEST_OPSET = 13;

  /** The newest operator set that can be written: that of ONNX 1.23. */
  public static final int NEWEST_OPSET = 28;

  private OnnxWriter() {}

  /**
   * How a file is written.
   *
   * @param opset the version of the ONNX operators, {@link #OLDEST_OPSET} to {@link #NEWEST_OPSET}
   * @param half whether kernels and matrices are stored in half precision, which halves the file;
   *     everything is still computed in single precision. Biases and statistics stay as they are,
   *     and so does a tensor with a value beyond half's range of 65504
   */
  public record Options(int opset, boolean half) {
    /** Refuses an operator set that cannot be written. */
    public Options {
      if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
        throw new InvalidInputException(
            "Opset "
                + opset
                + " cannot be written; choose "
                + OLDEST_OPSET
                + " to "
                + NEWEST_OPSET
                + ".");
      }
    }

    /** Opset 17, single precision. */
    public static Options defaults() {
      return new Options(17, false);
    }

    /** These options with another operator set. */
    public Options withOpset(int version) {
      return new Options(version, half);
    }

    /** These options with weights in half precision, or not. */
    public Options withHalf(boolean stored) {
      return new Options(opset, stored);
    }
  }

  /**
   * Writes a file, whole or not at all: it appears under its name only when it is complete.
   *
   * @return its size in bytes
   * @throws InvalidInputException if the weights do not belong to the graph, an operator cannot be
   *     said in this operator set, or the file cannot be written
   */
  public static long write(OnnxModel model, Path file, Options options) {
    WireWriter bytes = encode(model, options);
    Path target = file.toAbsolutePath();
    Path temporary = null;
    try {
      // Not Files.createTempFile: its files are readable by their owner alone, and so would ours
      // be.
      temporary =
          target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        bytes.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return bytes.size();
    } catch (IOException e) {
      throw new InvalidInputException(
          "'" + file + "' cannot be written; check that its folder exists and has room.", e);
    } finally {
      discard(temporary);
    }
  }

  private static void discard(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The file's own fate is already decided; a leftover is not worth a second error.
      }
    }
  }

  /**
   * The weights as a file keeps them: what {@link OnnxReader} gives back of it.
   *
   * <p>With {@link Options#half} they are the rounded ones, so that what rounding costs can be
   * measured before anything is written.
   */
  public static Weights stored(OnnxModel model, Options options) {
    Weights kept = GraphEncoder.stored(model.graph(), model.weights(), options.half());
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Parameter parameter : model.graph().parameters()) {
      String name = parameter.name();
      if (kept.has(name)) {
        all.put(name, kept.get(name));
      } else if (model.weights().has(name)) {
        all.put(name, Tensor.counter(model.weights().get(name).toLongs()[0]));
      }
    }
    return Weights.of(all);
  }

  /** The bytes of the file. */
  static WireWriter encode(OnnxModel model, Options options) {
    model.weights().check(model.graph());
    WireWriter file = new WireWriter();
    file.number(1, irVersion(options.opset())).text(2, PRODUCER);
    GraphEncoder graph = new GraphEncoder(model, options);
    file.message(7, graph.encode());
    file.message(8, new WireWriter().text(1, "").number(2, options.opset()));
    for (Map.Entry<String, String> entry : model.metadata().entrySet()) {
      entry(file, entry.getKey(), entry.getValue());
    }
    String counters = counters(model);
    if (!counters.isEmpty()) {
      entry(file, COUNTERS, counters);
    }
    return file;
  }

  private static void entry(WireWriter file, String key, String value) {
    file.message(14, new WireWriter().text(1, key).text(2, value));
  }

  /** One line a batch counter: its value and its name. */
  private static String counters(OnnxModel model) {
    StringBuilder lines = new StringBuilder();
    for (Parameter parameter : model.graph().parameters()) {
      if (parameter.role() == Parameter.Role.COUNTER && model.weights().has(parameter.name())) {
        lines
            .append(model.weights().get(parameter.name()).toLongs()[0])
            .append(' ')
            .append(parameter.name())
            .append('\n');
      }
    }
    return lines.toString();
  }

  /** The file format's version that came with an operator set; readers older than it refuse. */
  private static int irVersion(int opset) {
    return switch (opset) {
      case 13, 14 -> 7;
      case 15, 16, 17, 18 -> 8;
      case 19, 20 -> 9;
      case 21, 22 -> 10;
      case 23 -> 11;
      case 24 -> 12;
      default -> 13;
    };
  }

  /** A sample's shape with a free batch before it. */
  static WireWriter valueInfo(String name, Shape sample) {
    WireWriter dims = new WireWriter();
    dims.message(1, new WireWriter().text(2, "batch"));
    for (int axis = 0; axis < sample.rank(); axis++) {
      dims.message(1, new WireWriter().number(1, sample.size(axis)));
    }
    WireWriter tensor = new WireWriter().number(1, 1).message(2, dims);
    return new WireWriter().text(1, name).message(2, new WireWriter().message(1, tensor));
  }
}
