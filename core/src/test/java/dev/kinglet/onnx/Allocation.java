package dev.kinglet.onnx;

import java.lang.reflect.Method;

/** The bytes that this thread has allocated so far, where the machine counts them. */
final class Allocation {
  private static final Object BEAN;
  private static final Method BYTES;

  static {
    try {
      // Core does not require the management module; the JDK that runs the tests may have it.
      Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
      BEAN = factory.getMethod("getThreadMXBean").invoke(null);
      BYTES =
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getCurrentThreadAllocatedBytes");
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private Allocation() {}

  static long bytes() {
    try {
      return (long) BYTES.invoke(BEAN);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
