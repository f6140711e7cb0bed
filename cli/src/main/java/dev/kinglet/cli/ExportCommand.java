package dev.kinglet.cli;

import dev.kinglet.Labels;
import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.image.Recipe;
import dev.kinglet.onnx.OnnxWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a variant of the zoo with weights as one ONNX file. */
final class ExportCommand implements Command {
  private static final Option WEIGHTS = PictureModel.WEIGHTS.needed();
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

  @Override
  public Syntax syntax() {
    return new Syntax(
        "export",
        "Writes a network with its weights as one ONNX file.",
        Operands.one("VARIANT"),
        List.of(
            WEIGHTS,
            OUTPUT,
            PictureModel.LABELS,
            PictureModel.RECIPE,
            OPSET,
            HALF,
            NOTE,
            VariantOptions.CLASSES,
            VariantOptions.SET,
            VariantOptions.INPUT),
        List.of(
            "With --labels and --recipe the file knows how its pictures are prepared and what its"
                + " classes are called, and kinglet predict --model FILE.onnx needs nothing else."),
        List.of(
            "kinglet export mobilenet_v2_100 --weights mobilenet_v2.pth --output mobilenet.onnx \\",
            "  --labels imagenet.txt --recipe torchvision_v1",
            "kinglet export efficientnet_lite0 --set dialect=tf --weights lite0.pth \\",
            "  --output lite0.onnx --half"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    String name = arguments.operand();
    if (Models.isFile(name)) {
      throw new UsageException(
          "export takes a variant of the zoo; " + name + " is a file (see kinglet help import)",
          "export");
    }
    Path out = arguments.neededPath(OUTPUT);
    Models.requireWritable(out);
    OnnxWriter.Options options = options(arguments);
    Model model = describe(model(name, arguments), arguments);
    long size = model.save(out, options);
    StringBuilder line = new StringBuilder();
    line.append(out)
        .append(": ")
        .append(megabytes(size))
        .append(", opset ")
        .append(options.opset());
    if (options.half()) {
      change(line, model, Model.open(out));
    }
    console.line(line.toString());
    return 0;
  }

  private static OnnxWriter.Options options(Arguments arguments) {
    OnnxWriter.Options options = OnnxWriter.Options.defaults().withHalf(arguments.has(HALF));
    return arguments.has(OPSET)
        ? options.withOpset(
            arguments.number(OPSET, OnnxWriter.OLDEST_OPSET, OnnxWriter.NEWEST_OPSET).getAsInt())
        : options;
  }

  private static Model model(String name, Arguments arguments) {
    return Models.variant(name, VariantOptions.settings(arguments), arguments.neededPath(WEIGHTS));
  }

  private static Model describe(Model model, Arguments arguments) {
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
      described = described.withLabels(Labels.read(arguments.neededPath(PictureModel.LABELS)));
    }
    if (arguments.has(PictureModel.RECIPE)) {
      Recipe recipe = Recipe.named(arguments.text(PictureModel.RECIPE).orElseThrow());
      described = described.withRecipe(PictureModel.fitted(recipe, model.graph().input().shape()));
    }
    return described;
  }

  /** States what half precision changes on a sample by chance. */
  private static void change(StringBuilder line, Model whole, Model half) {
    float[] sample = Samples.uniform(whole.graph().input().shape());
    float[] expected = whole.compile().session().run(sample);
    float[] found = half.compile().session().run(sample);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
    }
    line.append(
        String.format(
            Locale.ROOT,
            " (float32: %s); half precision changes the answer for a sample of noise by at most"
                + " %.2g, where the largest logit is %.3g",
            megabytes(4 * whole.graph().parameterCount()),
            difference,
            largest));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
