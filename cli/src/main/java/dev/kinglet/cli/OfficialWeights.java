package dev.kinglet.cli;

import dev.kinglet.Labels;
import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.formats.pull.WeightCache;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Checkpoint;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A variant with weights from a file or from what {@code kinglet pull} has fetched. An official
 * file is known by its name, and brings its settings, its recipe and its labels.
 */
final class OfficialWeights {
  private OfficialWeights() {}

  /** A checkpoint and where its file lies. */
  private record Found(Checkpoint checkpoint, Path file) {}

  /** The variant that the options name, as far as its weights and what belongs to them go. */
  static Model model(Arguments arguments, String command) {
    Variant variant = Zoo.variant(arguments.text(PictureModel.VARIANT).orElseThrow());
    boolean given = arguments.has(PictureModel.WEIGHTS);
    Optional<Found> official =
        given ? byName(variant, arguments.neededPath(PictureModel.WEIGHTS)) : pulled(variant);
    Settings settings = VariantOptions.settings(arguments);
    if (official.isPresent()) {
      Model model = model(variant, official.get(), settings);
      return model.withRecipe(recipe(official.get().checkpoint(), model));
    }
    if (!given || !arguments.has(PictureModel.RECIPE)) {
      throw new UsageException(
          "--variant needs --weights FILE and --recipe RECIPE, or official weights by:"
              + (" kinglet pull " + variant.name()),
          command);
    }
    return Models.variant(variant.name(), settings, arguments.neededPath(PictureModel.WEIGHTS));
  }

  /**
   * The variant with a file's weights; an official file brings its recipe too, where the network
   * still takes square pictures.
   */
  static Model model(Variant variant, Settings settings, Path file) {
    Optional<Found> official = byName(variant, file);
    if (official.isEmpty()) {
      return Models.variant(variant.name(), settings, file);
    }
    Model model = model(variant, official.get(), settings);
    Shape input = model.graph().input().shape();
    return input.height() == input.width()
        ? model.withRecipe(recipe(official.get().checkpoint(), model))
        : model;
  }

  /** With the settings and labels of the checkpoint. */
  private static Model model(Variant variant, Found official, Settings chosen) {
    Checkpoint checkpoint = official.checkpoint();
    Settings settings = chosen;
    for (Map.Entry<String, String> option : checkpoint.options().entrySet()) {
      if (!chosen.options().containsKey(option.getKey())) {
        settings = settings.with(option.getKey(), option.getValue());
      }
    }
    Model model = Models.variant(variant.name(), settings, official.file());
    return checkpoint.labels().equals(Labels.IMAGENET)
        ? model.withLabels(Labels.named(Labels.IMAGENET))
        : model;
  }

  private static Recipe recipe(Checkpoint checkpoint, Model model) {
    return PictureModel.fitted(Recipe.named(checkpoint.recipe()), model.graph().input().shape());
  }

  private static Optional<Found> byName(Variant variant, Path file) {
    for (Checkpoint checkpoint : variant.checkpoints()) {
      if (file.endsWith(checkpoint.file())) {
        return Optional.of(new Found(checkpoint, file));
      }
    }
    return Optional.empty();
  }

  private static Optional<Found> pulled(Variant variant) {
    WeightCache cache = WeightCache.standard();
    for (Checkpoint checkpoint : variant.checkpoints()) {
      Optional<Path> file = cache.find(checkpoint);
      if (file.isPresent()) {
        return Optional.of(new Found(checkpoint, file.get()));
      }
    }
    return Optional.empty();
  }

  /** Whether any of the variant's official weights lie in the cache. */
  static boolean arePulled(Variant variant) {
    return pulled(variant).isPresent();
  }
}
