package dev.kinglet.engine.x64;

import static dev.kinglet.engine.x64.SmallNetwork.GRAPH;
import static dev.kinglet.engine.x64.SmallNetwork.WEIGHTS;
import static dev.kinglet.engine.x64.SmallNetwork.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.house.Skip;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that share, split, interrupt and overtake each other's work, and the collector's. */
class ThreadsTest {
  @BeforeAll
  static void machineCodeRunsHere() {
    Skip.unless(
        Engine.compile(GRAPH, WEIGHTS).backend() == Backend.X64, "no machine code on this machine");
  }

  private static Plan plan(int threads) {
    return Engine.compile(GRAPH, WEIGHTS, Options.defaults().withThreads(threads));
  }

  @Test
  void anySplitOfAnyBatchGivesTheSameBits() {
    int each = GRAPH.input().shape().elements();
    float[] samples = new float[64 * each];
    for (int i = 0; i < 64; i++) {
      System.arraycopy(input(i), 0, samples, i * each, each);
    }
    float[] expected = plan(1).session(64).run(samples);
    int answer = expected.length / 64;
    for (int threads : new int[] {1, 2, 3, 5, 16}) {
      Session session = plan(threads).session(64);
      for (int batch : new int[] {64, 1, 2, 3, 7, 15, 17, 33, 63}) {
        float[] found = session.run(Arrays.copyOf(samples, batch * each));
        assertArrayEquals(
            Arrays.copyOf(expected, batch * answer),
            found,
            () -> "a batch of " + batch + " on " + threads + " threads");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aWarmRunAllocatesNothing(int threads) {
    Session session = plan(threads).session(3);
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // The compiler takes its time; one round without a byte is the proof.
    for (int round = 0; round < 100 && least > 0; round++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 300; i++) {
        session.run(3);
      }
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes in three hundred runs");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aSessionInUseRefusesAnotherThread(int threads) throws Exception {
    Session session = plan(threads).session();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> jobs = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        jobs.add(
            () -> {
              for (int i = 0; i < 500; i++) {
                try {
                  session.run(1);
                  answered.incrementAndGet();
                } catch (IllegalStateException inUse) {
                  assertTrue(inUse.getMessage().contains("one thread at a time"));
                  refused.incrementAndGet();
                }
              }
              return null;
            });
      }
      for (Future<Void> job : pool.invokeAll(jobs)) {
        job.get();
      }
    }
    assertEquals(2_000, refused.get() + answered.get());
    assertArrayEquals(plan(1).session().run(input(1)), session.run(input(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anInterruptedThreadGetsItsAnswerAndStaysInterrupted(int threads) {
    Plan plan = plan(threads);
    float[] expected = plan.session().run(input(1));
    Thread.currentThread().interrupt();
    float[] before = plan.session().run(input(1));
    boolean still = Thread.interrupted();
    assertArrayEquals(expected, before);
    assertTrue(still, "the interrupt was swallowed");
  }

  @Test
  void interruptsDuringRunsChangeNothing() throws Exception {
    Session session = plan(2).session();
    float[] expected = session.run(input(1));
    Thread runner = Thread.currentThread();
    Thread nuisance =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    runner.interrupt();
                  }
                });
    try {
      for (int i = 0; i < 2_000; i++) {
        assertArrayEquals(expected, session.run(input(1)));
      }
    } finally {
      nuisance.interrupt();
      while (nuisance.isAlive()) {
        Thread.interrupted();
        Thread.onSpinWait();
      }
      Thread.interrupted();
    }
  }

  @Test
  void workersThatSleepEndWhenTheirSessionIsDropped() throws Exception {
    Plan plan = plan(3);
    for (int i = 0; i < 20; i++) {
      plan.session().run(input(i));
    }
    // Long enough for all of them to be asleep, not that it matters if one is not.
    Thread.sleep(200);
    long left = workers();
    assertTrue(left > 0, "nobody waits");
    for (int i = 0; i < 200 && left > 0; i++) {
      System.gc();
      Thread.sleep(20);
      left = workers();
    }
    assertEquals(0, left, "workers are left");
    assertEquals(3, plan.threads());
  }

  @Test
  void aSessionWithoutThreadsRunsOnTheCallers() throws Exception {
    float[] samples = new float[5 * GRAPH.input().shape().elements()];
    System.arraycopy(input(1), 0, samples, samples.length / 5, samples.length / 5);
    float[] expected = plan(1).session(5).run(samples);
    System.setProperty(Hooks.PROPERTY, "no-threads");
    Session session;
    try {
      session = plan(4).session(5);
      assertArrayEquals(expected, session.run(samples));
    } finally {
      System.clearProperty(Hooks.PROPERTY);
    }
    assertArrayEquals(expected, session.run(samples));
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kinglet-" + GRAPH.name()))
        .count();
  }

  @Test
  void eightThreadsCompileRunAndDropPlansAtOnce() throws Exception {
    compileOnEightThreads(40);
  }

  @Test
  @Tag("slow")
  void eightThreadsCompileRunAndDropTenThousandPlansAtOnce() throws Exception {
    compileOnEightThreads(1_250);
  }

  private static void compileOnEightThreads(int plans) throws Exception {
    float[] expected = plan(1).session().run(input(1));
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> jobs = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int threads = 1 + t % 4;
        jobs.add(
            () -> {
              boolean same = true;
              for (int i = 0; i < plans; i++) {
                same &= Arrays.equals(expected, plan(threads).session().run(input(1)));
              }
              return same;
            });
      }
      for (Future<Boolean> job : pool.invokeAll(jobs)) {
        assertTrue(job.get(), "an answer differs");
      }
    }
  }

  @Test
  void theCollectorDoesNotWaitForMachineCode() throws Exception {
    Native machine = Native.open();
    MemorySegment flag = machine.buffer(64);
    Assembler asm = new Assembler();
    int loop = asm.here();
    asm.pause();
    asm.load(Assembler.RAX, Assembler.RDI, 0);
    asm.test(Assembler.RAX, Assembler.RAX);
    asm.jumpIf(Assembler.EQUAL, loop);
    asm.ret();
    MemorySegment code = machine.executable(asm.finish());
    Thread caller = new Thread(() -> machine.call(code, flag.address(), 0, 0, 0, 0, 0));
    // If the collector did wait, this would let it go on; the flag would say so.
    Thread rescue = new Thread(() -> raiseAfterAMinute(flag));
    rescue.setDaemon(true);
    rescue.start();
    caller.start();
    long before = collections();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    assertTrue(collections() >= before + 3, "the collector did not run");
    assertEquals(0, flag.get(ValueLayout.JAVA_LONG, 0), "the collector waited for machine code");
    assertTrue(caller.isAlive());
    flag.set(ValueLayout.JAVA_LONG, 0, 1);
    caller.join();
    rescue.interrupt();
  }

  private static void raiseAfterAMinute(MemorySegment flag) {
    try {
      Thread.sleep(60_000);
      flag.set(ValueLayout.JAVA_LONG, 0, 2);
    } catch (InterruptedException done) {
      // The test is over.
    }
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
