package dev.kinglet;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.image.Recipe;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import dev.kinglet.onnx.OnnxWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A network with everything that belongs to it: weights, the preparation of its pictures, the names
 * of its classes. Immutable; one ONNX file.
 *
 * @param graph the network
 * @param weights exactly the graph's parameters
 * @param recipe how a picture becomes the input, if the model knows
 * @param labels what the classes are called, if the model knows
 * @param metadata what else the file says: licence, source; recipe and labels are not repeated here
 */
public record Model(
    Graph graph,
    Weights weights,
    Optional<Recipe> recipe,
    Labels labels,
    Map<String, String> metadata) {

  /**
   * Checks that the parts belong together.
   *
   * @throws InvalidInputException if the weights are not the graph's, or the labels are fewer or
   *     more than the classes
   */
  public Model {
    weights.check(graph);
    int classes = graph.output().shape().elements();
    if (labels.size() != 0 && labels.size() != classes) {
      throw new InvalidInputException(
          "There are "
              + labels.size()
              + " labels, but "
              + graph.name()
              + " tells "
              + classes
              + " classes apart; give a list that fits.");
    }
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A network and its weights alone. */
  public static Model of(Graph graph, Weights weights) {
    return new Model(graph, weights, Optional.empty(), Labels.none(), Map.of());
  }

  /**
   * Opens an ONNX file, memory-mapped.
   *
   * @throws InvalidInputException if it does not exist, is broken, or holds what Kinglet cannot run
   */
  public static Model open(Path file) {
    return of(OnnxReader.read(file));
  }

  /**
   * Opens an ONNX file that leaves sizes of its input free, memory-mapped.
   *
   * @param input the shape of one sample
   * @throws InvalidInputException as {@link #open(Path)}, or if the file takes another shape
   */
  public static Model open(Path file, Shape input) {
    return of(OnnxReader.read(file, input));
  }

  /**
   * The model that comes with Kinglet's {@code models} jar: EfficientNet-Lite0, the 1000 classes of
   * ImageNet.
   *
   * @throws InvalidInputException if that jar is not on the class path
   */
  public static Model bundled() {
    return of(BundledModel.read());
  }

  private static Model of(OnnxModel file) {
    Map<String, String> rest = new LinkedHashMap<>(file.metadata());
    Labels labels = Labels.takeFrom(rest, file.graph().output().shape().elements());
    Optional<Recipe> recipe = Optional.empty();
    if (rest.containsKey("recipe.fit")) {
      Recipe found = Recipe.fromMetadata(rest);
      rest.keySet().removeAll(found.toMetadata().keySet());
      recipe = Optional.of(found);
    }
    return new Model(file.graph(), file.weights(), recipe, labels, rest);
  }

  /** This model with another preparation of its pictures. */
  public Model withRecipe(Recipe other) {
    return new Model(graph, weights, Optional.of(other), labels, metadata);
  }

  /** This model with other names of its classes. */
  public Model withLabels(Labels other) {
    return new Model(graph, weights, recipe, other, metadata);
  }

  /** This model with more to say about itself. */
  public Model withMetadata(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.putAll(more);
    return new Model(graph, weights, recipe, labels, all);
  }

  /** Makes it ready to run on the best engine of this computer. */
  public Plan compile() {
    return Engine.compile(graph, weights);
  }

  /** Makes it ready to run. */
  public Plan compile(Options options) {
    return Engine.compile(graph, weights, options);
  }

  /**
   * Writes it as an ONNX file in single precision at the usual opset; an older file is replaced at
   * once.
   *
   * @return the size of the file in bytes
   */
  public long save(Path file) {
    return save(file, OnnxWriter.Options.defaults());
  }

  /**
   * Writes it as an ONNX file.
   *
   * @return the size of the file in bytes
   */
  public long save(Path file, OnnxWriter.Options options) {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    recipe.ifPresent(known -> all.putAll(known.toMetadata()));
    labels.addTo(all);
    return OnnxWriter.write(new OnnxModel(graph, weights, all), file, options);
  }
}
