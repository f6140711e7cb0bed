package dev.kinglet.golden;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Networks whose logits were computed by PyTorch, with weights and inputs by {@link Formula}. */
public final class Goldens {
  private static final List<Golden> ALL = read("goldens");
  private static final List<Golden> MORE = read("more");

  private Goldens() {}

  /** All of them. */
  public static List<Golden> all() {
    return ALL;
  }

  /** Others, made the same way, for dialects, widths and sizes that those leave out. */
  public static List<Golden> more() {
    return MORE;
  }

  /** The one of this id. */
  public static Golden named(String id) {
    return ALL.stream().filter(golden -> golden.id().equals(id)).findFirst().orElseThrow();
  }

  /**
   * One network and what PyTorch says about it.
   *
   * @param id its name among the goldens
   * @param command in the words of the command line: a variant and options
   * @param library and name there
   * @param batch the shape of the input, the number of samples first
   * @param classes logits a sample
   * @param gain of the formula's weights
   * @param parameters PyTorch's count
   * @param tolerance the largest difference of a logit that is allowed: {@code max(1e-4, 20 x
   *     PyTorch's own float32 error) x max(1, largest logit / 10)}
   * @param entries of the state dict, in order
   * @param logits of all samples
   */
  public record Golden(
      String id,
      String command,
      String library,
      Shape batch,
      int classes,
      double gain,
      long parameters,
      double tolerance,
      Map<String, Shape> entries,
      float[] logits) {

    /** The number of samples. */
    public int samples() {
      return batch.size(0);
    }

    /** The network. */
    public Graph graph() {
      return Goldens.build(command);
    }

    /** Its weights. */
    public Weights weights() {
      return Formula.weights(graph(), gain);
    }

    /** Its input. */
    public float[] input() {
      return Formula.input(batch);
    }

    /** The largest difference from PyTorch's logits; infinite where one is no number. */
    public double difference(float[] found) {
      double largest = found.length == logits.length ? 0 : Double.POSITIVE_INFINITY;
      for (int i = 0; i < Math.min(found.length, logits.length); i++) {
        double difference = Math.abs((double) found[i] - logits[i]);
        largest =
            Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
      }
      return largest;
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /** The network that a command line's words name: a variant and its options. */
  public static Graph build(String command) {
    String[] words = command.split(" ");
    Settings settings = Settings.defaults();
    for (int i = 1; i < words.length; i += 2) {
      String value = words[i + 1];
      settings =
          switch (words[i]) {
            case "--input" -> settings.withInput(Shape.parse(value));
            case "--classes" -> settings.withClasses(Integer.parseInt(value));
            case "--set" -> {
              String[] pair = value.split("=", 2);
              yield settings.with(pair[0], pair[1]);
            }
            default -> throw new IllegalArgumentException(command);
          };
    }
    return Zoo.variant(words[0]).build(settings);
  }

  private static List<Golden> read(String name) {
    ByteBuffer logits = ByteBuffer.wrap(resource(name + ".bin")).order(ByteOrder.LITTLE_ENDIAN);
    List<Golden> goldens = new ArrayList<>();
    Map<String, String> keys = new LinkedHashMap<>();
    Map<String, Shape> entries = new LinkedHashMap<>();
    for (String line : new String(resource(name + ".txt"), StandardCharsets.UTF_8).split("\n")) {
      int space = line.indexOf(' ');
      String key = line.substring(0, space);
      String value = line.substring(space + 1);
      if (key.equals("golden") && !keys.isEmpty()) {
        goldens.add(golden(keys, entries, logits));
        keys.clear();
        entries.clear();
      }
      if (key.equals("norm")) {
        String[] norm = value.split(" ");
        Shape channels = Shape.parse(norm[1]);
        for (String leaf : List.of("weight", "bias", "running_mean", "running_var")) {
          entries.put(norm[0] + "." + leaf, channels);
        }
        entries.put(norm[0] + ".num_batches_tracked", Shape.of());
      } else if (key.contains(".")) {
        entries.put(key, Shape.parse(value));
      } else {
        keys.put(key, value);
      }
    }
    goldens.add(golden(keys, entries, logits));
    return List.copyOf(goldens);
  }

  private static Golden golden(
      Map<String, String> keys, Map<String, Shape> entries, ByteBuffer logits) {
    Shape batch = Shape.parse(keys.get("input"));
    int classes = Integer.parseInt(keys.get("classes"));
    float[] values = new float[batch.size(0) * classes];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.getFloat();
    }
    double error = Double.parseDouble(keys.get("float32_error"));
    double largest = Double.parseDouble(keys.get("largest_logit"));
    return new Golden(
        keys.get("golden"),
        keys.get("command"),
        keys.get("library"),
        batch,
        classes,
        Double.parseDouble(keys.get("gain")),
        Long.parseLong(keys.get("parameters")),
        Math.max(1e-4, 20 * error) * Math.max(1, largest / 10),
        new LinkedHashMap<>(entries),
        values);
  }

  private static byte[] resource(String name) {
    try (InputStream stream = Goldens.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
