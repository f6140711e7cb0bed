package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Vectors.XMM;
import static dev.kinglet.engine.x64.Vectors.YMM;
import static dev.kinglet.engine.x64.Vectors.ZMM;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Instructions with the text that a disassembler gives them. */
final class EncoderCases {
  private static final String[] REGISTERS = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15"
  };
  private static final String[] WIDTHS = {"xmm", "ymm", "zmm"};
  private static final String[] WORDS = {"XMMWORD", "YMMWORD", "ZMMWORD"};

  private final BiConsumer<String, Consumer<Vectors>> to;

  private EncoderCases(BiConsumer<String, Consumer<Vectors>> to) {
    this.to = to;
  }

  static void all(BiConsumer<String, Consumer<Vectors>> to) {
    EncoderCases cases = new EncoderCases(to);
    cases.general();
    cases.addresses();
    cases.arithmetic();
    cases.moves();
    cases.integers();
    cases.special();
    cases.scalars();
  }

  private void general() {
    to.accept("mov r12,rax", a -> a.mov(12, 0));
    to.accept("mov edi,0xca", a -> a.movImm(7, 202));
    to.accept("mov r9d,0xffffffff", a -> a.movImm(9, 0xFFFF_FFFFL));
    to.accept("mov rdx,0xfffffffffffffffb", a -> a.movImm(2, -5));
    to.accept("movabs r11,0x123456789abc", a -> a.movImm(11, 0x1234_5678_9ABCL));
    to.accept("add r8,0x40", a -> a.add(8, 64));
    to.accept("add rsi,0x1000", a -> a.add(6, 4096));
    to.accept("sub rax,rdi", a -> a.op(Assembler.SUB, 0, 7));
    to.accept("cmp r13,rbx", a -> a.op(Assembler.CMP, 13, 3));
    to.accept("add r14,QWORD PTR [r13+0x8]", a -> a.opLoad(Assembler.ADD, 14, 13, 8));
    to.accept("cmp rcx,0x7", a -> a.opImm(Assembler.CMP, 1, 7));
    to.accept("and r10,0xffffffffffffffc0", a -> a.opImm(Assembler.AND, 10, -64));
    to.accept("xor r9d,r9d", a -> a.zero(9));
    to.accept("dec rbp", a -> a.dec(5));
    to.accept("inc r15", a -> a.inc(15));
    to.accept("imul r10,rcx,0x280", a -> a.imul(10, 1, 640));
    to.accept("test rax,rax", a -> a.test(0, 0));
    to.accept("shl rdx,0x2", a -> a.shiftLeft(2, 2));
    to.accept("shr r9,0x1b", a -> a.shiftRight(9, 27));
    to.accept("push r13", a -> a.push(13));
    to.accept("pop rbx", a -> a.pop(3));
    to.accept("call r11", a -> a.callRegister(11));
    to.accept("ret", Assembler::ret);
    to.accept("lock xadd DWORD PTR [rdi+0x40],eax", a -> a.lockAdd32(7, 64, 0));
    to.accept("pause", Assembler::pause);
    to.accept("syscall", Assembler::syscall);
    to.accept("cpuid", Assembler::cpuid);
    to.accept("xgetbv", Assembler::xgetbv);
    to.accept("rdtsc", Assembler::rdtsc);
    to.accept("vzeroupper", Vectors::vzeroupper);
    to.accept("kmovw k1,eax", a -> a.kmov(1, 0));
    to.accept("kmovw k2,r9d", a -> a.kmov(2, 9));
    to.accept("prefetcht1 BYTE PTR [rsi+0x400]", a -> a.prefetch(2, 6, -1, 1, 1024));
    to.accept("prefetcht0 BYTE PTR [r9+rax*1]", a -> a.prefetch(1, 9, 0, 1, 0));
  }

  private void scalars() {
    to.accept("shlx r10,r10,rax", a -> a.shiftLeftBy(10, 10, 0));
    to.accept("shlx rax,rdx,r9", a -> a.shiftLeftBy(0, 2, 9));
    to.accept("shrx r8,rax,r11", a -> a.shiftRightBy(8, 0, 11));
    to.accept("shrx rbx,r15,r12", a -> a.shiftRightBy(3, 15, 12));
    to.accept("shrx edx,edx,r9d", a -> a.shiftRight32By(2, 2, 9));
    to.accept("sar rdx,0x3f", a -> a.shiftSignedRight(2, 63));
    to.accept("not r13", a -> a.not(13));
    to.accept("neg rbp", a -> a.negate(5));
    to.accept("cmovs rbp,r8", a -> a.movIf(Scalars.NEGATIVE, 5, 8));
    to.accept("cmovg r14,rax", a -> a.movIf(Assembler.GREATER, 14, 0));
    to.accept("imul rax,r9", a -> a.imul(0, 9));
    to.accept("movzx r9,dl", a -> a.low8(9, 2));
    to.accept("movzx rax,sil", a -> a.low8(0, 6));
    to.accept("movsx r8,r8w", a -> a.signed16(8, 8));
    to.accept("movsxd rcx,r10d", a -> a.signed32(1, 10));
    to.accept("bswap rax", a -> a.swapBytes(0));
    to.accept("bswap r12", a -> a.swapBytes(12));
    to.accept("mov WORD PTR [rsi],r8w", a -> a.store16(6, -1, 1, 0, 8));
    to.accept("mov WORD PTR [rsi+r9*2],ax", a -> a.store16(6, 9, 2, 0, 0));
    to.accept("mov BYTE PTR [rdx+rax*1],sil", a -> a.store8(2, 0, 1, 0, 6));
    to.accept("mov BYTE PTR [rdx+rax*1],r14b", a -> a.store8(2, 0, 1, 0, 14));
    to.accept("test rdx,0xff0000", a -> a.testImm(2, 0xFF0000));
    to.accept("test r8,0x1", a -> a.testImm(8, 1));
  }

  private void addresses() {
    to.accept("mov rax,QWORD PTR [rdi]", a -> a.load(0, 7, 0));
    to.accept("mov rax,QWORD PTR [rbp+0x0]", a -> a.load(0, 5, 0));
    to.accept("mov r9,QWORD PTR [r13+0x80]", a -> a.load(9, 13, 128));
    to.accept("mov rcx,QWORD PTR [rsp+0x10]", a -> a.load(1, 4, 16));
    to.accept("mov rcx,QWORD PTR [r12-0x80]", a -> a.load(1, 12, -128));
    to.accept("mov rdx,QWORD PTR [r8+r9*8]", a -> a.load(2, 8, 9, 8, 0));
    to.accept("mov r10d,DWORD PTR [rsi+rax*4+0x4]", a -> a.load32(10, 6, 0, 4, 4));
    to.accept("movsxd r11,DWORD PTR [r8+rbx*4]", a -> a.loadSigned32(11, 8, 3, 4, 0));
    to.accept("movzx eax,BYTE PTR [rsi+rcx*1]", a -> a.load8(0, 6, 1, 1, 0));
    to.accept("mov QWORD PTR [r14+0x18],rdi", a -> a.store(14, 24, 7));
    to.accept("mov DWORD PTR [rdx+r12*1],r9d", a -> a.store32(2, 12, 1, 0, 9));
    to.accept("lea rax,[r15+r14*2+0x100]", a -> a.lea(0, 15, 14, 2, 256));
    to.accept("lea r8,[rdi+0x7f]", a -> a.lea(8, 7, 127));
  }

  private String register(int width, int number) {
    return WIDTHS[width] + number;
  }

  private void three(String vex, String evex, int op, int low) {
    for (int width = XMM; width <= YMM; width++) {
      int w = width;
      to.accept(
          vex + " " + register(w, 1) + "," + register(w, 9) + "," + register(w, 3),
          a -> a.v(op, w, 1, 9, 3));
      to.accept(
          vex + " " + register(w, 8) + "," + register(w, 2) + "," + register(w, 14),
          a -> a.v(op, w, 8, 2, 14));
    }
    String words = vex.startsWith("vmax") ? "YMMWORD" : "YMMWORD";
    to.accept(
        vex + " ymm9,ymm2," + words + " PTR [r12+rcx*4+0x20]",
        a -> a.vMem(op, YMM, 9, 2, 12, 1, 4, 32, 0));
    to.accept(evex + " zmm17,zmm6,zmm31", a -> a.v(op, ZMM, 17, 6, 31));
    to.accept(evex + " zmm8,zmm20,zmm9", a -> a.v(op, ZMM, 8, 20, 9));
    to.accept(
        evex + " zmm3,zmm12,ZMMWORD PTR [rax-0x40]", a -> a.vMem(op, ZMM, 3, 12, 0, -1, 1, -64, 0));
    to.accept(
        evex + " zmm30,zmm0,ZMMWORD PTR [r9+r10*8+0x2000]",
        a -> a.vMem(op, ZMM, 30, 0, 9, 10, 8, 8192, 0));
    if (low == 4) {
      to.accept(
          evex + " zmm5,zmm4,DWORD BCST [rsi+0x1fc]",
          a -> a.vMem(op, ZMM, 5, 4, 6, -1, 1, 508, Vectors.BROADCAST));
      to.accept(
          evex + " zmm5,zmm4,DWORD BCST [r14+0x2]",
          a -> a.vMem(op, ZMM, 5, 4, 14, -1, 1, 2, Vectors.BROADCAST));
    }
  }

  private void same(String name, int op, int low) {
    three(name, name, op, low);
  }

  private void arithmetic() {
    same("vaddps", Vectors.ADDPS, 4);
    same("vsubps", Vectors.SUBPS, 4);
    same("vmulps", Vectors.MULPS, 4);
    same("vdivps", Vectors.DIVPS, 4);
    same("vminps", Vectors.MINPS, 4);
    same("vmaxps", Vectors.MAXPS, 4);
    same("vandps", Vectors.ANDPS, 4);
    same("vandnps", Vectors.ANDNPS, 4);
    same("vorps", Vectors.ORPS, 4);
    same("vxorps", Vectors.XORPS, 4);
    same("vunpcklps", Vectors.UNPCKLPS, 4);
    same("vunpckhps", Vectors.UNPCKHPS, 4);
    same("vfmadd132ps", Vectors.FMADD132, 4);
    same("vfmadd213ps", Vectors.FMADD213, 4);
    same("vfmadd231ps", Vectors.FMADD231, 4);
    same("vfnmadd213ps", Vectors.FNMADD213, 4);
    same("vfnmadd231ps", Vectors.FNMADD231, 4);
    same("vfmsub213ps", Vectors.FMSUB213, 4);
    to.accept("vsqrtps ymm1,ymm9", a -> a.v2(Vectors.SQRTPS, YMM, 1, 9));
    to.accept("vsqrtps zmm18,zmm9", a -> a.v2(Vectors.SQRTPS, ZMM, 18, 9));
    to.accept("vroundps ymm3,ymm4,0x1", a -> a.v2Imm(Vectors.ROUNDPS, YMM, 3, 4, 1));
    to.accept("vrndscaleps zmm3,zmm20,0x1", a -> a.v2Imm(Vectors.ROUNDPS, ZMM, 3, 20, 1));
    to.accept("vcmpltps ymm3,ymm4,ymm5", a -> a.vImm(Vectors.CMPPS, YMM, 3, 4, 5, 1));
    to.accept("vcmpltps k2,zmm14,zmm25", a -> a.compareToMask(2, 14, 25, 1));
    to.accept("vblendvps ymm1,ymm2,ymm3,ymm14", a -> a.blendBySign(YMM, 1, 2, 3, 14));
    to.accept("vblendmps zmm1{k2},zmm2,zmm3", a -> a.vMasked(Vectors.BLENDMPS, ZMM, 1, 2, 3, 2));
    to.accept("vshufps ymm1,ymm2,ymm3,0xb1", a -> a.vImm(Vectors.SHUFPS, YMM, 1, 2, 3, 0xB1));
    to.accept(
        "vaddps zmm1{k3}{z},zmm2,zmm3",
        a -> a.vMasked(Vectors.ADDPS, ZMM, 1, 2, 3, 3 | Vectors.ZEROING));
  }

  private void moves() {
    for (int width = XMM; width <= ZMM; width++) {
      int w = width;
      to.accept(
          "vmovups " + register(w, 1) + "," + WORDS[w] + " PTR [rdi+0x40]",
          a -> a.vLoad(Vectors.MOVUPS_LOAD, w, 1, 7, 64));
      to.accept(
          "vmovups " + WORDS[w] + " PTR [r13+r8*1+0x80]," + register(w, 9),
          a -> a.vStore(Vectors.MOVUPS_STORE, w, 13, 8, 1, 128, 9));
      to.accept(
          "vmovaps " + register(w, 7) + "," + register(w, 10),
          a -> a.v2(Vectors.MOVAPS_LOAD, w, 7, 10));
      to.accept(
          "vbroadcastss " + register(w, 2) + ",DWORD PTR [r11+0x4]",
          a -> a.vLoad(Vectors.BROADCASTSS, w, 2, 11, 4));
      to.accept(
          "vcvtdq2ps " + register(w, 6) + "," + register(w, 12),
          a -> a.v2(Vectors.CVTDQ2PS, w, 6, 12));
    }
    to.accept(
        "vbroadcastss zmm20,DWORD PTR [r11+rax*1+0x1fc]",
        a -> a.vLoad(Vectors.BROADCASTSS, ZMM, 20, 11, 0, 1, 508));
    to.accept("vbroadcastss zmm2,xmm9", a -> a.v2(Vectors.BROADCASTSS, ZMM, 2, 9));
    to.accept(
        "vbroadcastsd zmm20,QWORD PTR [rsi+0x8]", a -> a.vLoad(Vectors.BROADCASTSD, ZMM, 20, 6, 8));
    to.accept(
        "vbroadcastsd ymm2,QWORD PTR [rsi+0x8]", a -> a.vLoad(Vectors.BROADCASTSD, YMM, 2, 6, 8));
    to.accept(
        "vmovups ZMMWORD PTR [rdi]{k1},zmm3",
        a -> a.vMem(Vectors.MOVUPS_STORE, ZMM, 3, 0, 7, -1, 1, 0, 1));
    to.accept(
        "vmovups zmm3{k1}{z},ZMMWORD PTR [rdi+0x40]",
        a -> a.vMem(Vectors.MOVUPS_LOAD, ZMM, 3, 0, 7, -1, 1, 64, 1 | Vectors.ZEROING));
    to.accept(
        "vmaskmovps ymm1,ymm2,YMMWORD PTR [rdi+0x20]",
        a -> a.vMem(Vectors.MASKMOV_LOAD, YMM, 1, 2, 7, 32));
    to.accept(
        "vmaskmovps YMMWORD PTR [rdi+0x20],ymm2,ymm1",
        a -> a.vMem(Vectors.MASKMOV_STORE, YMM, 1, 2, 7, 32));
    to.accept("vmovss xmm3,DWORD PTR [rax+0x4]", a -> a.vLoad(Vectors.MOVSS_LOAD, XMM, 3, 0, 4));
    to.accept("vmovss DWORD PTR [rax+0x4],xmm3", a -> a.vStore(Vectors.MOVSS_STORE, XMM, 0, 4, 3));
    to.accept(
        "vmovss DWORD PTR [rax+0x4],xmm19", a -> a.vStore(Vectors.MOVSS_STORE, XMM, 0, 4, 19));
    to.accept("vmovd xmm4,eax", a -> a.v2(Vectors.MOVD_LOAD, XMM, 4, 0));
    to.accept("vmovd r8d,xmm4", a -> a.v2(Vectors.MOVD_STORE, XMM, 4, 8));
    to.accept("vmovq xmm4,QWORD PTR [rsi+0x8]", a -> a.vLoad(Vectors.MOVQ_LOAD, XMM, 4, 6, 8));
    to.accept("vmovq QWORD PTR [rsi+0x8],xmm4", a -> a.vStore(Vectors.MOVQ_STORE, XMM, 6, 8, 4));
    to.accept("vextractf128 xmm1,ymm9,0x1", a -> a.v2Imm(Vectors.EXTRACTF128, YMM, 9, 1, 1));
    to.accept("vextractf64x4 ymm1,zmm9,0x1", a -> a.v2Imm(Vectors.EXTRACTF64X4, ZMM, 9, 1, 1));
    to.accept("vhaddps ymm1,ymm2,ymm12", a -> a.v(Vectors.HADDPS, YMM, 1, 2, 12));
    to.accept("vhsubps ymm11,ymm2,ymm1", a -> a.v(Vectors.HSUBPS, YMM, 11, 2, 1));
    to.accept("vmovhlps xmm1,xmm2,xmm3", a -> a.v(Vectors.MOVHLPS, XMM, 1, 2, 3));
    to.accept("vperm2f128 ymm1,ymm2,ymm3,0x31", a -> a.vImm(Vectors.PERM2F128, YMM, 1, 2, 3, 0x31));
    to.accept("vpermt2ps zmm1,zmm22,zmm3", a -> a.v(Vectors.PERMT2PS, ZMM, 1, 22, 3));
    to.accept("vpermps zmm1,zmm22,zmm3", a -> a.v(Vectors.PERMPS, ZMM, 1, 22, 3));
    to.accept("vpermps ymm1,ymm2,ymm3", a -> a.v(Vectors.PERMPS, YMM, 1, 2, 3));
    to.accept("vcvtph2ps ymm1,XMMWORD PTR [rsi]", a -> a.vLoad(Vectors.CVTPH2PS, YMM, 1, 6, 0));
    to.accept(
        "vcvtph2ps zmm1,YMMWORD PTR [rsi+0x20]", a -> a.vLoad(Vectors.CVTPH2PS, ZMM, 1, 6, 32));
    to.accept("vcvttps2dq ymm1,ymm2", a -> a.v2(Vectors.CVTTPS2DQ, YMM, 1, 2));
    to.accept("vcvtps2dq zmm21,zmm2", a -> a.v2(Vectors.CVTPS2DQ, ZMM, 21, 2));
    to.accept(
        "vmovdqu ymm1,YMMWORD PTR [rsi+0x20]", a -> a.vLoad(Vectors.MOVDQU_LOAD, YMM, 1, 6, 32));
    to.accept(
        "vmovdqu32 ZMMWORD PTR [rsi+0x40],zmm9",
        a -> a.vStore(Vectors.MOVDQU_STORE, ZMM, 6, 64, 9));
  }

  private void integers() {
    same("vpaddd", Vectors.PADDD, 4);
    same("vpsubd", Vectors.PSUBD, 4);
    same("vpmulld", Vectors.PMULLD, 4);
    same("vpminsd", Vectors.PMINSD, 4);
    same("vpmaxsd", Vectors.PMAXSD, 4);
    same("vpackssdw", Vectors.PACKSSDW, 4);
    same("vpackusdw", Vectors.PACKUSDW, 4);
    same("vpunpckldq", Vectors.PUNPCKLDQ, 4);
    same("vpunpckhdq", Vectors.PUNPCKHDQ, 4);
    same("vpunpcklqdq", Vectors.PUNPCKLQDQ, 8);
    same("vpunpckhqdq", Vectors.PUNPCKHQDQ, 8);
    three("vpand", "vpandd", Vectors.PAND, 4);
    three("vpandn", "vpandnd", Vectors.PANDN, 4);
    three("vpor", "vpord", Vectors.POR, 4);
    three("vpxor", "vpxord", Vectors.PXOR, 4);
    same("vpaddb", Vectors.PADDB, 1);
    same("vpaddw", Vectors.PADDW, 2);
    same("vpsubb", Vectors.PSUBB, 1);
    same("vpsubw", Vectors.PSUBW, 2);
    same("vpmullw", Vectors.PMULLW, 2);
    same("vpmulhw", Vectors.PMULHW, 2);
    same("vpmulhrsw", Vectors.PMULHRSW, 2);
    same("vpmaddwd", Vectors.PMADDWD, 2);
    same("vpmaddubsw", Vectors.PMADDUBSW, 2);
    same("vpminsw", Vectors.PMINSW, 2);
    same("vpmaxsw", Vectors.PMAXSW, 2);
    same("vpacksswb", Vectors.PACKSSWB, 2);
    same("vpackuswb", Vectors.PACKUSWB, 2);
    same("vpunpcklbw", Vectors.PUNPCKLBW, 1);
    same("vpunpckhbw", Vectors.PUNPCKHBW, 1);
    same("vpunpcklwd", Vectors.PUNPCKLWD, 2);
    same("vpunpckhwd", Vectors.PUNPCKHWD, 2);
    same("vpshufb", Vectors.PSHUFB, 1);
  }

  private void special() {
    to.accept("vpcmpgtd ymm1,ymm9,ymm3", a -> a.v(Vectors.PCMPGTD, YMM, 1, 9, 3));
    to.accept("vpshufd ymm1,ymm9,0x4e", a -> a.v2Imm(Vectors.PSHUFD, YMM, 1, 9, 0x4E));
    to.accept("vpermq ymm1,ymm9,0xd8", a -> a.v2Imm(Vectors.PERMQ, YMM, 1, 9, 0xD8));
    to.accept("vpermq zmm17,zmm9,0xd8", a -> a.v2Imm(Vectors.PERMQ, ZMM, 17, 9, 0xD8));
    to.accept(
        "vpmovzxbw ymm1,XMMWORD PTR [rsi+0x10]", a -> a.vLoad(Vectors.PMOVZXBW, YMM, 1, 6, 16));
    to.accept(
        "vpmovzxbw zmm1,YMMWORD PTR [rsi+0x20]", a -> a.vLoad(Vectors.PMOVZXBW, ZMM, 1, 6, 32));
    to.accept("vpmovzxbd ymm1,QWORD PTR [rsi+0x8]", a -> a.vLoad(Vectors.PMOVZXBD, YMM, 1, 6, 8));
    to.accept(
        "vpmovzxbd zmm1,XMMWORD PTR [rsi+0x10]", a -> a.vLoad(Vectors.PMOVZXBD, ZMM, 1, 6, 16));
    to.accept("vpmovzxwd ymm1,xmm12", a -> a.v2(Vectors.PMOVZXWD, YMM, 1, 12));
    to.accept("vpmovsxbw ymm1,xmm12", a -> a.v2(Vectors.PMOVSXBW, YMM, 1, 12));
    to.accept("vpmovsxbd ymm1,xmm12", a -> a.v2(Vectors.PMOVSXBD, YMM, 1, 12));
    to.accept("vpmovsxwd zmm18,ymm12", a -> a.v2(Vectors.PMOVSXWD, ZMM, 18, 12));
    to.accept("vpbroadcastb ymm1,xmm12", a -> a.v2(Vectors.PBROADCASTB, YMM, 1, 12));
    to.accept(
        "vpbroadcastw ymm1,WORD PTR [rsi+0x2]", a -> a.vLoad(Vectors.PBROADCASTW, YMM, 1, 6, 2));
    to.accept(
        "vpbroadcastd zmm1,DWORD PTR [rsi+0x4]", a -> a.vLoad(Vectors.PBROADCASTD, ZMM, 1, 6, 4));
    to.accept(
        "vpsrad ymm1,ymm9,0xb",
        a -> a.vShift(Vectors.SHIFT_DWORDS, Vectors.ARITHMETIC_RIGHT, YMM, 1, 9, 11));
    to.accept(
        "vpslld zmm17,zmm9,0x17",
        a -> a.vShift(Vectors.SHIFT_DWORDS, Vectors.LEFT, ZMM, 17, 9, 23));
    to.accept(
        "vpsrld ymm12,ymm9,0x17",
        a -> a.vShift(Vectors.SHIFT_DWORDS, Vectors.LOGICAL_RIGHT, YMM, 12, 9, 23));
    to.accept(
        "vpsraw xmm1,xmm9,0x4",
        a -> a.vShift(Vectors.SHIFT_WORDS, Vectors.ARITHMETIC_RIGHT, XMM, 1, 9, 4));
    to.accept(
        "vpsllw ymm1,ymm9,0x4", a -> a.vShift(Vectors.SHIFT_WORDS, Vectors.LEFT, YMM, 1, 9, 4));
  }
}
