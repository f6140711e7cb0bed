package dev.kinglet.bench;

import dev.kinglet.Classifier;
import dev.kinglet.Model;
import dev.kinglet.Prediction;
import dev.kinglet.engine.SettledWeights;
import dev.kinglet.graph.Graph;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Kinglet on the whole road: picture files to their five likeliest classes. */
final class RoadContestant {
  private RoadContestant() {}

  /**
   * {@code MODEL THREADS FILE...}, see {@link RoadTurns}. A model {@code VARIANT.onnx} that does
   * not exist is written first, with initial weights and torchvision's recipe.
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    if (!Files.exists(file)) {
      String variant = file.getFileName().toString().replace(".onnx", "");
      Graph graph = Zoo.variant(variant).build();
      Recipe recipe = Recipe.named("torchvision_v1");
      Model.of(graph, SettledWeights.of(graph, 1)).withRecipe(recipe).save(file);
    }
    Classifier classifier = Classifier.open(file);
    RoadTurns.serve(
        arguments,
        thread ->
            picture -> {
              List<Prediction> five = classifier.classify(picture);
              return five.getFirst().index();
            });
  }
}
