package dev.kinglet.cli;

import dev.kinglet.Classifier;
import dev.kinglet.Labels;
import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.PictureReader;
import dev.kinglet.image.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The options of every command that looks at pictures, and the model that they name. */
final class PictureModel {
  static final Option MODEL =
      Option.value(
          "--model", "FILE.onnx", "a model file (default: the bundled efficientnet_lite0)");
  static final Option VARIANT =
      Option.value("--variant", "VARIANT", "a network of the zoo instead, with --weights");
  static final Option WEIGHTS =
      Option.value("--weights", "FILE", "weights for the variant: .safetensors, .pth, .npz or .h5");
  static final Option LABELS =
      Option.value(
          "--labels",
          "FILE",
          "the classes' names: one a line, CSV with a header, or the word imagenet");
  static final Option RECIPE =
      Option.value("--recipe", "RECIPE", "how pictures are prepared; a wrong name lists them all");
  static final Option PIXELS =
      Option.value(
          "--max-pixels", "N", "refuse pictures that claim more pixels (default: 100000000)");

  private PictureModel() {}

  /** All the options that choose the model and how it looks at pictures. */
  static List<Option> options() {
    return List.of(
        MODEL,
        VARIANT,
        WEIGHTS,
        LABELS,
        RECIPE,
        VariantOptions.CLASSES,
        VariantOptions.SET,
        VariantOptions.INPUT,
        EngineOptions.ENGINE,
        EngineOptions.ISA,
        PIXELS);
  }

  /** The model that the options name. */
  static Model open(Arguments arguments, String command) {
    Model model = chosen(arguments, command);
    if (arguments.has(LABELS)) {
      model = model.withLabels(labels(arguments));
    }
    if (arguments.has(RECIPE)) {
      Recipe recipe = Recipe.named(arguments.text(RECIPE).orElseThrow());
      model = model.withRecipe(fitted(recipe, model.graph().input().shape()));
    }
    return model;
  }

  /** The labels that the options name: a file, or the list that comes with Kinglet. */
  static Labels labels(Arguments arguments) {
    boolean named = arguments.text(LABELS).orElseThrow().equals(Labels.IMAGENET);
    Path file = arguments.neededPath(LABELS);
    return named && !Files.exists(file) ? Labels.named(Labels.IMAGENET) : Labels.read(file);
  }

  private static Model chosen(Arguments arguments, String command) {
    if (arguments.has(VARIANT)) {
      if (arguments.has(MODEL)) {
        throw new UsageException("give either --model or --variant, not both", command);
      }
      return OfficialWeights.model(arguments, command);
    }
    if (arguments.has(WEIGHTS)) {
      throw new UsageException("--weights needs the --variant that they belong to", command);
    }
    if (arguments.has(MODEL)) {
      return Models.open(arguments.text(MODEL).orElseThrow(), arguments, command);
    }
    VariantOptions.refuse(arguments, "the bundled model", command);
    return Model.bundled();
  }

  /** A recipe for a network's input size: the same steps, another crop. */
  static Recipe fitted(Recipe recipe, Shape input) {
    if (input.rank() != 3 || input.channels() != 3 || input.height() != input.width()) {
      throw new InvalidInputException(
          "The recipe "
              + recipe.name()
              + " makes square colour pictures, but the network takes "
              + input
              + ".");
    }
    return recipe.withSize(input.height());
  }

  /** The classifier over the model, on the engine that the options name. */
  static Classifier classifier(Arguments arguments, String command) {
    Model model = open(arguments, command);
    if (model.recipe().isEmpty()) {
      throw new InvalidInputException(
          model.graph().name()
              + " does not say how its pictures are prepared; give --recipe RECIPE.");
    }
    Classifier classifier =
        Classifier.of(model, EngineOptions.keeping(EngineOptions.engine(arguments, 1)));
    return arguments.has(PIXELS) ? classifier.withPixelLimit(pixels(arguments)) : classifier;
  }

  /** The limit of pixels that the options give. */
  static long pixels(Arguments arguments) {
    return (long) arguments.positive(PIXELS, PictureReader.DEFAULT_LIMIT);
  }
}
