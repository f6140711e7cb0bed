package dev.kinglet.train;

import dev.kinglet.data.Augmentation;
import dev.kinglet.data.PictureCache;
import dev.kinglet.data.PictureFolder;
import dev.kinglet.data.PictureSamples;
import dev.kinglet.data.Stratified;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.image.Picture;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Checkpoint;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Teaching on class folders of pictures. */
final class PictureTask {
  /** Below this, pictures are taken whole: a margin would cost a small network its pixels. */
  private static final int SMALL = 128;

  private PictureTask() {}

  static Task open(RunSettings settings, Console console) {
    PictureFolder.Found found = PictureFolder.find(Path.of(settings.text("data")));
    PictureFolder train = found.train();
    Graph graph = Task.graph(settings, train.classes().size());
    Recipe recipe = recipe(settings, graph.input().shape());
    int side = recipe.output().width();
    Optional<PictureFolder> other =
        settings.has("val")
            ? Optional.of(PictureFolder.heldOut(Path.of(settings.text("val")), train.classes()))
            : found.heldOut();
    Augmentation augmentation =
        new Augmentation(
            Augmentation.Crop.parse(settings.text("crop")),
            settings.flag("flip"),
            settings.number("jitter"),
            Augmentation.Policy.parse(settings.text("policy")),
            settings.number("erasing"));
    // A margin, so that a crop of a part of the area still shrinks.
    int kept = (int) Math.ceil(side * 1.25);
    UnaryOperator<Picture> shrink = picture -> PictureSamples.shrunk(picture, kept);
    UnaryOperator<Picture> crop = recipe::crop;
    List<String> notes = new ArrayList<>();
    StringBuilder leftOut = new StringBuilder();
    List<PictureFolder.Labelled> learned = train.pictures();
    PictureCache cache = cache(settings, console, learned, "shorter side at most " + kept, shrink);
    report(cache, learned, notes, leftOut);
    List<Integer> trainIndices = cache.whole();
    List<PictureFolder.Labelled> judged;
    if (other.isPresent()) {
      judged = other.get().pictures();
    } else {
      int[] labels = trainIndices.stream().mapToInt(i -> learned.get(i).label()).toArray();
      Stratified.Split split =
          Stratified.split(labels, settings.number("val_share"), settings.whole("seed"));
      List<Integer> all = trainIndices;
      judged = split.taken().stream().map(i -> learned.get(all.get(i))).toList();
      trainIndices = split.rest().stream().map(all::get).toList();
      notes.add(
          judged.size()
              + " of "
              + all.size()
              + " pictures are held out, the same share of a class.");
    }
    PictureCache crops = cache(settings, console, judged, recipe.toString(), crop);
    if (other.isPresent()) {
      report(crops, judged, notes, leftOut);
    }
    if (trainIndices.isEmpty() || crops.whole().isEmpty()) {
      throw new InvalidInputException(
          settings.text("data") + " leaves no pictures to learn from or to judge by; add some.");
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put("labels.txt", String.join("\n", train.classes()) + "\n");
    if (!leftOut.isEmpty()) {
      files.put("left_out.txt", leftOut.toString());
    }
    return new Task(
        graph,
        new PictureSamples(cache, learned, trainIndices, train.classes(), recipe, augmentation),
        new PictureSamples(
            crops, judged, crops.whole(), train.classes(), recipe, Augmentation.NONE),
        Optional.of(recipe),
        notes,
        files,
        Optional.empty());
  }

  private static Recipe recipe(RunSettings settings, Shape input) {
    if (input.rank() != 3 || input.channels() != 3 || input.height() != input.width()) {
      throw new InvalidInputException(
          settings.text("variant")
              + " takes samples of "
              + input
              + ", but pictures are square with three channels; choose --input 3xSxS or give a"
              + " cube as --data.");
    }
    Recipe recipe;
    if (settings.has("prepare")) {
      recipe = Recipe.named(settings.text("prepare"));
    } else if (input.width() < SMALL) {
      recipe = Recipe.named("timm_bicubic_half_256");
    } else {
      recipe =
          Zoo.variant(settings.text("variant")).checkpoints().stream()
              .findFirst()
              .map(Checkpoint::recipe)
              .map(Recipe::named)
              .orElseGet(() -> Recipe.named("torchvision_v1"));
    }
    return recipe.withSize(input.width());
  }

  private static PictureCache cache(
      RunSettings settings,
      Console console,
      List<PictureFolder.Labelled> pictures,
      String kept,
      UnaryOperator<Picture> keep) {
    String home = System.getenv("XDG_CACHE_HOME");
    Path folder =
        settings.has("cache")
            ? Path.of(settings.text("cache"))
            : (home == null || home.isEmpty()
                    ? Path.of(System.getProperty("user.home"), ".cache")
                    : Path.of(home))
                .resolve("kinglet")
                .resolve("pictures");
    PictureCache cache =
        PictureCache.open(
            folder,
            pictures.stream().map(PictureFolder.Labelled::file).toList(),
            kept,
            keep,
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            done -> {
              if (done % 100 == 0) {
                console.progress("decoding pictures: " + done + " of " + pictures.size());
              }
            });
    console.clear();
    return cache;
  }

  private static void report(
      PictureCache cache,
      List<PictureFolder.Labelled> pictures,
      List<String> notes,
      StringBuilder leftOut) {
    if (!cache.broken().isEmpty()) {
      notes.add(
          cache.broken().size()
              + " of "
              + pictures.size()
              + " files are left out; left_out.txt in the run's folder says why.");
      cache.broken().values().forEach(failure -> leftOut.append(failure).append('\n'));
    }
  }
}
