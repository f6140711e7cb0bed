package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.graph.InvalidInputException;
import java.util.List;

/** Prints a script that lets a shell complete our words. */
final class CompletionCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "completion",
        "Prints a script with which bash or zsh completes kinglet's words.",
        Operands.one("bash|zsh"),
        List.of(),
        List.of(),
        List.of(
            "source <(kinglet completion bash)",
            "kinglet completion zsh > ~/.zfunc/_kinglet   # a folder of your fpath"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    switch (arguments.operand()) {
      case "bash" -> console.print(Completion.bash());
      case "zsh" -> console.print(Completion.zsh());
      default ->
          throw new InvalidInputException(
              "There is completion for bash and zsh, but not for '" + arguments.operand() + "'.");
    }
    return 0;
  }
}
