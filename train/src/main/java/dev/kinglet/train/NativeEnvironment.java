package dev.kinglet.train;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The environment as native libraries read it while they are loaded; Java's own is a copy. */
final class NativeEnvironment {
  private NativeEnvironment() {}

  /**
   * Sets a variable for libraries that are loaded later, if the user has not set it. Elsewhere than
   * on Linux, for which alone LibTorch is there, nothing is done.
   */
  @SuppressWarnings("restricted")
  static void preset(String name, String value) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MemorySegment setenv = linker.defaultLookup().findOrThrow("setenv");
    FunctionDescriptor type =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      int keep = 0;
      int _ =
          (int)
              linker
                  .downcallHandle(setenv, type)
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), keep);
    } catch (Throwable e) {
      throw new IllegalStateException("setenv", e);
    }
  }
}
