package dev.kinglet.engine.x64;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The two things that Java cannot do by itself: map memory from the operating system, and jump into
 * code that lies there.
 *
 * <p>Every function has the same signature, six whole numbers to one, so that the foreign linker
 * makes a single stub.
 */
@SuppressWarnings("restricted") // these are the calls that native access is for
final class Native {
  private static final long PAGE = 4096;
  private static final int READ = 1;
  private static final int READ_WRITE = 3;
  private static final int READ_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int HUGE_PAGES = 14;
  private static final long HUGE_PAGE = 2L << 20;

  /** Bytes from which on huge pages are asked for. */
  private static final long LARGE = 1L << 20;

  /** Mappings not given back yet, of all plans and sessions of this process. */
  private static final AtomicInteger MAPPED = new AtomicInteger();

  private static final int FEW = 4096;

  /** How many of them there may be before the collector is asked to run. */
  private static volatile int limit = FEW;

  private final MethodHandle call;
  private final MemorySegment mmap;
  private final MemorySegment mprotect;
  private final MemorySegment munmap;
  private final MemorySegment madvise;

  private Native(
      MethodHandle call,
      MemorySegment mmap,
      MemorySegment mprotect,
      MemorySegment munmap,
      MemorySegment madvise) {
    this.call = call;
    this.mmap = mmap;
    this.mprotect = mprotect;
    this.munmap = munmap;
    this.madvise = madvise;
  }

  /**
   * Access to this machine.
   *
   * @throws Unavailable with the reason: another system or processor, or no native access
   */
  static Native open() {
    String system = System.getProperty("os.name", "");
    String processor = System.getProperty("os.arch", "");
    if (Hooks.is("other-processor") || !processor.equals("amd64") && !processor.equals("x86_64")) {
      throw new Unavailable("the processor is " + processor + ", not x86-64");
    }
    if (Hooks.is("other-system") || !system.equals("Linux")) {
      throw new Unavailable("the operating system is " + system + ", not Linux");
    }
    try {
      if (Hooks.is("no-native-access")) {
        throw new IllegalCallerException("denied by " + Hooks.PROPERTY);
      }
      Linker linker = Linker.nativeLinker();
      ValueLayout.OfLong number = ValueLayout.JAVA_LONG;
      MethodHandle call =
          linker.downcallHandle(
              FunctionDescriptor.of(number, number, number, number, number, number, number));
      return new Native(
          call,
          linker.defaultLookup().findOrThrow("mmap"),
          linker.defaultLookup().findOrThrow("mprotect"),
          linker.defaultLookup().findOrThrow("munmap"),
          linker.defaultLookup().findOrThrow("madvise"));
    } catch (IllegalCallerException denied) {
      throw new Unavailable(
          "native access is denied; start java with --enable-native-access=dev.kinglet.core"
              + " (or =ALL-UNNAMED on the class path)",
          denied);
    } catch (java.util.NoSuchElementException | UnsupportedOperationException missing) {
      throw new Unavailable("the system's memory functions cannot be called", missing);
    }
  }

  /** Calls code at an address; the segment given stays reachable until it returns. */
  long call(MemorySegment code, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) call.invokeExact(code, a, b, c, d, e, f);
    } catch (Throwable impossible) {
      throw new AssertionError("machine code does not throw", impossible);
    }
  }

  /**
   * Zeroed memory between two pages that nobody may touch, given back when no segment of it is
   * reachable. The last byte asked for, rounded up to 64, is the last before the page behind.
   *
   * @throws Unavailable if the system refuses
   */
  MemorySegment buffer(long bytes) {
    long size = Math.max(64, bytes + 63 & -64);
    boolean large = size >= LARGE;
    long page = large ? HUGE_PAGE : PAGE;
    long pages = size + page - 1 & -page;
    long all = pages + page + PAGE;
    long base = map(all);
    long start = base + page & -page;
    protect(base, start - base, 0, all);
    protect(start + pages, base + all - start - pages, 0, all);
    if (large) {
      // Fewer faults, fewer addresses to look up; whether the system follows does not matter.
      call(madvise, start, pages, HUGE_PAGES, 0, 0, 0);
    }
    return owned(base, all, start + pages - size, size);
  }

  /**
   * Code that can be called: written while the pages are writable, then made executable; never
   * both.
   *
   * @throws Unavailable if the system refuses
   */
  MemorySegment executable(byte[] code) {
    long size = code.length + PAGE - 1 & -PAGE;
    long base = map(size);
    MemorySegment.ofAddress(base).reinterpret(size).copyFrom(MemorySegment.ofArray(code));
    if (Hooks.is("no-executable-memory")) {
      call(munmap, base, size, 0, 0, 0, 0);
      throw new Unavailable("the system refuses executable memory");
    }
    protect(base, size, READ_EXECUTE, size);
    return owned(base, size, base, code.length);
  }

  /** Makes a buffer's pages unwritable; those that it shares with nothing else. */
  void freeze(MemorySegment buffer) {
    long start = buffer.address() & -PAGE;
    long end = buffer.address() + buffer.byteSize();
    protect(start, end - start, READ, 0);
  }

  /**
   * Linux grants a process 65,530 areas of memory, of which a buffer takes three. Those of plans
   * that nobody holds are given back when the collector finds them, and nothing on the heap, where
   * they are a few bytes each, would make it run in time.
   */
  private static synchronized void collect() {
    if (MAPPED.get() < limit) {
      return;
    }
    System.gc();
    try {
      for (int i = 0; i < 20 && MAPPED.get() >= FEW / 2; i++) {
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    limit = Math.max(FEW, 2 * MAPPED.get());
  }

  private long map(long size) {
    if (MAPPED.get() >= limit) {
      collect();
    }
    long base =
        Hooks.is("no-memory") ? -1 : call(mmap, 0, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    if (base == -1) {
      throw new Unavailable("the system refuses " + size + " bytes of memory");
    }
    return base;
  }

  private void protect(long start, long size, int rights, long freeOnFailure) {
    if (call(mprotect, start, size, rights, 0, 0, 0) != 0) {
      if (freeOnFailure > 0) {
        call(munmap, start, freeOnFailure, 0, 0, 0, 0);
      }
      throw new Unavailable("the system refuses to change the rights of memory pages");
    }
  }

  /** The cleanup holds no segment of the memory itself, or it would never run. */
  private MemorySegment owned(long base, long mapped, long start, long size) {
    MAPPED.incrementAndGet();
    return MemorySegment.ofAddress(start)
        .reinterpret(
            size,
            Arena.ofAuto(),
            _ -> {
              call(munmap, base, mapped, 0, 0, 0, 0);
              MAPPED.decrementAndGet();
            });
  }
}
