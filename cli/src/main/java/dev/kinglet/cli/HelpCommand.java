package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Help;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Syntax;
import java.util.List;

/** Explains the commands. */
final class HelpCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "help",
        "Explains a command, or lists them all.",
        Operands.optional("COMMAND"),
        List.of(),
        List.of(),
        List.of("kinglet help predict"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    console.print(
        arguments.operands().isEmpty()
            ? Overview.text()
            : Help.of(Commands.named(arguments.operand()).syntax()));
    return 0;
  }
}
