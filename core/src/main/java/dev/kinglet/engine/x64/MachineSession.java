package dev.kinglet.engine.x64;

import dev.kinglet.engine.Session;
import dev.kinglet.engine.StepTime;
import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Work;
import dev.kinglet.graph.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One caller's memory, and the workers that share its work. */
final class MachineSession implements Session {
  private final MachinePlan plan;
  private final int maxBatch;
  private final int inputs;
  private final int outputs;
  private final MemorySegment input;
  private final MemorySegment output;
  private final Crew crew;

  /** 1 while a thread runs: a second one would count the same samples down, past the last. */
  private final AtomicInteger users = new AtomicInteger();

  MachineSession(MachinePlan plan, int maxBatch) {
    this.plan = plan;
    this.maxBatch = maxBatch;
    inputs = plan.outline.inputs();
    outputs = plan.outline.outputs();
    try {
      input = outside((long) inputs * maxBatch * 4);
      output = outside((long) outputs * maxBatch * 4);
      crew = new Crew(plan, maxBatch);
    } catch (Unavailable refused) {
      throw new InvalidInputException(
          "A session for "
              + plan.graph().name()
              + " and a batch of "
              + maxBatch
              + " does not fit into memory: "
              + refused.getMessage()
              + "; ask for a smaller batch.",
          refused);
    }
  }

  /** Exactly so many bytes before a page that nobody may touch. */
  private MemorySegment outside(long bytes) {
    MemorySegment all = plan.machine.buffer(bytes);
    return all.asSlice(0, bytes);
  }

  @Override
  public MemorySegment input() {
    return input;
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public void run(int batch) {
    enter(batch);
    try {
      compute(batch);
    } finally {
      users.set(0);
    }
  }

  private void enter(int batch) {
    if (batch < 1 || batch > maxBatch) {
      throw new InvalidInputException(
          "This session runs 1 to " + maxBatch + " samples, but " + batch + " were asked for.");
    }
    if (!users.compareAndSet(0, 1)) {
      throw new IllegalStateException(
          "A session serves one thread at a time; ask the plan for one session a thread.");
    }
  }

  private void compute(int batch) {
    crew.run(input.address(), inputs * 4L, output.address(), outputs * 4L, batch);
    Reference.reachabilityFence(this);
  }

  @Override
  public MemorySegment output() {
    return output;
  }

  @Override
  public List<StepTime> profile(int batch) {
    String[] stages = plan.outline.stages();
    MemorySegment ticks = plan.machine.buffer(Math.max(1, stages.length) * 8L);
    long nanoseconds;
    enter(batch);
    crew.clock(ticks);
    try {
      long start = System.nanoTime();
      compute(batch);
      nanoseconds = System.nanoTime() - start;
    } finally {
      crew.clock(MemorySegment.NULL);
      users.set(0);
    }
    // A step's stages, bands among them, are one line.
    Map<String, Long> found = new LinkedHashMap<>();
    long sum = 1;
    for (int i = 0; i < stages.length; i++) {
      long each = ticks.getAtIndex(ValueLayout.JAVA_LONG, i);
      sum += each;
      found.merge(stages[i], each, Long::sum);
    }
    Map<String, Step> steps = plan.steps();
    List<StepTime> times = new ArrayList<>();
    for (Map.Entry<String, Long> entry : found.entrySet()) {
      long own = (long) ((double) entry.getValue() / sum * nanoseconds);
      times.add(time(entry.getKey(), steps.get(entry.getKey()), own, batch));
    }
    return times;
  }

  private static StepTime time(String name, Step step, long nanoseconds, int batch) {
    if (step == null) {
      return new StepTime(name, name, nanoseconds, 0, 0, 0);
    }
    Work work = Work.of(step);
    return new StepTime(
        name,
        step.description(),
        nanoseconds,
        work.macs() * batch,
        (work.read() + work.written()) * batch * Float.BYTES,
        work.weights() * Float.BYTES);
  }
}
