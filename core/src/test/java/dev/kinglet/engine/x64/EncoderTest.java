package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.house.Skip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Checks each instruction against GNU binutils: its disassembler, and the listing it once gave. */
class EncoderTest {
  private static final String STORED = "instructions.txt";

  private record Case(String bytes, String text) {}

  @Test
  void everyInstructionHasTheBytesThatBinutilsOnceReadAsItWasMeant() throws IOException {
    List<String> stored;
    try (var in = EncoderTest.class.getResourceAsStream(STORED)) {
      stored = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    List<Case> cases = cases();
    assertEquals(stored.size(), cases.size(), "instructions stored and instructions encoded");
    for (int i = 0; i < stored.size(); i++) {
      String[] line = stored.get(i).split("\t");
      assertEquals(line[1], cases.get(i).text);
      assertEquals(line[0], cases.get(i).bytes, line[1]);
    }
  }

  @Test
  void theDisassemblerReadsEveryInstructionAsItWasMeant() throws Exception {
    Path objdump = Path.of("/usr/bin/objdump");
    Skip.unless(
        Files.isExecutable(objdump), "no objdump on this machine; the stored bytes are checked");
    List<Case> cases = cases();
    Path file = Files.createTempFile("kinglet", ".bin");
    try {
      StringBuilder all = new StringBuilder();
      cases.forEach(c -> all.append(c.bytes));
      Files.write(file, HexFormat.of().parseHex(all));
      Process process =
          new ProcessBuilder(
                  objdump.toString(),
                  "-D",
                  "-b",
                  "binary",
                  "-m",
                  "i386:x86-64",
                  "-M",
                  "intel",
                  "-w",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      List<Case> read = new ArrayList<>();
      for (String line : new String(process.getInputStream().readAllBytes()).lines().toList()) {
        String[] parts = line.split("\t");
        if (parts.length == 3) {
          read.add(new Case(parts[1].replace(" ", ""), normal(parts[2])));
        }
      }
      assertEquals(0, process.waitFor());
      for (int i = 0; i < cases.size(); i++) {
        assertEquals(cases.get(i).bytes, read.get(i).bytes, cases.get(i).text);
        assertEquals(cases.get(i).text, read.get(i).text, cases.get(i).bytes);
      }
      assertEquals(cases.size(), read.size());
    } finally {
      Files.delete(file);
    }
  }

  private static String normal(String text) {
    return text.replaceAll("\\s+#.*", "").replaceAll("\\s+", " ").trim();
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    EncoderCases.all((text, write) -> cases.add(one(text, write)));
    assertTrue(cases.size() > 150, "cases");
    return cases;
  }

  private static Case one(String text, Consumer<Vectors> write) {
    Vectors asm = new Vectors();
    write.accept(asm);
    return new Case(HexFormat.of().formatHex(asm.finish()), text);
  }
}
