package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Tensor;
import dev.kinglet.image.Picture;
import dev.kinglet.image.PictureReader;
import dev.kinglet.image.Recipe;
import dev.kinglet.image.UnsupportedPictureException;
import dev.kinglet.zoo.Checkpoint;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes the exact array that a network is given for a picture. */
final class PrepareCommand implements Command {
  private static final Option MODEL =
      Option.value("--model", "MODEL", "the model whose recipe to follow (default: the bundled)");
  private static final Option RECIPE =
      Option.value("--recipe", "RECIPE", "a recipe by name instead; a wrong name lists them all");
  private static final Option OUTPUT =
      Option.value("--output", "X.npy", "where the array goes: 1 x C x H x W, float32").needed();

  @Override
  public Syntax syntax() {
    return new Syntax(
        "prepare",
        "Writes the exact array that a network is given for a picture.",
        Operands.one("PICTURE"),
        List.of(MODEL, RECIPE, OUTPUT, PictureModel.PIXELS),
        List.of(
            "A variant of the zoo has the recipe of its first official checkpoint; an .onnx file"
                + " has its own, if it was written by Kinglet."),
        List.of(
            "kinglet prepare samples/chelsea.png --output x.npy",
            "kinglet prepare --recipe torchvision_v1 photo.jpg --output x.npy"));
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    Path file = Arguments.path(arguments.operand());
    Path out = arguments.neededPath(OUTPUT);
    Models.requireFile(file);
    Models.requireWritable(out);
    Recipe recipe = recipe(arguments);
    Picture picture = read(file, PictureModel.pixels(arguments));
    NumpyFiles.write(out, Tensor.of(recipe.output().prepend(1), recipe.prepare(picture)));
    return 0;
  }

  private static Picture read(Path file, long limit) throws IOException {
    try {
      return new PictureReader(limit).read(file);
    } catch (UnsupportedPictureException e) {
      return OtherPictures.read(Files.readAllBytes(file), file.toString(), limit, e);
    }
  }

  private static Recipe recipe(Arguments arguments) {
    if (arguments.has(RECIPE)) {
      if (arguments.has(MODEL)) {
        throw new UsageException("give either --model or --recipe, not both", "prepare");
      }
      return Recipe.named(arguments.text(RECIPE).orElseThrow());
    }
    if (!arguments.has(MODEL)) {
      return ofFile(Model.bundled(), "the bundled model");
    }
    String word = arguments.text(MODEL).orElseThrow();
    return Models.isFile(word)
        ? ofFile(Models.open(word, Optional.empty()), word)
        : ofVariant(Zoo.variant(word));
  }

  private static Recipe ofFile(Model model, String word) {
    return model
        .recipe()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "'"
                        + word
                        + "' does not say how its pictures are prepared; give --recipe RECIPE."));
  }

  private static Recipe ofVariant(Variant variant) {
    List<Checkpoint> checkpoints = variant.checkpoints();
    if (checkpoints.isEmpty()) {
      throw new InvalidInputException(
          variant.name() + " has no official checkpoint and so no recipe; give --recipe RECIPE.");
    }
    Recipe recipe = Recipe.named(checkpoints.getFirst().recipe());
    return PictureModel.fitted(recipe, variant.input());
  }
}
