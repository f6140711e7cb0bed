package dev.kinglet.train;

import dev.kinglet.data.Samples;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run teaches: a graph, samples to learn from and samples to be judged by. It follows from
 * the settings alone, so a resumed run makes the same one.
 *
 * @param recipe how the saved model prepares its pictures
 * @param notes what the user should know about the data
 * @param files small files for the run's folder by name
 */
record Task(
    Graph graph,
    Samples train,
    Samples held,
    Optional<Recipe> recipe,
    List<String> notes,
    Map<String, String> files,
    Optional<CubeTask> cube) {

  /** Opens the data and builds the network for its classes. */
  static Task of(RunSettings settings, Console console) {
    for (String key : List.of("variant", "data")) {
      if (!settings.has(key)) {
        throw new InvalidInputException(
            "Training needs a variant and data: kinglet train VARIANT --data FOLDER --out RUN.");
      }
    }
    return isCube(settings.text("data"))
        ? CubeTask.open(settings, console)
        : PictureTask.open(settings, console);
  }

  static boolean isCube(String data) {
    String name = data.toLowerCase(Locale.ROOT);
    return name.endsWith(".mat") || name.endsWith(".npy");
  }

  /** The recipe that a run takes where none is named. */
  static String usualRecipe(Map<String, String> chosen) {
    if (isCube(chosen.getOrDefault("data", ""))) {
      return "cube";
    }
    if (!chosen.getOrDefault("weights", "").isEmpty()) {
      return "finetune";
    }
    Shape input = graph(RunSettings.of(chosen), 0).input().shape();
    return input.width() <= 64 ? "small" : "scratch";
  }

  /** The variant with the settings' options; 0 classes leaves the variant's own number. */
  static Graph graph(RunSettings settings, int classes) {
    Settings zoo = Settings.defaults();
    for (Map.Entry<String, String> option : settings.options().entrySet()) {
      zoo = zoo.with(option.getKey(), option.getValue());
    }
    if (settings.has("input")) {
      zoo = zoo.withInput(Shape.parse(settings.text("input")));
    }
    if (classes > 0) {
      zoo = zoo.withClasses(classes);
    }
    Graph graph = Zoo.variant(settings.text("variant")).build(zoo);
    return Rates.of(graph, settings.number("dropout"), settings.number("drop_path"));
  }
}
