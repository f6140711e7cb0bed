package dev.kinglet.engine.x64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The threads of one session: the caller, and workers that wait in machine code for the next job.
 *
 * <p>As many samples as there are threads are taken one by each; what is left over is split, stage
 * by stage. While that is slower than the caller alone ({@link Pace}), it does all by itself.
 * Workers hold their memory, not the session; when the session is gone they are told to quit, and
 * then everything is given back.
 */
final class Crew {
  /** Turns of the waiting loop before a thread sleeps between stages; more between runs. */
  private static final long SPINS = 3000;

  private static final long IDLE_SPINS = 6000;

  private final MachinePlan plan;

  /** Becomes 1 if the system has no threads for us. */
  private int threads;

  /** One context a thread; the leader's first. */
  private final MemorySegment contexts;

  /** The contexts as a buffer, whose first use costs a new process less than a segment's. */
  private final ByteBuffer fields;

  private final MemorySegment[] arenas;
  private final MemorySegment barriers;
  private MemorySegment clock;

  /** By the size of the batch; made when needed. */
  private final Pace[] paces;

  private boolean started;

  Crew(MachinePlan plan, int maxBatch) {
    this.plan = plan;
    threads = plan.threads();
    paces = new Pace[maxBatch + 1];
    arenas = new MemorySegment[maxBatch > 1 ? threads : 1];
    for (int i = 0; i < arenas.length; i++) {
      arenas[i] = plan.machine.buffer(plan.outline.arena());
      long[] at = plan.outline.constantsAt();
      for (int k = 0; k < at.length; k++) {
        arenas[i].set(ValueLayout.JAVA_FLOAT, at[k], plan.outline.constants()[k]);
      }
    }
    contexts = plan.machine.buffer((long) threads * Driver.CONTEXT);
    fields = contexts.asByteBuffer().order(ByteOrder.nativeOrder());
    barriers = plan.machine.buffer(2 * Driver.BARRIER);
    for (int i = 0; i < threads; i++) {
      set(i, Driver.DATA, plan.data.address());
      set(i, Driver.STAGES, plan.data.address() + plan.outline.stagesAt());
      set(i, Driver.THREADS, threads);
      set(i, Driver.SPINS, SPINS);
      set(i, Driver.MOST_SPINS, SPINS);
      set(i, Driver.IDLE_SPINS, IDLE_SPINS);
      set(i, Driver.JOB_BARRIER, barriers.address() + Driver.BARRIER);
    }
  }

  private void set(int thread, int field, long value) {
    fields.putLong(thread * Driver.CONTEXT + field, value);
  }

  void clock(MemorySegment ticks) {
    clock = ticks;
    set(0, Driver.CLOCK, ticks.address());
  }

  void run(long input, long inputStep, long output, long outputStep, int batch) {
    if (threads > 1) {
      start();
    }
    if (threads == 1) {
      alone(input, inputStep, output, outputStep, batch);
    } else {
      Pace pace = paces[batch];
      if (pace == null) {
        pace = new Pace();
        paces[batch] = pace;
      }
      long begun = System.nanoTime();
      if (pace.together()) {
        together(input, inputStep, output, outputStep, batch);
      } else {
        set(0, Driver.STAGE_BARRIER, 0);
        alone(input, inputStep, output, outputStep, batch);
      }
      pace.took(System.nanoTime() - begun);
    }
    Reference.reachabilityFence(this);
  }

  private void alone(long input, long inputStep, long output, long outputStep, int batch) {
    job(0, 0, input, inputStep, output, outputStep, batch);
    plan.machine.call(plan.alone, contexts.address(), 0, 0, 0, 0, 0);
  }

  private void together(long input, long inputStep, long output, long outputStep, int batch) {
    int whole = batch / threads;
    if (whole > 0) {
      for (int i = 0; i < threads; i++) {
        long first = (long) i * whole;
        job(
            i,
            0,
            input + first * inputStep,
            inputStep,
            output + first * outputStep,
            outputStep,
            whole);
        set(i, Driver.ARENA, arenas[i].address());
        set(i, Driver.STAGE_BARRIER, 0);
      }
      lead();
    }
    int rest = batch - whole * threads;
    if (rest > 0) {
      long first = (long) whole * threads;
      for (int i = 0; i < threads; i++) {
        job(
            i,
            i + 1,
            input + first * inputStep,
            inputStep,
            output + first * outputStep,
            outputStep,
            rest);
        set(i, Driver.STAGE_BARRIER, barriers.address());
      }
      lead();
    }
  }

