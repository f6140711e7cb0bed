package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.Assembler.*;

/**
 * The code that runs stage after stage for each sample, and lets threads wait for each other.
 *
 * <p>A context holds what one thread works with; a stage is a record of a kernel's offset and six
 * pointers, each a base in the context and an offset. Between dependent stages all threads meet:
 * they spin for a while, then sleep in the kernel (futex) until the last one wakes them. A thread
 * that had to sleep spins a quarter as long the next time, one that was right to spin twice as
 * long: where others need the processors, spinning would keep the thread that is waited for from
 * its own. After some dozens of short waits it tries a long one.
 */
final class Driver {
  // Offsets in a context. The first four are the bases of pointers.
  static final int DATA = 0;
  static final int ARENA = 8;
  static final int INPUT = 16;
  static final int OUTPUT = 24;
  static final int STAGES = 32;
  static final int SHARES = 40;
  static final int SAMPLES = 48;
  static final int INPUT_STEP = 56;
  static final int OUTPUT_STEP = 64;
  static final int STAGE_BARRIER = 72;
  static final int THREADS = 80;
  static final int TARGET = 88;
  static final int CLOCK = 96;
  static final int SPINS = 104;
  static final int QUIT = 112;
  static final int JOB_BARRIER = 120;
  static final int JOB_TARGET = 128;
  static final int IDLE_SPINS = 136;
  static final int MOST_SPINS = 144;
  static final int CONTEXT = 192;

  // Offsets in a stage.
  static final int KERNEL = 0;
  static final int MEETS = 8;
  static final int POINTERS = 16;
  static final int STAGE = 128;

  /** Bytes of a share of one stage. */
  static final int SHARE = Share.NUMBERS;

  /** Bytes of a barrier: arrivals, and on a line of their own the sleepers. */
  static final int BARRIER = 128;

  private static final int FEW_SPINS = 100;
  private static final int SLEEPERS = 64;
  private static final int FUTEX = 202;
  private static final int FUTEX_WAIT_PRIVATE = 128;
  private static final int FUTEX_WAKE_PRIVATE = 129;
  private static final int[] ARGUMENTS = {RDI, RSI, RDX, RCX, R8, R9};
  private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  private final Writer asm;

  /** Stages count from here, so that code and data may lie anywhere. */
  private final int start;

  private final int barrier;
  private final int samples;

  /** Runs the samples of a context, alone. */
  final int alone;

  /** Runs them together with the workers. */
  final int leader;

  /** Waits for jobs and takes part in each until told to quit. */
  final int worker;

  Driver(Writer asm) {
    this.asm = asm;
    start = asm.here();
    barrier = asm.here();
    writeBarrier();
    samples = asm.here();
    writeSamples();
    alone = asm.here();
    enter();
    asm.call(samples);
    leave();
    leader = asm.here();
    enter();
    meet(JOB_BARRIER, JOB_TARGET, SPINS);
    asm.call(samples);
    meet(JOB_BARRIER, JOB_TARGET, SPINS);
    leave();
    worker = asm.here();
    enter();
    int jobs = asm.here();
    int quit = asm.label();
    meet(JOB_BARRIER, JOB_TARGET, IDLE_SPINS);
    asm.load(RAX, R14, QUIT);
    asm.test(RAX, RAX);
    asm.jumpIf(NOT_EQUAL, quit);
    asm.call(samples);
    meet(JOB_BARRIER, JOB_TARGET, SPINS);
    asm.jump(jobs);
    asm.place(quit);
    leave();
  }

  private void enter() {
    for (int register : SAVED) {
      asm.push(register);
    }
    asm.mov(R14, RDI);
  }

  private void leave() {
    asm.vzeroupper();
    for (int i = SAVED.length - 1; i >= 0; i--) {
      asm.pop(SAVED[i]);
    }
    asm.ret();
  }

  private void meet(int place, int target, int spins) {
    asm.load(RDI, R14, place);
    asm.lea(RSI, R14, target);
    asm.load(R9, R14, spins);
    asm.call(barrier);
  }

  /** RDI: barrier. RSI: this thread's count of arrivals to wait for. R9: turns to spin. */
  private void writeBarrier() {
    int last = asm.label();
    int done = asm.label();
    int woken = asm.label();
    int first = asm.label();
    int spun = asm.label();
    asm.load(R8, RSI, 0);
    asm.opLoad(ADD, R8, R14, THREADS);
    asm.store(RSI, 0, R8);
    asm.movImm(RAX, 1);
    asm.lockAdd64(RDI, 0, RAX);
    asm.inc(RAX);
    asm.op(CMP, RAX, R8);
    asm.jumpIf(EQUAL, last);
    asm.test(R9, R9);
    asm.jumpIf(EQUAL, first);
    int spin = asm.here();
    asm.load(RAX, RDI, 0);
    asm.op(CMP, RAX, R8);
    asm.jumpIf(GREATER_EQUAL, spun);
    asm.pause();
    asm.dec(R9);
    asm.jumpIf(NOT_EQUAL, spin);
    spinLess();
    asm.place(first);
    asm.movImm(RAX, 1);
    asm.lockAdd32(RDI, SLEEPERS, RAX);
    int park = asm.here();
    asm.load(RDX, RDI, 0);
    asm.op(CMP, RDX, R8);
    asm.jumpIf(GREATER_EQUAL, woken);
    asm.movImm(RSI, FUTEX_WAIT_PRIVATE);
    asm.zero(R10);
    asm.movImm(RAX, FUTEX);
    asm.syscall();
    asm.jump(park);
    asm.place(woken);
    asm.movImm(RAX, -1);
    asm.lockAdd32(RDI, SLEEPERS, RAX);
    asm.place(done);
    asm.ret();
    asm.place(spun);
    spinMore();
    asm.ret();
    asm.place(last);
    asm.load32(RAX, RDI, NONE, 1, SLEEPERS);
    asm.test(RAX, RAX);
    asm.jumpIf(EQUAL, done);
    asm.movImm(RSI, FUTEX_WAKE_PRIVATE);
    asm.movImm(RDX, Integer.MAX_VALUE);
    asm.movImm(RAX, FUTEX);
    asm.syscall();
    asm.ret();
  }

