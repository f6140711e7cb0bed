package dev.kinglet.cli;

import dev.kinglet.Classifier;
import dev.kinglet.Prediction;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Counts how often a network is right. */
final class EvalCommand implements Command {
  private static final Option TRUTH =
      Option.value("--truth", "FILE.csv", "lines of file,label instead of class folders");
  private static final Option THREADS =
      Option.value("--threads", "N", "pictures at the same time (default: the cores)");
  private static final int LISTED = 20;

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>(PictureModel.options());
    options.add(TRUTH);
    options.add(THREADS);
    options.add(Json.JSON);
    return new Syntax(
        "eval",
        "Counts how often a network is right on pictures whose classes are known.",
        Operands.one("FOLDER"),
        options,
        List.of(
            "FOLDER holds a folder a class, named by the class's label (cases, blanks and"
                + " underscores do not matter), its WordNet name (n02123159) or its index. Where"
                + " the model has no labels and the folders are as many as the classes, their order"
                + " by name is the classes', as in PyTorch. With --truth, a file of lines"
                + " file,label says instead which pictures of FOLDER to take, and their classes in"
                + " the same words.",
            "Top-1 is the share of pictures whose likeliest class is right; for top-5 it may be"
                + " among the five likeliest. Pictures that cannot be read are named, do not count,"
                + " and make the exit code 2."),
        List.of(
            "kinglet eval imagenet/val",
            "kinglet eval --model flowers.onnx --json flowers/test",
            "kinglet eval --truth classes.csv photos"));
  }

  /** What was counted so far. */
  private static final class Tally {
    private final List<String> errors = new ArrayList<>();
    private long pictures;
    private long first;
    private long five;
    private long failures;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
    Path folder = Arguments.path(arguments.operand());
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(
          Files.exists(folder)
              ? "'" + folder + "' is a file, but eval needs a folder of pictures."
              : "The folder '" + folder + "' does not exist; check the path.");
    }
    int workers =
        arguments
            .number(THREADS, 1, 1024)
            .orElseGet(() -> Runtime.getRuntime().availableProcessors());
    Classifier classifier = PictureModel.classifier(arguments, "eval");
    ClassNames names = new ClassNames(classifier.model());
    Truth truth =
        arguments.has(TRUTH)
            ? Truth.ofTable(folder, arguments.neededPath(TRUTH), names)
            : Truth.ofFolders(folder, names);
    Tally tally = new Tally();
    Progress progress = new Progress(console, "pictures", truth.files().size());
    PictureStream stream = new PictureStream(classifier, 5, PictureModel.pixels(arguments), null);
    int[] next = {0};
    stream.run(
        truth.files(),
        workers,
        console,
        answer -> {
          count(tally, answer, truth.classes()[next[0]++]);
          progress.step();
        });
    progress.close();
    report(arguments.has(Json.JSON), tally, progress, classifier, console);
    return tally.failures == 0 ? 0 : 2;
  }

  private static void count(Tally tally, PictureStream.Answer answer, int right) {
    if (answer.failed()) {
      tally.failures++;
      if (tally.errors.size() < LISTED) {
        tally.errors.add(answer.error());
      }
      return;
    }
    tally.pictures++;
    List<Prediction> found = answer.predictions();
    for (int rank = 0; rank < found.size(); rank++) {
      if (found.get(rank).index() == right) {
        tally.five++;
        tally.first += rank == 0 ? 1 : 0;
      }
    }
  }

  private static void report(
      boolean asJson, Tally tally, Progress progress, Classifier classifier, Console console) {
    double top1 = (double) tally.first / Math.max(tally.pictures, 1);
    double top5 = (double) tally.five / Math.max(tally.pictures, 1);
    if (asJson) {
      try (JsonGenerator json = Json.on(console)) {
        json.writeStartObject();
        json.writeStringProperty("model", classifier.model().graph().name());
        json.writeNumberProperty("pictures", tally.pictures);
        json.writeNumberProperty("top1", top1);
        json.writeNumberProperty("top5", top5);
        json.writeNumberProperty("top1_right", tally.first);
        json.writeNumberProperty("top5_right", tally.five);
        json.writeNumberProperty("seconds", progress.seconds());
        json.writeNumberProperty("unreadable", tally.failures);
        json.writeArrayPropertyStart("errors");
        tally.errors.forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
      }
    } else {
      console.line(
          String.format(
              Locale.ROOT,
              "%s on %d pictures: top-1 %.2f %%, top-5 %.2f %%  (%.1f pictures/s)",
              classifier.model().graph().name(),
              tally.pictures,
              100 * top1,
              100 * top5,
              progress.done() / progress.seconds()));
    }
    console.flush();
    if (tally.failures == 1) {
      console.complain("One picture could not be read: " + tally.errors.getFirst());
    } else if (tally.failures > 1) {
      console.complain(
          tally.failures
              + " pictures could not be read, first of them: "
              + tally.errors.getFirst());
    }
  }
}
