package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.house.Skip;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;

class NativeTest {
  @BeforeAll
  static void machine() {
    Skip.unless(
        OS.LINUX.isCurrentOs() && Set.of("amd64", "x86_64").contains(System.getProperty("os.arch")),
        "machine code is for Linux on x86-64");
  }

  @AfterEach
  void noFailureIsForced() {
    System.clearProperty(Hooks.PROPERTY);
  }

  @Test
  void emittedCodeReturnsTheSumOfItsArguments() {
    Assembler asm = new Assembler();
    asm.lea(Assembler.RAX, Assembler.RDI, Assembler.RSI, 1, 0);
    asm.op(Assembler.ADD, Assembler.RAX, Assembler.R9);
    asm.ret();
    Native machine = Native.open();
    assertEquals(111, machine.call(machine.executable(asm.finish()), 1, 10, 0, 0, 0, 100));
  }

  @Test
  void codePagesAreNotWritableAndBuffersHaveGuards() throws Exception {
    Native machine = Native.open();
    MemorySegment code = machine.executable(new byte[] {(byte) 0xC3});
    MemorySegment data = machine.buffer(10_000);
    data.set(ValueLayout.JAVA_BYTE, data.byteSize() - 1, (byte) 7);
    assertEquals(0, data.address() % 64);
    long end = data.address() + data.byteSize();
    assertEquals(0, end % 4096);
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    assertEquals("r-xp", rights(maps, code.address()));
    assertEquals("rw-p", rights(maps, data.address()));
    assertEquals("---p", rights(maps, end));
    assertEquals("---p", rights(maps, (data.address() & -4096) - 1));
  }

  private static String rights(List<String> maps, long address) {
    for (String line : maps) {
      String[] parts = line.split("[- ]");
      if (Long.parseUnsignedLong(parts[0], 16) <= address
          && address < Long.parseUnsignedLong(parts[1], 16)) {
        return line.split(" ")[1];
      }
    }
    return "unmapped";
  }

  @Test
  void theProcessorHasWhatLinuxSaysItHas() throws Exception {
    String flags =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .orElseThrow();
    Processor processor = Processor.detect(Native.open());
    assertEquals(flags.contains(" avx2 ") && flags.contains(" fma "), processor.avx2());
    assertEquals(
        List.of(" avx512f ", " avx512dq ", " avx512vl ", " avx512bw ").stream()
            .allMatch(flag -> (flags + " ").contains(flag)),
        processor.avx512());
  }

  @Test
  void aRefusalIsOneReason() {
    for (String failure : List.of("other-processor", "other-system", "no-native-access")) {
      System.setProperty(Hooks.PROPERTY, failure);
      assertThrows(Unavailable.class, Native::open, failure);
    }
    System.clearProperty(Hooks.PROPERTY);
    Native machine = Native.open();
    System.setProperty(Hooks.PROPERTY, "no-memory");
    assertThrows(Unavailable.class, () -> machine.buffer(64));
    System.setProperty(Hooks.PROPERTY, "no-executable-memory");
    assertThrows(Unavailable.class, () -> machine.executable(new byte[8]));
  }

  @Test
  void memoryIsGivenBackWhenNothingReachesIt() throws Exception {
    Native machine = Native.open();
    long before = resident();
    for (int i = 0; i < 400; i++) {
      machine.buffer(4 << 20).fill((byte) 1);
      if (i % 20 == 0) {
        System.gc();
        Thread.sleep(2);
      }
    }
    System.gc();
    Thread.sleep(50);
    assertTrue(resident() - before < 400L << 20, "resident memory grew by every buffer");
  }

  private static long resident() throws Exception {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
  }

  @Test
  void buffersThatNobodyHoldsNeverUseUpTheProcesssMappings() {
    Native machine = Native.open();
    // Three areas each: Linux grants a process 65,530.
    for (int i = 0; i < 40_000; i++) {
      machine.buffer(64).set(ValueLayout.JAVA_BYTE, 0, (byte) i);
    }
  }
}