  private void spinMore() {
    int below = asm.label();
    asm.load(RAX, R14, SPINS);
    asm.op(ADD, RAX, RAX);
    asm.opLoad(CMP, RAX, R14, MOST_SPINS);
    asm.jumpIf(LESS, below);
    asm.load(RAX, R14, MOST_SPINS);
    asm.place(below);
    asm.store(R14, SPINS, RAX);
  }

  private void spinLess() {
    int many = asm.label();
    int store = asm.label();
    asm.load(RAX, R14, SPINS);
    asm.opImm(CMP, RAX, FEW_SPINS);
    asm.jumpIf(GREATER_EQUAL, many);
    asm.dec(RAX);
    asm.jumpIf(NOT_EQUAL, store);
    // Both may be asleep at every meeting where neither needs to be: try again now and then.
    asm.load(RAX, R14, MOST_SPINS);
    asm.jump(store);
    asm.place(many);
    asm.shiftRight(RAX, 2);
    asm.place(store);
    asm.store(R14, SPINS, RAX);
  }

  private void writeSamples() {
    int sampleDone = asm.label();
    int next = asm.label();
    int untimed = asm.label();
    int timed = asm.label();
    int end = asm.label();
    int sample = asm.here();
    asm.load(RAX, R14, SAMPLES);
    asm.test(RAX, RAX);
    asm.jumpIf(EQUAL, end);
    asm.load(R15, R14, STAGES);
    asm.load(R13, R14, SHARES);
    int stage = asm.here();
    asm.load(RAX, R15, KERNEL);
    asm.test(RAX, RAX);
    asm.jumpIf(EQUAL, sampleDone);
    asm.leaLabel(RBX, start);
    asm.op(ADD, RAX, RBX);
    asm.load(RBX, R14, CLOCK);
    asm.test(RBX, RBX);
    asm.jumpIf(NOT_EQUAL, timed);
    pointers();
    asm.callRegister(RAX);
    asm.place(untimed);
    asm.load(RAX, R15, MEETS);
    asm.test(RAX, RAX);
    asm.jumpIf(EQUAL, next);
    asm.load(RDI, R14, STAGE_BARRIER);
    asm.test(RDI, RDI);
    asm.jumpIf(EQUAL, next);
    asm.lea(RSI, R14, TARGET);
    asm.load(R9, R14, SPINS);
    asm.call(barrier);
    asm.place(next);
    asm.add(R15, STAGE);
    asm.add(R13, SHARE);
    asm.jump(stage);
    // With a clock: the time stamp's difference is added to the stage's counter.
    asm.place(timed);
    time();
    asm.push(RAX);
    asm.load(RAX, R15, KERNEL);
    asm.leaLabel(RBX, start);
    asm.op(ADD, RAX, RBX);
    pointers();
    asm.callRegister(RAX);
    time();
    asm.pop(RDX);
    asm.op(SUB, RAX, RDX);
    asm.mov(RCX, R13);
    asm.load(RDX, R14, SHARES);
    asm.op(SUB, RCX, RDX);
    asm.shiftRight(RCX, 2);
    asm.load(RBX, R14, CLOCK);
    asm.op(ADD, RCX, RBX);
    asm.opLoad(ADD, RAX, RCX, 0);
    asm.store(RCX, 0, RAX);
    asm.jump(untimed);
    asm.place(sampleDone);
    advance(INPUT, INPUT_STEP);
    advance(OUTPUT, OUTPUT_STEP);
    asm.load(RAX, R14, SAMPLES);
    asm.dec(RAX);
    asm.store(R14, SAMPLES, RAX);
    asm.jump(sample);
    asm.place(end);
    asm.ret();
  }

  private void advance(int pointer, int step) {
    asm.load(RAX, R14, pointer);
    asm.opLoad(ADD, RAX, R14, step);
    asm.store(R14, pointer, RAX);
  }

  private void pointers() {
    for (int i = 0; i < ARGUMENTS.length; i++) {
      asm.load32(RBX, R15, NONE, 1, POINTERS + 16 * i);
      asm.load(ARGUMENTS[i], R14, RBX, 1, 0);
      asm.opLoad(ADD, ARGUMENTS[i], R15, POINTERS + 16 * i + 8);
    }
  }

  private void time() {
    asm.rdtsc();
    asm.shiftLeft(RDX, 32);
    asm.op(OR, RAX, RDX);
  }
}
