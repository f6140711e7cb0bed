package dev.kinglet.engine.x64;

import java.nio.file.Files;
import java.nio.file.Path;

/** A process of its own that does a thing often and prints by how much its memory grew. */
final class LifetimeProbe {
  private LifetimeProbe() {}

  /** Arguments: {@code plans} or {@code inferences}, how many first, how many then. */
  public static void main(String[] arguments) throws Exception {
    boolean plans = arguments[0].equals("plans");
    work(plans, Integer.parseInt(arguments[1]));
    long before = resident();
    long start = System.nanoTime();
    work(plans, Integer.parseInt(arguments[2]));
    long after = resident();
    System.out.printf(
        "%s %s in %.1f s: resident %.1f MB before, %.1f MB after%n",
        arguments[2], arguments[0], (System.nanoTime() - start) / 1e9, before / 1e6, after / 1e6);
    System.out.println(after - before);
  }

  private static void work(boolean plans, int count) throws Exception {
    if (plans) {
      LifetimeTest.compileAndDrop(count);
    } else {
      LifetimeTest.manyThreads(count / 8);
    }
  }

  private static long resident() throws Exception {
    System.gc();
    Thread.sleep(200);
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
  }
}
