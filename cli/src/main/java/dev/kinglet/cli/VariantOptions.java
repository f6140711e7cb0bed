package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.zoo.Settings;
import java.util.List;
import java.util.Optional;

/** The options of every command that takes a VARIANT. */
final class VariantOptions {
  static final Option CLASSES =
      Option.value("--classes", "N", "the number of classes, if not the variant's own");
  static final Option SET =
      Option.value(
              "--set",
              "key=value",
              "a setting of the variant, such as width=0.6 or dialect=tf; an unknown key is"
                  + " answered with those that exist")
          .repeated();
  static final Option INPUT =
      Option.value("--input", "CxHxW", "the shape of one sample, such as 3x160x160");

  private VariantOptions() {}

  /** The settings that the options give. */
  static Settings settings(Arguments arguments) {
    Settings settings = settings(arguments, Optional.empty());
    Optional<String> input = arguments.text(INPUT);
    return input.isPresent() ? settings.withInput(Shape.parse(input.get())) : settings;
  }

  /** The settings that the options give, with this input shape. */
  static Settings settings(Arguments arguments, Optional<Shape> input) {
    Settings settings =
        input.map(shape -> Settings.defaults().withInput(shape)).orElse(Settings.defaults());
    if (arguments.has(CLASSES)) {
      settings = settings.withClasses(arguments.number(CLASSES, 1, Integer.MAX_VALUE).getAsInt());
    }
    for (String pair : arguments.all(SET)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (settings.options().containsKey(key)) {
        throw new InvalidInputException("--set gives the key '" + key + "' twice.");
      }
      settings = settings.with(key, equals < 0 ? "" : pair.substring(equals + 1));
    }
    return settings;
  }

  /** Refuses options of variants beside an ONNX file, whose network is as it is. */
  static void refuse(Arguments arguments, String model, String command) {
    for (Option option : List.of(CLASSES, SET)) {
      if (arguments.has(option)) {
        throw new UsageException(
            option.name() + " belongs to a variant of the zoo, but " + model + " is a file",
            command);
      }
    }
  }
}
