package dev.kinglet.train;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Java code on the threads of LibTorch's own OpenMP.
 *
 * <p>Between two operators those threads wait by spinning. A thread of another pool would share a
 * core with one that spins, so work between operators is done by the spinning threads themselves.
 */
final class OpenMp {
  private static final MethodHandle PARALLEL;
  private static final MemorySegment ENTRY;

  private static volatile Region region;

  static {
    LibTorch.load();
    PARALLEL = parallel();
    ENTRY = PARALLEL == null ? MemorySegment.NULL : entry();
  }

  private OpenMp() {}

  /** Does shares 0, 1, ... of a task, each once, on up to as many threads; the caller is one. */
  static synchronized void run(int shares, IntConsumer task) {
    Region mine = new Region(shares, task, Thread.currentThread());
    region = mine;
    if (shares == 1 || PARALLEL == null) {
      mine.work();
    } else {
      try {
        PARALLEL.invokeExact(ENTRY, MemorySegment.NULL, shares, 0);
      } catch (Throwable e) {
        throw new IllegalStateException("GOMP_parallel", e);
      }
    }
    region = null;
    if (mine.failure != null) {
      throw new IllegalStateException("a share of a task", mine.failure);
    }
  }

  /** One task and who does what of it. */
  private static final class Region {
    private final int shares;
    private final IntConsumer task;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger(1);
    private volatile Throwable failure;

    Region(int shares, IntConsumer task, Thread caller) {
      this.shares = shares;
      this.task = task;
      this.caller = caller;
    }

    /** The caller begins with share 0, so that each core mostly finds its share in its caches. */
    void work() {
      try {
        if (Thread.currentThread() == caller) {
          task.accept(0);
        }
        for (int share = next.getAndIncrement(); share < shares; share = next.getAndIncrement()) {
          task.accept(share);
        }
      } catch (Throwable e) {
        failure = e; // nothing may be thrown into native code
      }
    }
  }

  /** What every thread of a team calls. */
  private static void enter(MemorySegment nothing) {
    region.work();
  }

  @SuppressWarnings("restricted")
  private static MethodHandle parallel() {
    try {
      MemorySegment function =
          SymbolLookup.libraryLookup("libgomp.so.1", Arena.global())
              .find("GOMP_parallel")
              .orElseThrow();
      return Linker.nativeLinker()
          .downcallHandle(
              function,
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
    } catch (RuntimeException e) {
      return null; // another OpenMP: the caller does all shares
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment entry() {
    try {
      MethodHandle enter =
          MethodHandles.lookup()
              .findStatic(
                  OpenMp.class, "enter", MethodType.methodType(void.class, MemorySegment.class));
      return Linker.nativeLinker()
          .upcallStub(enter, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS), Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
