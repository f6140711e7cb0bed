package dev.kinglet.bench;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Session;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/**
 * Whether the processors are cores of their own at the moment.
 *
 * <p>A virtual machine's host may for some seconds run two of its processors on one core. Threads
 * that only multiply and add, in the nearest caches, then have half of their speed, while what
 * waits for memory suffers less: no race on two threads is fair in between.
 */
final class Cores {
  /** The share of a lone thread's speed that each of several must have. */
  private static final double LEAST = 0.8;

  private static final long TURN = 10_000_000;
  private static final long PAUSE = 200;
  private static final int TRIES = 100;

  private final List<Session> sessions = new ArrayList<>();
  private final ExecutorService pool;

  /** For so many threads. */
  Cores(int threads) {
    GraphBuilder builder = new GraphBuilder("products", Shape.of(64, 8, 8));
    Node x = builder.input();
    for (int layer = 0; layer < 12; layer++) {
      x = builder.add("layer" + layer, new Op.Conv(64, Window.square(1, 1), 1, true), x);
    }
    Graph graph = builder.build(x);
    var plan = Engine.compile(graph, InitialWeights.of(graph, 1), Options.defaults());
    for (int i = 0; i < threads; i++) {
      sessions.add(plan.session());
    }
    pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    share();
  }

  /** Answers every line on standard input with {@link #apart}, for this many threads. */
  public static void main(String[] arguments) throws IOException {
    Cores cores = new Cores(Integer.parseInt(arguments[0]));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      System.out.println(cores.apart());
    }
  }

  /** Whether the threads together have about the speed that each has alone. */
  private boolean apart() {
    return share() >= LEAST;
  }

  /** The speed of each of the threads together, as a share of a thread's alone. */
  private double share() {
    double alone = speed(sessions.getFirst());
    List<Future<Double>> speeds = new ArrayList<>();
    for (Session session : sessions) {
      speeds.add(pool.submit(() -> speed(session)));
    }
    double together = 0;
    for (Future<Double> speed : speeds) {
      together += taken(speed);
    }
    return together / sessions.size() / alone;
  }

  /** Something measured while the processors were cores of their own, before and behind it. */
  double measured(DoubleSupplier turn) {
    double found = Double.NaN;
    for (int i = 0; i < TRIES; i++) {
      if (!apart()) {
        pause();
        continue;
      }
      found = turn.getAsDouble();
      if (apart()) {
        return found;
      }
    }
    System.err.println("The processors are not cores of their own; a turn counts all the same.");
    return Double.isNaN(found) ? turn.getAsDouble() : found;
  }

  private static double speed(Session session) {
    long begun = System.nanoTime();
    long now = begun;
    int runs = 0;
    while (now - begun < TURN) {
      session.run(1);
      runs++;
      now = System.nanoTime();
    }
    return (double) runs / (now - begun);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double taken(Future<Double> speed) {
    try {
      return speed.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
