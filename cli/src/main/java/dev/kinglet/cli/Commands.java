package dev.kinglet.cli;

import dev.kinglet.cli.words.Suggestion;
import dev.kinglet.cli.words.UsageException;
import java.util.List;

/** All commands by name; the class of a command is loaded when it is asked for. */
final class Commands {
  /** In the order of the overview. */
  static final List<String> NAMES =
      List.of(
          "predict",
          "eval",
          "list",
          "summary",
          "bench",
          "run",
          "prepare",
          "export",
          "import",
          "pull",
          "profile",
          "guidelines",
          "train",
          "help",
          "completion");

  private Commands() {}

  static Command named(String name) {
    return switch (name) {
      case "predict" -> new PredictCommand();
      case "eval" -> new EvalCommand();
      case "bench" -> new BenchCommand();
      case "run" -> new RunCommand();
      case "prepare" -> new PrepareCommand();
      case "export" -> new ExportCommand();
      case "import" -> new ImportCommand();
      case "pull" -> new PullCommand();
      case "profile" -> new ProfileCommand();
      case "guidelines" -> new GuidelinesCommand();
      case "train" -> new TrainCommand();
      case "list" -> new ListCommand();
      case "summary" -> new SummaryCommand();
      case "help" -> new HelpCommand();
      case "completion" -> new CompletionCommand();
      default ->
          throw new UsageException(
              "kinglet has no command '" + name + "'" + Suggestion.forWord(name, NAMES), "");
    };
  }
}
