package dev.kinglet.train;

import dev.kinglet.data.ClassMap;
import dev.kinglet.data.Confusion;
import dev.kinglet.data.Cube;
import dev.kinglet.data.Pca;
import dev.kinglet.data.PixelSplit;
import dev.kinglet.data.WindowSamples;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Teaching on windows of a hyperspectral cube.
 *
 * @param truth the class of every pixel from 1, 0 where unknown
 */
record CubeTask(Cube cube, Pca pca, int[] truth, int window, List<String> classes) {

  static Task open(RunSettings settings, Console console) {
    if (!settings.has("truth")) {
      throw new InvalidInputException(
          "A cube needs its ground truth; give it with --truth FILE.mat.");
    }
    Cube scene = Cube.read(Path.of(settings.text("data")));
    int[] truth = Cube.truth(Path.of(settings.text("truth")), scene.height(), scene.width());
    int count = IntStream.of(truth).max().orElse(0);
    if (count < 2) {
      throw new InvalidInputException(
          settings.text("truth") + " names fewer than two classes; training needs two.");
    }
    Graph graph = Task.graph(settings, count);
    Shape in = graph.input().shape();
    if (in.rank() != 4 || in.channels() != 1 || in.height() != in.width()) {
      throw new InvalidInputException(
          settings.text("variant")
              + " takes samples of "
              + in
              + ", but a cube gives windows of 1 x bands x size x size; choose a hybridsn"
              + " variant.");
    }
    console.progress("principal components of " + scene.bands() + " bands");
    Pca pca = Pca.fit(scene, in.size(1));
    console.clear();
    Cube reduced = pca.apply(scene);
    List<String> classes = IntStream.rangeClosed(1, count).mapToObj(i -> "class " + i).toList();
    int window = in.width();
    double share = settings.number("share");
    int seed = settings.whole("seed");
    PixelSplit.Pixels pixels =
        switch (settings.text("split")) {
          case "random" -> PixelSplit.random(truth, share, seed);
          case "disjoint" ->
              PixelSplit.disjoint(truth, scene.height(), scene.width(), share, window / 2, seed);
          default ->
              throw new InvalidInputException(
                  "There is no split '"
                      + settings.text("split")
                      + "'; there are random and disjoint.");
        };
    List<String> notes = new ArrayList<>();
    notes.add(
        pixels.learned().length
            + " pixels are learned, "
            + pixels.judged().length
            + " are judged ("
            + settings.text("split")
            + " split).");
    if (settings.text("split").equals("random")) {
      notes.add(
          "Windows of learned pixels show judged ones in a random split, which flatters every"
              + " network; --split disjoint gives the honest figure.");
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put("labels.txt", String.join("\n", classes) + "\n");
    return new Task(
        graph,
        new WindowSamples(reduced, window, truth, pixels.learned(), classes),
        new WindowSamples(reduced, window, truth, pixels.judged(), classes),
        Optional.empty(),
        notes,
        files,
        Optional.of(new CubeTask(reduced, pca, truth, window, classes)));
  }

  /** Writes the components, and the map of the whole scene beside the ground truth. */
  void finish(TorchNetwork network, Path folder, int batch) {
    int bands = pca.mean().length;
    float[] components = new float[pca.components().length * bands];
    float[] mean = new float[bands];
    for (int b = 0; b < bands; b++) {
      mean[b] = (float) pca.mean()[b];
      for (int c = 0; c < pca.components().length; c++) {
        components[c * bands + b] = (float) pca.components()[c][b];
      }
    }
    NumpyFiles.write(folder.resolve("pca_mean.npy"), Tensor.of(Shape.of(bands), mean));
    NumpyFiles.write(
        folder.resolve("pca_components.npy"),
        Tensor.of(Shape.of(pca.components().length, bands), components));
    int[] labelled = IntStream.range(0, truth.length).filter(i -> truth[i] > 0).toArray();
    WindowSamples samples = new WindowSamples(cube, window, truth, labelled, classes);
    int[] map = new int[truth.length];
    Evaluation.answers(
        network, samples, batch, (index, answer, _) -> map[labelled[index]] = answer + 1);
    ClassMap.write(folder.resolve("map.png"), cube.height(), cube.width(), truth, map, classes);
  }

  /** Overall accuracy, average accuracy, kappa and a line a class. */
  static String table(Confusion confusion) {
    StringBuilder text = new StringBuilder();
    text.append(
        "OA %.2f %%, AA %.2f %%, kappa %.4f%n"
            .formatted(100 * confusion.overall(), 100 * confusion.average(), confusion.kappa()));
    for (int i = 0; i < confusion.classes().size(); i++) {
      text.append(
          "  %-20s %6d samples  %6.2f %%%n"
              .formatted(
                  confusion.classes().get(i), confusion.support(i), 100 * confusion.recall(i)));
    }
    return text.toString();
  }
}
