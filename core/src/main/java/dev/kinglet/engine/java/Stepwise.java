package dev.kinglet.engine.java;

import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Step;
import java.util.List;

/**
 * Runs a program over several samples at once, step by step, so that what a step does can follow
 * from what all of them give it to read.
 */
public final class Stepwise {
  private Stepwise() {}

  /** Decides what is run. */
  public interface Change {
    /**
     * The step to be run in the stead of one; it reads and writes the same.
     *
     * @param operand what its first operand holds, a plane a channel, for each sample
     */
    Step apply(Step step, List<float[][]> operand);
  }

  /** Runs as many samples as are given, each row-major in the input's shape. */
  public static void run(Program program, List<float[]> samples, Change change) {
    Planes.Layout layout = Planes.Layout.of(program);
    List<Planes> memory = samples.stream().map(_ -> layout.allocate()).toList();
    int area = program.input().area();
    for (int sample = 0; sample < samples.size(); sample++) {
      float[][] first = memory.get(sample).of(program.input());
      for (int c = 0; c < first.length; c++) {
        System.arraycopy(samples.get(sample), c * area, first[c], 0, area);
      }
    }
    int threads = Runtime.getRuntime().availableProcessors();
    Crew crew = new Crew(threads);
    for (Step step : program.steps()) {
      List<float[][]> operand =
          memory.stream().map(planes -> planes.of(step.inputs().getFirst())).toList();
      Kernel kernel = Kernels.of(change.apply(step, operand));
      List<Kernel.Task> tasks =
          memory.stream().map(planes -> kernel.bind(planes, threads)).toList();
      crew.run(member -> tasks.forEach(task -> task.run(member, threads)));
    }
  }
}
