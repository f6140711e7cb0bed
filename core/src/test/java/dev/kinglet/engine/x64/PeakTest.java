package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Ceiling;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Isa;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeakTest {
  @AfterEach
  void asThisProcessorWants() {
    PairedSums.asThisProcessorWants();
  }

  @Test
  void sumsByPairsHaveACeilingOfTheirOwnWhereTheyAreTaken() {
    PairedSums.skipUnlessPossible();
    PairedSums.wanted();
    Ceiling wide = Engine.ceiling(Optional.of(Isa.AVX512)).orElseThrow();
    assertTrue(wide.macs() > 0 && wide.pairs() > 0 && wide.pairs() != wide.macs(), wide.toString());
    assertEquals(0, Engine.ceiling(Optional.of(Isa.AVX2)).orElseThrow().pairs());
  }
}
