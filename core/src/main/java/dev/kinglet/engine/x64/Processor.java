package dev.kinglet.engine.x64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What this processor and its operating system can do, asked by CPUID and XGETBV.
 *
 * @param avx2 256-bit vectors with fused multiply-add, and registers that the system saves
 * @param avx512 512-bit vectors (F, DQ, VL, BW), and registers that the system saves
 */
record Processor(boolean avx2, boolean avx512) {

  static Processor detect(Native machine) {
    if (Hooks.is("no-vectors")) {
      return new Processor(false, false);
    }
    MemorySegment code = machine.executable(questions());
    MemorySegment answers = machine.buffer(64);
    machine.call(code, answers.address(), 0, 0, 0, 0, 0);
    int features = answers.get(ValueLayout.JAVA_INT, 0);
    int extended = answers.get(ValueLayout.JAVA_INT, 4);
    int saved = answers.get(ValueLayout.JAVA_INT, 8);
    boolean fma = bit(features, 12) && bit(features, 28) && bit(features, 29);
    boolean avx2 = fma && bit(extended, 5) && (saved & 6) == 6;
    boolean avx512 =
        avx2
            && bit(extended, 16)
            && bit(extended, 17)
            && bit(extended, 30)
            && bit(extended, 31)
            && (saved & 0xE6) == 0xE6;
    return new Processor(avx2, avx512);
  }

  private static boolean bit(int word, int bit) {
    return (word >> bit & 1) != 0;
  }

  /** Stores CPUID 1's ECX, CPUID 7's EBX and, if the system saves registers at all, XCR0. */
  private static byte[] questions() {
    Assembler asm = new Assembler();
    asm.push(Assembler.RBX);
    asm.movImm(Assembler.RAX, 0);
    asm.cpuid();
    asm.mov(Assembler.R8, Assembler.RAX);
    asm.movImm(Assembler.RAX, 1);
    asm.zero(Assembler.RCX);
    asm.cpuid();
    asm.store32(Assembler.RDI, Assembler.NONE, 1, 0, Assembler.RCX);
    asm.mov(Assembler.R9, Assembler.RCX);
    int noSeven = asm.label();
    asm.opImm(Assembler.CMP, Assembler.R8, 7);
    asm.jumpIf(Assembler.LESS, noSeven);
    asm.movImm(Assembler.RAX, 7);
    asm.zero(Assembler.RCX);
    asm.cpuid();
    asm.store32(Assembler.RDI, Assembler.NONE, 1, 4, Assembler.RBX);
    asm.place(noSeven);
    int unsaved = asm.label();
    asm.shiftRight(Assembler.R9, 27);
    asm.opImm(Assembler.AND, Assembler.R9, 1);
    asm.jumpIf(Assembler.EQUAL, unsaved);
    asm.zero(Assembler.RCX);
    asm.xgetbv();
    asm.store32(Assembler.RDI, Assembler.NONE, 1, 8, Assembler.RAX);
    asm.place(unsaved);
    asm.pop(Assembler.RBX);
    asm.ret();
    return asm.finish();
  }
}
