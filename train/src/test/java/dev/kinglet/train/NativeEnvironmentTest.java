package dev.kinglet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class NativeEnvironmentTest {
  @Test
  void aNativeLibraryReadsWhatWasSet() throws Throwable {
    NativeEnvironment.preset("KINGLET_TEST_PRESET", "4");
    assertEquals("4", read("KINGLET_TEST_PRESET"));
  }

  @Test
  void whatTheUserHasSetStays() throws Throwable {
    NativeEnvironment.preset("PATH", "4");
    assertEquals(System.getenv("PATH"), read("PATH"));
  }

  @Test
  void openBlasIsAskedToLetItsThreadsSleepOnceLibTorchIsLoaded() throws Throwable {
    LibTorch.load();
    String users = System.getenv("OPENBLAS_THREAD_TIMEOUT");
    assertEquals(users == null ? "4" : users, read("OPENBLAS_THREAD_TIMEOUT"));
  }

  /** A variable as the C library's {@code getenv} gives it. */
  @SuppressWarnings("restricted")
  private static String read(String name) throws Throwable {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value =
          (MemorySegment)
              linker
                  .downcallHandle(linker.defaultLookup().find("getenv").orElseThrow(), type)
                  .invokeExact(arena.allocateFrom(name));
      return value.reinterpret(Long.MAX_VALUE).getString(0);
    }
  }
}
