package dev.kinglet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * A Java contestant's side of {@code bench/whole_road.py}: for every line on standard input it
 * answers all its files with its threads, and prints the likeliest class of each.
 */
final class RoadTurns {
  private RoadTurns() {}

  /** One thread's way from a file to the likeliest of its five classes. */
  interface Road {
    int likeliest(Path picture) throws Exception;
  }

  /** Arguments: the model, how many threads, and the files. */
  static void serve(String[] arguments, IntFunction<Road> roads) throws IOException {
    int threads = Integer.parseInt(arguments[1]);
    List<Path> files = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      files.add(Path.of(arguments[i]));
    }
    List<Road> road = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      road.add(roads.apply(i));
    }
    BufferedReader turns =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (turns.readLine() != null) {
      int[] classes = new int[files.size()];
      AtomicInteger next = new AtomicInteger();
      List<Thread> others = new ArrayList<>();
      for (Road one : road.subList(1, threads)) {
        others.add(Thread.ofPlatform().start(() -> work(one, files, next, classes)));
      }
      work(road.getFirst(), files, next, classes);
      for (Thread other : others) {
        join(other);
      }
      StringBuilder line = new StringBuilder();
      for (int found : classes) {
        line.append(line.isEmpty() ? "" : " ").append(found);
      }
      System.out.println(line);
    }
  }

  private static void work(Road road, List<Path> files, AtomicInteger next, int[] classes) {
    for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
      try {
        classes[i] = road.likeliest(files.get(i));
      } catch (Exception e) {
        throw new IllegalStateException(files.get(i) + " could not be answered.", e);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
