package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every command line has in common: help, completion, and words that nobody understands. */
class WordsTest {
  @Test
  void noWordsAtAllShowTheOverview() {
    String overview = kinglet().done().out();
    for (String name : Commands.NAMES) {
      assertTrue(overview.contains("\n  " + name + " "), name);
    }
    assertEquals(overview, kinglet("help").done().out());
    assertEquals(overview, kinglet("--help").done().out());
  }

  @Test
  void everyCommandExplainsItselfWithExamplesInEightyColumns() {
    for (String name : Commands.NAMES) {
      String help = kinglet("help", name).done().out();
      assertTrue(help.startsWith("Usage: kinglet " + name), help);
      assertTrue(help.contains("Examples:\n  "), help);
      String wide =
          help.lines()
              .filter(line -> line.length() > 80 && !line.startsWith("  kinglet"))
              .reduce("", String::concat);
      assertEquals("", wide);
      assertEquals(help, kinglet(name, "--help").done().out());
    }
  }

  @Test
  void theVersionIsTheBuilds() {
    assertTrue(kinglet("--version").done().out().matches("kinglet \\d+\\.\\d+\\.\\d+\\S*\n"));
  }

  @Test
  void anUnknownCommandNamesTheCloseOne() {
    kinglet("sumary").refused("'sumary'", "did you mean summary?");
    kinglet("help", "frobnicate").refused("'frobnicate'", "kinglet help");
  }

  @Test
  void anUnknownOptionNamesTheCloseOneAndTheHelp() {
    kinglet("list", "--jsn").refused("'--jsn'", "did you mean --json?", "kinglet help list");
    kinglet("list", "-x").refused("'-x'");
  }

  @Test
  void missingWordsAreNamedAllAtOnce() {
    kinglet("summary").refused("needs MODEL");
    kinglet("summary", "--classes").refused("--classes needs a value");
    kinglet("summary", "--classes", "--json").refused("--classes needs a value");
  }

  @Test
  void extraWordsAreNotSilentlyIgnored() {
    kinglet("list", "surplus").refused("'surplus'");
    kinglet("list", "--json=yes").refused("--json stands alone");
    kinglet("list", "--json", "--json").refused("--json was given twice");
  }

  @Test
  void afterTwoDashesEverythingIsAnOperand() {
    kinglet("summary", "--", "--json").refused("'--json'");
  }

  @Test
  void anOptionMayBeJoinedToItsValue() {
    assertEquals(
        kinglet("summary", "mobilenet_v1_025", "--classes", "7", "--json").done().out(),
        kinglet("summary", "--classes=7", "mobilenet_v1_025", "--json").done().out());
  }

  @Test
  void completionForAnotherShellIsRefused() {
    kinglet("completion", "fish").refused("'fish'", "bash and zsh");
  }

  @Test
  void bashCompletesCommandsOptionsVariantsAndRecipes(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("kinglet.bash");
    Files.writeString(script, kinglet("completion", "bash").done().out());
    assertEquals("summary", completed(script, "su"));
    assertEquals("--classes", completed(script, "summary", "--cl"));
    assertEquals("mobilenet_v1_025", completed(script, "summary", "mobilenet_v1_02"));
    assertEquals("megvii", completed(script, "predict", "--recipe", "meg"));
    assertEquals("", completed(script, "summary", "--classes", ""));
  }

  /** What bash offers behind {@code kinglet} and these words, the last of them unfinished. */
  private static String completed(Path script, String... words)
      throws IOException, InterruptedException {
    String line = "kinglet " + String.join(" ", words);
    String program =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _kinglet; echo -n \"${COMPREPLY[*]}\""
            .formatted(
                script, line + (words[words.length - 1].isEmpty() ? "''" : ""), words.length);
    Process bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    String answer = new String(bash.getInputStream().readAllBytes());
    assertTrue(bash.waitFor(20, TimeUnit.SECONDS));
    return answer;
  }
}
