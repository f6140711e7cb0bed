package dev.kinglet.bench;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.SettledWeights;
import dev.kinglet.graph.Graph;
import dev.kinglet.zoo.Zoo;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two plans that each use all processors, run one after the other and at once: runs a second in
 * all, alternating.
 */
final class TwoPlans {
  private TwoPlans() {}

  /** Options: {@code networks}, {@code threads}, {@code rounds}, {@code seconds}, {@code out}. */
  public static void main(String[] arguments) throws Exception {
    Settings settings =
        new Settings(
                "networks",
                "mobilenet_v2_100,shufflenet_v2_x1_0",
                "threads",
                "2",
                "rounds",
                "9",
                "seconds",
                "0.3",
                "out",
                "two-plans")
            .read(arguments);
    StringBuilder text = new StringBuilder();
    text.append("CPU: ").append(Table.cpu()).append("\n\n");
    text.append("Command: `bench/two-plans ").append(String.join(" ", arguments)).append("`\n\n");
    text.append("Two plans of ").append(settings.get("threads"));
    text.append(" threads each: runs a second of both together, one after the other and at once.");
    text.append(" Medians of rounds that alternate.\n\n");
    text.append("| network | in turn, runs/s | at once, runs/s | ratio |\n");
    text.append("| --- | --- | --- | --- |\n");
    for (String network : settings.list("networks")) {
      text.append(row(network, settings));
    }
    Files.writeString(Path.of(settings.get("out") + ".md"), text);
    System.out.println(text);
  }

  private static String row(String network, Settings settings) throws Exception {
    double seconds = Double.parseDouble(settings.get("seconds"));
    Session first = session(network, settings);
    Session second = session(network, settings);
    List<Double> inTurn = new ArrayList<>();
    List<Double> atOnce = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < settings.number("rounds"); round++) {
        double alone = (speed(first, seconds) + speed(second, seconds)) / 2;
        Callable<Double> one = () -> speed(first, 2 * seconds);
        Callable<Double> two = () -> speed(second, 2 * seconds);
        double together = 0;
        for (Future<Double> speed : pool.invokeAll(List.of(one, two))) {
          together += speed.get();
        }
        inTurn.add(alone);
        atOnce.add(together);
        ratios.add(together / alone);
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.2f |%n",
        network,
        median(inTurn),
        median(atOnce),
        median(ratios));
  }

  private static Session session(String network, Settings settings) {
    Graph graph = Zoo.variant(network).build();
    Options options = Options.defaults().withThreads(settings.number("threads"));
    Session session = Engine.compile(graph, SettledWeights.of(graph, 1), options).session();
    for (long i = 0; i < session.input().byteSize() / Float.BYTES; i++) {
      session.input().setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 97) / 48f - 1);
    }
    for (int i = 0; i < 20; i++) {
      session.run(1);
    }
    return session;
  }

  /**
   * Runs a second, after a third of that time that is not counted: a session chooses by its last
   * runs whether its workers help.
   */
  private static double speed(Session session, double seconds) {
    counted(session, seconds / 3);
    return counted(session, seconds);
  }

  private static double counted(Session session, double seconds) {
    long start = System.nanoTime();
    long now = start;
    int runs = 0;
    while (now - start < seconds * 1e9) {
      session.run(1);
      runs++;
      now = System.nanoTime();
    }
    return runs * 1e9 / (now - start);
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }
}
