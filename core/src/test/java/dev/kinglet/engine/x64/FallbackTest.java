package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever keeps machine code from running, plain Java answers, and one sentence says why. */
class FallbackTest {
  private record Outcome(List<String> out, List<String> err) {}

  @ParameterizedTest
  @CsvSource({
    "other-processor, not x86-64",
    "other-system, not Linux",
    "no-native-access, --enable-native-access",
    "no-memory, memory",
    "no-executable-memory, executable memory",
    "no-vectors, AVX2",
    "self-test, self-test"
  })
  void aForcedFailureEndsInPlainJavaAndOneSentence(String failure, String said) throws Exception {
    Outcome outcome =
        run(List.of("--enable-native-access=ALL-UNNAMED", "-D" + Hooks.PROPERTY + "=" + failure));
    plainJavaAndOneSentence(outcome, said);
  }

  @Test
  void nativeAccessThatTheJvmDeniesEndsInPlainJavaAndOneSentence() throws Exception {
    plainJavaAndOneSentence(run(List.of("--illegal-native-access=deny")), "--enable-native-access");
  }

  private static void plainJavaAndOneSentence(Outcome outcome, String said) {
    assertEquals(List.of("JAVA [0.0, 2.0, 3.0]", "JAVA [0.0, 2.0, 3.0]"), outcome.out);
    List<String> sentences =
        outcome.err.stream().filter(line -> line.contains("Plain Java runs")).toList();
    assertEquals(1, sentences.size(), () -> "sentences in " + outcome.err);
    assertTrue(sentences.getFirst().contains(said), sentences.getFirst());
  }

  private static Outcome run(List<String> options) throws Exception {
    Path classes =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes + System.getProperty("path.separator") + classes.resolveSibling("test-classes"),
            FallbackProbe.class.getName()));
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), err);
    return new Outcome(out.lines().toList(), err.lines().toList());
  }
}
