package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.formats.WeightFiles;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.zoo.EntryNames;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the word MODEL stands for: a variant of the zoo, or an ONNX file. */
final class Models {
  private Models() {}

  /** Whether the word names a file rather than a variant. */
  static boolean isFile(String word) {
    return word.toLowerCase(Locale.ROOT).endsWith(".onnx")
        || word.indexOf('/') >= 0
        || word.indexOf('\\') >= 0;
  }

  /** The network alone. */
  static Graph graph(String word, Arguments arguments, String command) {
    if (isFile(word)) {
      return open(word, arguments, command).graph();
    }
    return Zoo.variant(word).build(VariantOptions.settings(arguments));
  }

  /** An ONNX file; {@code --input} settles what its input leaves free. */
  static Model open(String word, Arguments arguments, String command) {
    VariantOptions.refuse(arguments, word, command);
    return open(word, arguments.text(VariantOptions.INPUT).map(Shape::parse));
  }

  /** An ONNX file whose input has this shape, or the one that it says itself. */
  static Model open(String word, Optional<Shape> input) {
    Path file = Arguments.path(word);
    requireFile(file);
    return input.isPresent() ? Model.open(file, input.get()) : Model.open(file);
  }

  /** A variant with weights from a file, under whatever names that file has them. */
  static Model variant(String name, Settings settings, Path file) {
    Variant variant = Zoo.variant(name);
    Graph graph = variant.build(settings);
    try {
      return Model.of(graph, weights(graph, file));
    } catch (Weights.Mismatch e) {
      throw variant
          .fitting(settings, WeightFiles.read(file))
          .map(fitting -> otherwise(fitting, e))
          .orElse(e);
    }
  }

  /** The same complaint, and the words with which there is none. */
  private static InvalidInputException otherwise(Settings fitting, Weights.Mismatch cause) {
    List<String> words = new ArrayList<>();
    fitting.classes().ifPresent(classes -> words.add("--classes " + classes));
    fitting.options().forEach((key, value) -> words.add("--set " + key + "=" + value));
    String complaint = cause.getMessage().replaceAll("\\.$", "");
    return new InvalidInputException(
        complaint + "; they fit with " + String.join(" ", words) + ".", cause);
  }

  /** The weights of a file under the graph's names, checked. */
  static Weights weights(Graph graph, Path file) {
    requireFile(file);
    return EntryNames.adapt(graph, WeightFiles.read(file)).check(graph);
  }

  /** Refuses a path at which no file can be read. */
  static void requireFile(Path file) {
    if (Files.isDirectory(file)) {
      throw new InvalidInputException("'" + file + "' is a folder, but a file is needed here.");
    }
    if (!Files.exists(file)) {
      throw new InvalidInputException("'" + file + "' does not exist; check the path.");
    }
    if (!Files.isReadable(file)) {
      throw new InvalidInputException("'" + file + "' may not be read; check its permissions.");
    }
  }

  /** Refuses a path at which no file can be written, before the work begins. */
  static void requireWritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(
          "'"
              + file
              + "' is a folder; name the file to write, such as "
              + file.resolve("out")
              + ".");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new InvalidInputException(
          "'" + file + "' cannot be written: the folder '" + folder + "' does not exist; make it.");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new InvalidInputException("'" + file + "' may not be written; check the permissions.");
    }
  }
}
