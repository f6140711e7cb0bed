package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Option;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.image.Recipe;
import dev.kinglet.onnx.OnnxWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The options of every command that writes a model file, and the writing. */
final class ModelOutput {
  private static final Option OUTPUT =
      Option.value("--output", "FILE.onnx", "the file to write").needed();
  private static final Option OPSET =
      Option.value(
          "--opset",
          "N",
          "the version of ONNX's operators, "
              + OnnxWriter.OLDEST_OPSET
              + " to "
              + OnnxWriter.NEWEST_OPSET
              + " (default: "
              + OnnxWriter.Options.defaults().opset()
              + ")");
  private static final Option HALF =
      Option.flag("--half", "weights in half precision: half the size, and the change is stated");
  private static final Option NOTE =
      Option.value("--note", "key=value", "something for the file to say, such as licence=MIT")
          .repeated();

  /** All the options that say where and how a model is written. */
  static final List<Option> OPTIONS =
      List.of(OUTPUT, PictureModel.LABELS, PictureModel.RECIPE, OPSET, HALF, NOTE);

  private final Path file;
  private final OnnxWriter.Options options;
  private final Arguments arguments;

  /** Checks what the options say, before any work is done. */
  ModelOutput(Arguments arguments) {
    this.arguments = arguments;
    this.file = arguments.neededPath(OUTPUT);
    Models.requireWritable(file);
    OnnxWriter.Options chosen = OnnxWriter.Options.defaults().withHalf(arguments.has(HALF));
    this.options =
        arguments.has(OPSET)
            ? chosen.withOpset(
                arguments
                    .number(OPSET, OnnxWriter.OLDEST_OPSET, OnnxWriter.NEWEST_OPSET)
                    .getAsInt())
            : chosen;
  }

  /**
   * Writes the model with the labels, recipe and notes of the options, and says what was written.
   */
  void write(Model model, Console console) {
    Model described = describe(model);
    long size = described.save(file, options);
    String line = file + ": " + megabytes(size) + ", opset " + options.opset();
    console.line(options.half() ? line + change(described) : line);
  }

  private Model describe(Model model) {
    Map<String, String> notes = new LinkedHashMap<>();
    for (String note : arguments.all(NOTE)) {
      int equals = note.indexOf('=');
      if (equals < 1) {
        throw new InvalidInputException("--note takes key=value, but '" + note + "' was given.");
      }
      notes.put(note.substring(0, equals), note.substring(equals + 1));
    }
    Model described = model.withMetadata(notes);
    if (arguments.has(PictureModel.LABELS)) {
      described = described.withLabels(PictureModel.labels(arguments));
    }
    if (arguments.has(PictureModel.RECIPE)) {
      Recipe recipe = Recipe.named(arguments.text(PictureModel.RECIPE).orElseThrow());
      described = described.withRecipe(PictureModel.fitted(recipe, model.graph().input().shape()));
    }
    return described;
  }

  /** What half precision changes, on a sample by chance. */
  private String change(Model whole) {
    float[] sample = Samples.uniform(whole.graph().input().shape());
    float[] expected = whole.compile().session().run(sample);
    float[] found = Model.open(file).compile().session().run(sample);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
    }
    return String.format(
        Locale.ROOT,
        " (float32: %s); half precision changes the answer for a sample of noise by at most"
            + " %.2g, where the largest logit is %.3g",
        megabytes(4 * whole.graph().parameterCount()),
        difference,
        largest);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
