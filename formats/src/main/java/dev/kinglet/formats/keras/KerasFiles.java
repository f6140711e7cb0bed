package dev.kinglet.formats.keras;

import dev.kinglet.formats.ImportedModel;
import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.ZipArchive;
import dev.kinglet.formats.keras.KerasLayer.KerasModel;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Models saved by Keras 2 and 3: {@code .keras}, {@code .h5}, and files of weights alone.
 *
 * <p>The network comes from the configuration in the file. A file of weights alone has none; then
 * it must be a network of {@code keras.applications} that its layers' names give away, on its own
 * or below a new head.
 */
public final class KerasFiles {
  private static final Pattern VERSION = Pattern.compile("\"keras_version\"\\s*:\\s*\"([0-9.]+)");

  private KerasFiles() {}

  /**
   * What a file may leave open.
   *
   * @param input the size of the pictures, {@code (C, H, W)}, in place of the one in the file; a
   *     file of weights alone has none, and stands for 224 x 224
   * @param softmax whether the output of a file of weights alone goes through a softmax, which such
   *     a file does not say; a configuration says it, and is followed
   */
  public record Options(Optional<Shape> input, boolean softmax) {
    /** The size in the file; logits. */
    public static Options defaults() {
      return new Options(Optional.empty(), false);
    }

    /** The same for another size. */
    public Options withInput(Shape shape) {
      return new Options(Optional.of(shape), softmax);
    }

    /** The same with or without a softmax at the end. */
    public Options withSoftmax(boolean wanted) {
      return new Options(input, wanted);
    }
  }

  /** Whether a file is Keras's, by its content. */
  public static boolean recognises(Path file) {
    FileBytes bytes = FileBytes.map(file);
    return HdfTree.recognises(bytes)
        || (ZipArchive.recognises(bytes)
            && ZipArchive.open(bytes).names().contains("model.weights.h5"));
  }

  /** As {@link #read(Path, Options)}, with the defaults. */
  public static ImportedModel read(Path file) {
    return read(file, Options.defaults());
  }

  /**
   * Reads a model; its picture comes channels first, as everywhere in Kinglet.
   *
   * @throws InvalidInputException if the file is damaged, holds a layer that has no counterpart or
   *     Python code, or holds weights alone of a network that is not known
   */
  public static ImportedModel read(Path file, Options options) {
    return read(FileBytes.map(file), options);
  }

  static ImportedModel read(FileBytes bytes, Options options) {
    if (ZipArchive.recognises(bytes)) {
      return readArchive(bytes, ZipArchive.open(bytes), options);
    }
    HdfTree tree = HdfTree.open(bytes);
    KerasVariables variables = KerasVariables.of(tree);
    Optional<String> config = tree.text("", "model_config");
    String version =
        tree.text("", "keras_version")
            .or(() -> tree.text("model_weights", "keras_version"))
            .orElse("");
    if (config.isPresent()) {
      KerasModel model = KerasConfig.parse(bytes, config.get().getBytes(StandardCharsets.UTF_8));
      return imported(bytes, variables, model, version, options.input());
    }
    KerasModel model = KnownNetworks.recognise(tree, variables, options.softmax());
    return imported(
        bytes,
        variables,
        model,
        version,
        options.input().or(() -> Optional.of(Shape.of(3, 224, 224))));
  }

  private static ImportedModel readArchive(FileBytes bytes, ZipArchive archive, Options options) {
    if (!archive.names().contains("config.json") || !archive.names().contains("model.weights.h5")) {
      throw bytes.refuse("is a zip archive, but not one that Keras has written.");
    }
    byte[] config = archive.read("config.json").data().toArray(ValueLayout.JAVA_BYTE);
    KerasModel model = KerasConfig.parse(bytes, config);
    String version = "";
    if (archive.names().contains("metadata.json")) {
      byte[] metadata = archive.read("metadata.json").data().toArray(ValueLayout.JAVA_BYTE);
      Matcher matcher = VERSION.matcher(new String(metadata, StandardCharsets.UTF_8));
      version = matcher.find() ? matcher.group(1) : "";
    }
    HdfTree tree =
        HdfTree.open(new FileBytes(bytes.name(), archive.read("model.weights.h5").data()));
    return imported(bytes, KerasVariables.of(tree), model, version, options.input());
  }

  private static ImportedModel imported(
      FileBytes file,
      KerasVariables variables,
      KerasModel model,
      String version,
      Optional<Shape> input) {
    int major = version.matches("[0-9]\\..*") ? version.charAt(0) - '0' : 3;
    KerasImporter.Result result = new KerasImporter(file, variables, major).read(model, input);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("source", file.name());
    metadata.put("producer", version.isEmpty() ? "Keras" : "Keras " + version);
    return new ImportedModel(result.graph(), result.weights(), metadata);
  }
}
