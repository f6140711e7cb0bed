package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever keeps machine code from running, plain Java answers, and one sentence says why. */
class FallbackTest {
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
    Child.Outcome outcome =
        run(List.of("--enable-native-access=ALL-UNNAMED", "-D" + Hooks.PROPERTY + "=" + failure));
    plainJavaAndOneSentence(outcome, said);
  }

  @Test
  void nativeAccessThatTheJvmDeniesEndsInPlainJavaAndOneSentence() throws Exception {
    plainJavaAndOneSentence(run(List.of("--illegal-native-access=deny")), "--enable-native-access");
  }

  private static void plainJavaAndOneSentence(Child.Outcome outcome, String said) {
    assertEquals(List.of("JAVA [0.0, 2.0, 3.0]", "JAVA [0.0, 2.0, 3.0]"), outcome.out());
    List<String> sentences =
        outcome.err().stream().filter(line -> line.contains("Plain Java runs")).toList();
    assertEquals(1, sentences.size(), () -> "sentences in " + outcome.err());
    assertTrue(sentences.getFirst().contains(said), sentences.getFirst());
  }

  private static Child.Outcome run(List<String> options) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("-XX:TieredStopAtLevel=1");
    Child.Outcome outcome = Child.run(all, FallbackProbe.class);
    assertEquals(0, outcome.code(), () -> "" + outcome.err());
    return outcome;
  }
}
