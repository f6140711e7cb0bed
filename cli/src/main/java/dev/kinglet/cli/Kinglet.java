package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** The command line's way in. */
public final class Kinglet {
  private static final int DONE = 0;
  private static final int DEFECT = 1;
  private static final int INPUT_AT_FAULT = 2;

  private Kinglet() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] words) {
    Console console = Console.ofProcess();
    int code = run(List.of(words), console);
    console.end(code);
  }

  /**
   * Runs one command without ending the process.
   *
   * @return 0 when done, 2 if the input is at fault (one sentence on {@code err}), 1 for a defect
   *     of ours (with its stack trace)
   */
  public static int run(String[] words, PrintStream out, PrintStream err) {
    return run(Arrays.asList(words), new Console(out, err));
  }

  static int run(List<String> words, Console console) {
    try {
      int code = dispatch(words, console);
      console.flush();
      return code;
    } catch (ClosedPipe e) {
      return DONE;
    } catch (InvalidInputException e) {
      console.complain(e.getMessage());
      return INPUT_AT_FAULT;
    } catch (IOException e) {
      console.complain(Failures.sentence(e));
      return INPUT_AT_FAULT;
    } catch (UncheckedIOException e) {
      console.complain(Failures.sentence(e.getCause()));
      return INPUT_AT_FAULT;
    } catch (OutOfMemoryError e) {
      console.complain(
          "The memory of this process is used up; choose smaller inputs or batches, or set"
              + " KINGLET_JAVA_OPTIONS=-Xmx8g (8 GB).");
      return INPUT_AT_FAULT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      console.complain("Interrupted.");
      return INPUT_AT_FAULT;
    } catch (RuntimeException | Error e) {
      console.complain("This is a defect of Kinglet, not of your input; please report it with:");
      e.printStackTrace(console.err());
      return DEFECT;
    }
  }

  private static int dispatch(List<String> words, Console console)
      throws IOException, InterruptedException {
    if (words.isEmpty()) {
      console.print(Overview.text());
      return DONE;
    }
    String first = words.getFirst();
    List<String> rest = words.subList(1, words.size());
    switch (first) {
      case "--help", "-h" -> {
        console.print(Overview.text());
        return DONE;
      }
      case "--version", "-V" -> {
        console.line("kinglet " + Overview.version());
        return DONE;
      }
      default -> {
        Command command = Commands.named(first);
        if (asksForHelp(rest)) {
          console.print(dev.kinglet.cli.words.Help.of(command.syntax()));
          return DONE;
        }
        return command.run(Arguments.read(command.syntax(), rest).complete(), console);
      }
    }
  }

  private static boolean asksForHelp(List<String> words) {
    for (String word : words) {
      if (word.equals("--")) {
        return false;
      }
      if (word.equals("--help") || word.equals("-h")) {
        return true;
      }
    }
    return false;
  }
}
