package dev.kinglet.bench;

import dev.kinglet.data.Batch;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Shape;
import dev.kinglet.train.LibTorch;
import dev.kinglet.train.TrainingStep;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.SplittableRandom;

/**
 * Training steps of one network, as many as fit into the seconds of each line on standard input.
 *
 * <p>Arguments: variant, side of its pictures, batch, threads. {@code training.py} drives it.
 */
public final class TrainingSpeed {
  private TrainingSpeed() {}

  /** Answers {@code SECONDS} by {@code STEPS NANOSECONDS}. */
  public static void main(String[] arguments) throws IOException {
    int side = Integer.parseInt(arguments[1]);
    int size = Integer.parseInt(arguments[2]);
    LibTorch.load();
    LibTorch.threads(Integer.parseInt(arguments[3]));
    Settings settings = Settings.defaults().withInput(Shape.of(3, side, side));
    if (side <= 64) {
      settings = settings.with("stem", "small");
    }
    Graph graph = Zoo.variant(arguments[0]).build(settings);
    TrainingStep step = TrainingStep.nesterov(graph, InitialWeights.of(graph, 1));
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[size * 3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    long[] labels = random.longs(size, 0, 1000).toArray();
    Batch batch = new Batch(values, labels, labels, 1);
    System.out.println("ready " + graph.parameterCount());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long end = System.nanoTime() + (long) (Double.parseDouble(line) * 1e9);
      long begun = System.nanoTime();
      int steps = 0;
      do {
        step.run(batch, 1e-3, steps);
        steps++;
      } while (System.nanoTime() < end);
      System.out.println(steps + " " + (System.nanoTime() - begun));
    }
  }
}
