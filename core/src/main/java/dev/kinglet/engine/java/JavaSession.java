package dev.kinglet.engine.java;

import dev.kinglet.engine.Session;
import dev.kinglet.engine.StepTime;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Work;
import dev.kinglet.graph.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One thread's memory for plain Java kernels. Samples run one after the other, so that memory does
 * not grow with the batch.
 */
final class JavaSession implements Session {
  private final Program program;
  private final int maxBatch;
  private final float[] input;
  private final float[] output;
  private final MemorySegment inputSegment;
  private final MemorySegment outputSegment;
  private final float[][] first;
  private final float[][] last;
  private final Kernel.Task[] tasks;
  private final Crew crew;
  private final int threads;
  private final IntConsumer share = this::share;

  JavaSession(JavaPlan plan, int maxBatch) {
    this.program = plan.program();
    this.maxBatch = maxBatch;
    this.threads = plan.threads();
    this.crew = new Crew(threads);
    this.input = new float[maxBatch * program.input().shape().elements()];
    this.output = new float[maxBatch * program.output().shape().elements()];
    this.inputSegment = MemorySegment.ofArray(input);
    this.outputSegment = MemorySegment.ofArray(output);
    Planes planes = plan.layout().allocate();
    this.first = planes.of(program.input());
    this.last = planes.of(program.output());
    this.tasks =
        plan.kernels().stream()
            .map(kernel -> kernel.bind(planes, threads))
            .toArray(Kernel.Task[]::new);
  }

  @Override
  public MemorySegment input() {
    return inputSegment;
  }

  @Override
  public MemorySegment output() {
    return outputSegment;
  }

  float[] answer() {
    return output;
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public void run(int batch) {
    check(batch);
    for (int sample = 0; sample < batch; sample++) {
      take(sample);
      if (threads == 1) {
        for (Kernel.Task task : tasks) {
          task.run(0, 1);
        }
      } else {
        crew.run(share);
      }
      give(sample);
    }
  }

  @Override
  public List<StepTime> profile(int batch) {
    check(batch);
    long[] times = new long[tasks.length];
    for (int sample = 0; sample < batch; sample++) {
      take(sample);
      crew.run(
          member -> {
            long last = System.nanoTime();
            for (int i = 0; i < tasks.length; i++) {
              tasks[i].run(member, threads);
              crew.meet();
              if (member == 0) {
                long now = System.nanoTime();
                times[i] += now - last;
                last = now;
              }
            }
          });
      give(sample);
    }
    List<StepTime> result = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      Step step = program.steps().get(i);
      Work work = Work.of(step);
      result.add(
          new StepTime(
              step.name(),
              step.description(),
              times[i],
              work.macs() * batch,
              (work.read() + work.written()) * batch * Float.BYTES,
              work.weights() * Float.BYTES));
    }
    return result;
  }

  private void check(int batch) {
    if (batch < 1 || batch > maxBatch) {
      throw new InvalidInputException(
          "This session runs batches of 1 to " + maxBatch + ", but was asked for " + batch + ".");
    }
  }

  private void take(int sample) {
    int area = input.length / maxBatch / first.length;
    for (int c = 0; c < first.length; c++) {
      System.arraycopy(input, (sample * first.length + c) * area, first[c], 0, area);
    }
  }

  private void give(int sample) {
    int area = output.length / maxBatch / last.length;
    for (int c = 0; c < last.length; c++) {
      System.arraycopy(last[c], 0, output, (sample * last.length + c) * area, area);
    }
  }

  private void share(int member) {
    for (Kernel.Task task : tasks) {
      task.run(member, threads);
      crew.meet();
    }
  }
}
