package dev.kinglet.engine.x64;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Step;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A network as machine code, its weights and tables: read-only, shared by all sessions. */
public final class MachinePlan implements Plan {
  private final Graph graph;
  private final Supplier<Program> program;
  final Native machine;
  final MemorySegment code;
  final MemorySegment data;
  final Outline outline;

  /** The driver's entries for the thread that runs. */
  final MemorySegment alone;

  final MemorySegment leader;

  /**
   * A plan from its parts.
   *
   * @param program what it computes; asked only when a run is measured
   */
  MachinePlan(
      Native machine,
      Graph graph,
      Supplier<Program> program,
      Outline outline,
      MemorySegment code,
      MemorySegment data) {
    this.machine = machine;
    this.graph = graph;
    this.program = program;
    this.outline = outline;
    this.code = code;
    this.data = data;
    alone = code.asSlice(outline.alone());
    leader = code.asSlice(outline.leader());
  }

  /** A network compiled; each kind of task that it is made of is added to the tasks. */
  static MachinePlan compile(
      Native machine,
      Graph graph,
      Program program,
      Isa isa,
      int threads,
      WinogradChoice choice,
      boolean pairs,
      List<Task> kinds) {
    Writer asm = new Writer(isa, pairs);
    Driver driver = new Driver(asm);
    Tasks tasks = new Tasks(program);
    Layout layout = new Layout(program, tasks, asm.lanes, threads, choice, asm.pairs);
    kinds.addAll(layout.tasks);
    Stages made = new Stages(asm, layout, threads);
    List<Stage> stages = made.list;
    Packing.halves(asm);
    MemorySegment code = machine.executable(asm.complete());
    long stagesAt = made.tables.reserve((stages.size() + 1L) * Driver.STAGE);
    long[] sharesAt = new long[threads > 1 ? threads + 1 : 1];
    for (int i = 0; i < sharesAt.length; i++) {
      sharesAt[i] = made.tables.reserve((long) stages.size() * Driver.SHARE);
    }
    MemorySegment data = machine.buffer(made.tables.size());
    made.tables.write(data);
    made.packing.run(machine, asm, code, data);
    Tables.copy(MemorySegment.ofArray(records(asm, stages)), data, stagesAt);
    for (int i = 0; i < sharesAt.length; i++) {
      int[] shares = i == 0 ? shares(stages, 0, 1) : shares(stages, i - 1, threads);
      Tables.copy(MemorySegment.ofArray(shares), data, sharesAt[i]);
    }
    machine.freeze(data);
    String[] names = new String[stages.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = stages.get(i).name();
    }
    int count = 0;
    for (float[] numbers : tasks.constants.values()) {
      count += numbers.length;
    }
    long[] constantsAt = new long[count];
    float[] constants = new float[count];
    count = 0;
    for (Map.Entry<Value, float[]> constant : tasks.constants.entrySet()) {
      Place place = layout.place(constant.getKey());
      int area = constant.getKey().area();
      for (int i = 0; i < constant.getKey().channels() * area; i++) {
        constantsAt[count] = place.offset + place.element(i / area, i % area);
        constants[count++] = constant.getValue()[i];
      }
    }
    Outline outline =
        new Outline(
            isa,
            threads,
            program.input().shape().elements(),
            program.output().shape().elements(),
            layout.cross.end(),
            asm.position(driver.alone),
            asm.position(driver.leader),
            asm.position(driver.worker),
            stagesAt,
            sharesAt,
            names,
            constantsAt,
            constants);
    return new MachinePlan(machine, graph, () -> program, outline, code, data);
  }

  /** The table that the driver reads of all stages, the zeros of none behind the last. */
  private static long[] records(Writer asm, List<Stage> stages) {
    int each = Driver.STAGE / 8;
    long[] records = new long[(stages.size() + 1) * each];
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      int at = i * each;
      records[at + Driver.KERNEL / 8] = asm.position(stage.kernel());
      records[at + Driver.MEETS / 8] = stage.meets() ? 1 : 0;
      System.arraycopy(stage.pointers(), 0, records, at + Driver.POINTERS / 8, 12);
    }
    return records;
  }

  /** One thread's shares of all stages, or everything where a thread is alone. */
  private static int[] shares(List<Stage> stages, int thread, int threads) {
    int[] shares = new int[stages.size() * Driver.SHARE / 4];
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      if (threads > 1 && stage.thread() != Stage.EVERY && stage.thread() != thread) {
        continue;
      }
      boolean whole = threads == 1 || stage.thread() != Stage.EVERY;
      int[] share = whole ? stage.work().whole() : stage.work().of(thread, threads);
      System.arraycopy(share, 0, shares, i * Driver.SHARE / 4, share.length);
    }
    return shares;
  }

  /** The steps by their names. */
  Map<String, Step> steps() {
    Map<String, Step> steps = new HashMap<>();
    for (Step step : program.get().steps()) {
      steps.put(step.name(), step);
    }
    return steps;
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public Backend backend() {
    return Backend.X64;
  }

  @Override
  public Optional<Isa> isa() {
    return Optional.of(outline.isa());
  }

  @Override
  public int threads() {
    return outline.threads();
  }

  @Override
  public Session session(int maxBatch) {
    if (maxBatch < 1) {
      throw new InvalidInputException(
          "A session takes a batch of at least 1, but " + maxBatch + " was asked for.");
    }
    return new MachineSession(this, maxBatch);
  }
}
