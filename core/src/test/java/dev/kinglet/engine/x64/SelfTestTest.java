package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The test of kernels at their first use: it must not cry wolf, whatever kinds come together. */
class SelfTestTest {
  @Test
  void allKindsOfKernelsTogetherAreFarFromBeingRefused() {
    SelfTest.Kind[] kinds = SelfTest.Kind.values();
    for (Options options : Engines.all()) {
      if (options.isa().isEmpty()) {
        continue;
      }
      Isa isa = options.isa().get();
      for (int set = 0; set < 1 << kinds.length; set++) {
        List<SelfTest.Kind> some = new ArrayList<>();
        for (SelfTest.Kind kind : kinds) {
          if ((set >> kind.ordinal() & 1) != 0) {
            some.add(kind);
          }
        }
        float off = SelfTest.off(Machine.access, isa, isa == Isa.AVX512, some);
        assertTrue(off < SelfTest.OFF / 10, isa + " " + some + " is off by " + off);
      }
    }
  }
}
