package dev.kinglet.engine.x64;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What this processor and its operating system can do, asked by CPUID and XGETBV.
 *
 * @param avx2 256-bit vectors with fused multiply-add, and registers that the system saves
 * @param avx512 512-bit vectors (F, DQ, VL, BW), and registers that the system saves
 * @param bmi2 shifts by any register
 * @param adders whether 512-bit adders stand beside the multipliers, as measured on a Zen 4
 * @param signature family, model and stepping, features, and what the system saves
 */
record Processor(
    boolean avx2, boolean avx512, boolean bmi2, boolean adders, List<Integer> signature) {
  /** How CPUID 0 names AMD in EBX. */
  private static final int AMD = 0x6874_7541;

  /** The family of the Zen 3, which has no 512-bit vectors, and of the Zen 4. */
  private static final int ZEN_4 = 0x19;

  static Processor detect(Native machine) {
    if (Hooks.is("no-vectors")) {
      return new Processor(false, false, false, false, List.of());
    }
    MemorySegment code = machine.executable(questions());
    MemorySegment answers = machine.buffer(64);
    machine.call(code, answers.address(), 0, 0, 0, 0, 0);
    // A buffer: a segment's first VarHandle costs a new process milliseconds.
    ByteBuffer words = answers.asByteBuffer().order(ByteOrder.nativeOrder());
    int features = words.getInt(0);
    int extended = words.getInt(4);
    int saved = words.getInt(8);
    boolean fma = bit(features, 12) && bit(features, 28) && bit(features, 29);
    boolean avx2 = fma && bit(extended, 5) && (saved & 6) == 6;
    boolean avx512 =
        avx2
            && bit(extended, 16)
            && bit(extended, 17)
            && bit(extended, 30)
            && bit(extended, 31)
            && (saved & 0xE6) == 0xE6;
    boolean bmi2 = bit(extended, 8);
    int model = words.getInt(12);
    int vendor = words.getInt(16);
    int family = (model >> 8 & 15) + (model >> 20 & 255);
    boolean adders = avx512 && vendor == AMD && family == ZEN_4;
    return new Processor(
        avx2, avx512, bmi2, adders, List.of(vendor, model, features, extended, saved));
  }

  private static boolean bit(int word, int bit) {
    return (word >> bit & 1) != 0;
  }

  /**
   * Stores CPUID 0's EBX, CPUID 1's ECX and EAX, CPUID 7's EBX and, if the system saves registers
   * at all, XCR0.
   */
  private static byte[] questions() {
    Assembler asm = new Assembler();
    asm.push(Assembler.RBX);
    asm.movImm(Assembler.RAX, 0);
    asm.cpuid();
    asm.mov(Assembler.R8, Assembler.RAX);
    asm.store32(Assembler.RDI, Assembler.NONE, 1, 16, Assembler.RBX);
    asm.movImm(Assembler.RAX, 1);
    asm.zero(Assembler.RCX);
    asm.cpuid();
    asm.store32(Assembler.RDI, Assembler.NONE, 1, 0, Assembler.RCX);
    asm.store32(Assembler.RDI, Assembler.NONE, 1, 12, Assembler.RAX);
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
