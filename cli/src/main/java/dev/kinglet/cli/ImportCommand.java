package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.formats.ImportedModel;
import dev.kinglet.formats.keras.KerasFiles;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.zoo.EntryNames;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes over a network of another tool as a model file of ours. */
final class ImportCommand implements Command {
  private static final Option VARIANT =
      Option.value(
          "--variant", "VARIANT", "take the file's weights for this network of the zoo instead");
  private static final Option SOFTMAX =
      Option.flag(
          "--softmax", "a Keras file of weights alone answers with probabilities, not logits");

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>(ModelOutput.OPTIONS);
    options.add(VARIANT);
    options.add(VariantOptions.CLASSES);
    options.add(VariantOptions.SET);
    options.add(VariantOptions.INPUT);
    options.add(SOFTMAX);
    return new Syntax(
        "import",
        "Takes over a network of PyTorch (ONNX), Keras or another tool as a model file.",
        Operands.one("FILE(.onnx|.h5|.keras|.weights.h5)"),
        options,
        List.of(
            "The file says itself which network it holds, its width, classes and head. Where its"
                + " input leaves sizes free, --input gives them. A picture's channels come first in"
                + " Kinglet, whatever the file has."),
        List.of(
            "kinglet import model.onnx --output mine.onnx --labels names.txt \\",
            "  --recipe torchvision_v1",
            "kinglet import flowers.keras --output flowers.onnx --recipe keras_tf"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    ModelOutput output = new ModelOutput(arguments);
    Path file = Arguments.path(arguments.operand());
    Models.requireFile(file);
    if (!arguments.has(VARIANT)) {
      VariantOptions.refuse(arguments, file.toString(), "import");
    }
    Model model = read(file, arguments);
    output.write(arguments.has(VARIANT) ? ofVariant(model, arguments) : model, console);
    return 0;
  }

  private static Model read(Path file, Arguments arguments) {
    Optional<Shape> input = arguments.text(VariantOptions.INPUT).map(Shape::parse);
    if (!KerasFiles.recognises(file)) {
      return Models.open(file.toString(), input);
    }
    KerasFiles.Options options = new KerasFiles.Options(input, arguments.has(SOFTMAX));
    ImportedModel imported = KerasFiles.read(file, options);
    return Model.of(imported.graph(), imported.weights()).withMetadata(imported.metadata());
  }

  private static Model ofVariant(Model found, Arguments arguments) {
    Graph graph =
        Zoo.variant(arguments.text(VARIANT).orElseThrow())
            .build(VariantOptions.settings(arguments));
    return new Model(
        graph,
        EntryNames.adapt(graph, found.weights()).check(graph),
        found.recipe(),
        found.labels(),
        found.metadata());
  }
}
