package dev.kinglet.cli;

import dev.kinglet.Model;
import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;

/** Writes a variant of the zoo with weights as one ONNX file. */
final class ExportCommand implements Command {
  private static final Option WEIGHTS = PictureModel.WEIGHTS.needed();

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>();
    options.add(WEIGHTS);
    options.addAll(ModelOutput.OPTIONS);
    options.add(VariantOptions.CLASSES);
    options.add(VariantOptions.SET);
    options.add(VariantOptions.INPUT);
    return new Syntax(
        "export",
        "Writes a network with its weights as one ONNX file.",
        Operands.one("VARIANT"),
        options,
        List.of(
            "With --labels and --recipe the file knows how its pictures are prepared and what its"
                + " classes are called, and kinglet predict --model FILE.onnx needs nothing else. A"
                + " publisher's own file, known by its name, brings both."),
        List.of(
            "kinglet export mobilenet_v2_100 --weights mobilenet_v2.pth --output mobilenet.onnx \\",
            "  --labels imagenet --recipe torchvision_v1",
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
    ModelOutput output = new ModelOutput(arguments);
    Model model =
        OfficialWeights.model(
            Zoo.variant(name), VariantOptions.settings(arguments), arguments.neededPath(WEIGHTS));
    output.write(model, console);
    return 0;
  }
}
