package dev.kinglet.cli;

import dev.kinglet.Classifier;
import dev.kinglet.Prediction;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Says what pictures show. */
final class PredictCommand implements Command {
  private static final Option TOP =
      Option.value("--top", "K", "how many classes a picture (default: 5; on one line 3)");
  private static final Option THREADS =
      Option.value("--threads", "N", "pictures at the same time (default: the cores)");

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>(PictureModel.options());
    options.add(TOP);
    options.add(THREADS);
    options.add(Json.JSON);
    return new Syntax(
        "predict",
        "Says what pictures show.",
        Operands.some("PICTURE|FOLDER"),
        options,
        List.of(
            "Folders are searched for pictures, subfolders included. Answers come in the order"
                + " given, each as soon as it is there. A picture that cannot be read is named on"
                + " standard error (with --json: in its entry), the others go on, and the exit code"
                + " is 2 at the end.",
            "The network's machine code is kept for the next time, in the folder plans of"
                + " KINGLET_CACHE or ~/.cache/kinglet, at most 1 GB; KINGLET_NO_CACHE=yes keeps"
                + " and reads none."),
        List.of(
            "kinglet predict samples/chelsea.png",
            "kinglet predict --json --top 1 photos/ > answers.json",
            "kinglet predict --model my-network.onnx photo.jpg",
            "kinglet predict --variant mobilenet_v2_100 --weights mobilenet_v2.pth \\",
            "  --labels imagenet.txt --recipe torchvision_v1 photo.jpg"));
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
    List<Path> files = PictureFiles.of(arguments.operands());
    boolean json = arguments.has(Json.JSON);
    boolean bars = !json && files.size() == 1 && console.outIsTerminal();
    int top = arguments.number(TOP, 1, Integer.MAX_VALUE).orElse(json || bars ? 5 : 3);
    int workers =
        arguments
            .number(THREADS, 1, 1024)
            .orElseGet(() -> Runtime.getRuntime().availableProcessors());
    long pixels = PictureModel.pixels(arguments);
    EarlyPicture early = files.size() == 1 ? EarlyPicture.of(files.getFirst(), pixels) : null;
    Classifier classifier = PictureModel.classifier(arguments, "predict");
    PictureStream stream = new PictureStream(classifier, top, pixels, early);
    if (json) {
      return json(stream, files, workers, classifier, console);
    }
    return text(stream, files, workers, bars, console);
  }

  private static int text(
      PictureStream stream, List<Path> files, int workers, boolean bars, Console console)
      throws IOException, InterruptedException {
    Progress progress = new Progress(console, "pictures", files.size());
    int[] failures = {0};
    stream.run(
        files,
        workers,
        console,
        answer -> {
          if (console.outIsTerminal() || answer.failed()) {
            progress.hide();
          }
          if (answer.failed()) {
            failures[0]++;
            console.complain(answer.error());
          } else if (bars) {
            console.print(PredictionText.bars(answer, console.speaksUnicode()));
          } else {
            console.line(PredictionText.line(answer));
          }
          console.flush();
          progress.step();
        });
    progress.close();
    return failures[0] == 0 ? 0 : 2;
  }

  private static int json(
      PictureStream stream, List<Path> files, int workers, Classifier classifier, Console console)
      throws IOException, InterruptedException {
    Progress progress = new Progress(console, "pictures", files.size());
    int[] failures = {0};
    try (JsonGenerator json = Json.on(console)) {
      json.writeStartObject();
      json.writeStringProperty("model", classifier.model().graph().name());
      json.writeArrayPropertyStart("pictures");
      stream.run(
          files,
          workers,
          console,
          answer -> {
            failures[0] += answer.failed() ? 1 : 0;
            entry(json, answer);
            progress.step();
          });
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    progress.close();
    if (failures[0] == 0) {
      return 0;
    }
    console.flush();
    console.complain(
        failures[0]
            + " of "
            + files.size()
            + (files.size() == 1 ? " picture" : " pictures")
            + " could not be read; the entries say why under \"error\".");
    return 2;
  }

  private static void entry(JsonGenerator json, PictureStream.Answer answer) {
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeStringProperty("file", answer.file().toString());
    if (answer.failed()) {
      json.writeStringProperty("error", answer.error());
    } else {
      json.writeArrayPropertyStart("predictions");
      for (Prediction prediction : answer.predictions()) {
        json.writeStartObject();
        json.writeNumberProperty("index", prediction.index());
        json.writeStringProperty("label", prediction.label());
        json.writeNumberProperty("probability", (float) prediction.probability());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
