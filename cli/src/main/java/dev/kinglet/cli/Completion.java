package dev.kinglet.cli;

import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.image.Recipe;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.util.List;

/** Scripts with which shells complete our words, made from what the commands say of themselves. */
final class Completion {
  private Completion() {}

  /** For bash 3.2 and newer; where nothing of ours fits, it completes files. */
  static String bash() {
    StringBuilder cases = new StringBuilder();
    for (String name : Commands.NAMES) {
      Syntax syntax = Commands.named(name).syntax();
      cases.append("    ").append(name).append(")\n      case $previous in\n");
      for (Option option : syntax.options()) {
        if (!option.isFlag()) {
          cases
              .append("        ")
              .append(option.name())
              .append(") words=\"")
              .append(String.join(" ", words(option.value(), option.choices())))
              .append("\" ;;\n");
        }
      }
      cases
          .append("        *) case $current in\n          -*) words=\"")
          .append(String.join(" ", optionNames(syntax)))
          .append("\" ;;\n          *) words=\"")
          .append(String.join(" ", words(syntax.operands().placeholder(), List.of())))
          .append("\" ;;\n        esac ;;\n      esac ;;\n");
    }
    return """
    # Completion of kinglet for bash: source <(kinglet completion bash)
    _kinglet() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=""
      if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "%s --help --version" -- "$current"))
        return
      fi
      case ${COMP_WORDS[1]} in
    %s  esac
      COMPREPLY=($(compgen -W "$words" -- "$current"))
    }
    complete -o bashdefault -o default -F _kinglet kinglet
    """
        .formatted(String.join(" ", Commands.NAMES), cases.toString());
  }

  /** For zsh, sourced or as a file of the {@code fpath}. */
  static String zsh() {
    StringBuilder commands = new StringBuilder();
    StringBuilder cases = new StringBuilder();
    for (String name : Commands.NAMES) {
      Syntax syntax = Commands.named(name).syntax();
      commands
          .append("    '")
          .append(name)
          .append(':')
          .append(quoted(syntax.summary()))
          .append("'\n");
      cases.append("    ").append(name).append(")\n      _arguments");
      for (Option option : syntax.options()) {
        cases
            .append(" \\\n        '")
            .append(option.repeatable() ? "*" : "")
            .append(option.name())
            .append('[')
            .append(bracketed(option.description()))
            .append(']');
        if (!option.isFlag()) {
          cases.append(action(option.value(), option.choices()));
        }
        cases.append('\'');
      }
      String operands = syntax.operands().placeholder();
      if (!operands.isEmpty()) {
        cases.append(" \\\n        '*").append(action(operands, List.of())).append('\'');
      }
      cases.append(" ;;\n");
    }
    return """
    #compdef kinglet
    # Completion of kinglet for zsh: a file _kinglet in a folder of the fpath, or sourced.
    _kinglet() {
      local -a commands
      commands=(
    %s  )
      if (( CURRENT == 2 )); then
        _describe command commands
        return
      fi
      shift words
      (( CURRENT-- ))
      case $words[1] in
    %s  esac
    }
    if [[ $funcstack[1] == _kinglet ]]; then
      _kinglet "$@"
    else
      compdef _kinglet kinglet
    fi
    """
        .formatted(commands.toString(), cases.toString());
  }

  private static List<String> optionNames(Syntax syntax) {
    return syntax.options().stream().map(Option::name).toList();
  }

  /** What a placeholder stands for, where it is a word of ours; files are the shell's business. */
  private static List<String> words(String placeholder, List<String> choices) {
    if (!choices.isEmpty()) {
      return choices;
    }
    return switch (placeholder) {
      case "VARIANT", "MODEL" -> Zoo.variants().stream().map(Variant::name).toList();
      case "RECIPE" -> Recipe.all().stream().map(Recipe::name).toList();
      case "COMMAND" -> Commands.NAMES;
      case "bash|zsh" -> List.of("bash", "zsh");
      default -> List.of();
    };
  }

  private static String action(String placeholder, List<String> choices) {
    List<String> words = words(placeholder, choices);
    String files =
        placeholder.contains("FILE")
                || placeholder.contains("FOLDER")
                || placeholder.contains("PICTURE")
                || placeholder.contains(".npy")
            ? "_files"
            : " ";
    return ":"
        + placeholder.replace(":", "\\:")
        + ":"
        + (words.isEmpty() ? files : "(" + String.join(" ", words) + ")");
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''").replace(":", "\\:");
  }

  private static String bracketed(String text) {
    return quoted(text).replace("[", "\\[").replace("]", "\\]");
  }
}