  private void job(
      int thread,
      int share,
      long input,
      long inputStep,
      long output,
      long outputStep,
      int samples) {
    set(thread, Driver.ARENA, arenas[0].address());
    set(thread, Driver.SHARES, plan.data.address() + plan.outline.sharesAt()[share]);
    set(thread, Driver.INPUT, input);
    set(thread, Driver.INPUT_STEP, inputStep);
    set(thread, Driver.OUTPUT, output);
    set(thread, Driver.OUTPUT_STEP, outputStep);
    set(thread, Driver.SAMPLES, samples);
  }

  private void lead() {
    plan.machine.call(plan.leader, contexts.address(), 0, 0, 0, 0, 0);
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    int present = 1;
    Cleaner.Cleanable ending = null;
    try {
      ending = Endings.CLEANER.register(this, new Ending(plan, contexts, barriers, plan.threads()));
      for (; present < threads; present++) {
        if (Hooks.is("no-threads") && present == 2) {
          throw new OutOfMemoryError("forced");
        }
        long at = (long) present * Driver.CONTEXT;
        new Worker(plan, contexts, barriers, arenas, at, present).start();
      }
    } catch (OutOfMemoryError | ExceptionInInitializerError | NoClassDefFoundError refused) {
      if (ending != null) {
        // Those who are there wait for all: the others count as arrived, and everybody goes.
        var arrivals = ValueLayout.JAVA_LONG.varHandle();
        arrivals.getAndAdd(barriers, (long) Driver.BARRIER, (long) threads - present);
        ending.clean();
      }
      threads = 1;
      System.getLogger(Crew.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "A session for "
                  + plan.graph().name()
                  + " runs on one thread, because the system refuses threads to it ("
                  + refused.getMessage()
                  + "); end other threads or ask for fewer, and make a new session.");
    }
  }

  /** Made when the first worker is: a plan for one thread needs none. */
  private static final class Endings {
    static final Cleaner CLEANER = Cleaner.create();
  }

  /** Told to everybody when the session is gone: the last job is to quit. */
  private record Ending(
      MachinePlan plan, MemorySegment contexts, MemorySegment barriers, int threads)
      implements Runnable {
    @Override
    public void run() {
      for (int i = 0; i < threads; i++) {
        contexts.set(ValueLayout.JAVA_LONG, (long) i * Driver.CONTEXT + Driver.QUIT, 1L);
        contexts.set(ValueLayout.JAVA_LONG, (long) i * Driver.CONTEXT + Driver.SAMPLES, 0L);
      }
      // Arrives at the barrier as the leader would; the workers read QUIT behind it.
      plan.machine.call(
          plan.code.asSlice(plan.outline.worker()), contexts.address(), 0, 0, 0, 0, 0);
      Reference.reachabilityFence(barriers);
    }
  }

  /** Keeps all that it works with reachable until it has quit. */
  private static final class Worker extends Thread {
    private final MachinePlan plan;
    private final MemorySegment contexts;
    private final MemorySegment barriers;
    private final MemorySegment[] arenas;
    private final long at;

    Worker(
        MachinePlan plan,
        MemorySegment contexts,
        MemorySegment barriers,
        MemorySegment[] arenas,
        long at,
        int number) {
      super("kinglet-" + plan.graph().name() + "-" + number);
      setDaemon(true);
      this.plan = plan;
      this.contexts = contexts;
      this.barriers = barriers;
      this.arenas = arenas;
      this.at = at;
    }

    @Override
    public void run() {
      plan.machine.call(
          plan.code.asSlice(plan.outline.worker()), contexts.address() + at, 0, 0, 0, 0, 0);
      Reference.reachabilityFence(contexts);
      Reference.reachabilityFence(barriers);
      Reference.reachabilityFence(arenas);
    }
  }
}
