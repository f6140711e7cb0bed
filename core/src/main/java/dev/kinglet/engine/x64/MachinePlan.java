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
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network as machine code, its weights and tables: read-only, shared by all sessions. */
public final class MachinePlan implements Plan {
  private final Graph graph;
  private final Isa isa;
  private final int threads;
  private final int inputs;
  private final int outputs;
  final Native machine;
  final MemorySegment code;
  final MemorySegment data;
  final List<Stage> stages;
  final Map<Value, float[]> constants;
  final Layout layout;
  final long arena;

  /** The steps by their names. */
  final Map<String, Step> steps = new HashMap<>();

  /** Where things lie: the driver's entries in the code, the stages and shares in the data. */
  final MemorySegment alone;

  final MemorySegment leader;
  final int worker;
  final long stagesAt;

  /** Shares of one thread alone, and behind them of each of several. */
  final long[] sharesAt;

  MachinePlan(Native machine, Graph graph, Program program, Isa isa, int threads) {
    this(machine, graph, program, isa, threads, WinogradChoice.ESTIMATE);
  }

  MachinePlan(
      Native machine, Graph graph, Program program, Isa isa, int threads, WinogradChoice choice) {
    this.graph = graph;
    this.isa = isa;
    this.threads = threads;
    this.machine = machine;
    inputs = program.input().shape().elements();
    outputs = program.output().shape().elements();
    program.steps().forEach(step -> steps.put(step.name(), step));
    Writer asm = new Writer(isa);
    Driver driver = new Driver(asm);
    Tasks tasks = new Tasks(program);
    layout = new Layout(program, tasks, asm.lanes, threads, choice);
    constants = tasks.constants;
    Stages made = new Stages(asm, layout, threads);
    stages = made.list;
    Packing.halves(asm);
    code = machine.executable(asm.complete());
    alone = code.asSlice(asm.position(driver.alone));
    leader = code.asSlice(asm.position(driver.leader));
    worker = asm.position(driver.worker);
    stagesAt = made.tables.reserve((stages.size() + 1L) * Driver.STAGE);
    sharesAt = new long[threads > 1 ? threads + 1 : 1];
    for (int i = 0; i < sharesAt.length; i++) {
      sharesAt[i] = made.tables.reserve((long) stages.size() * Driver.SHARE);
    }
    data = machine.buffer(made.tables.size());
    made.tables.write(data);
    made.packing.run(machine, asm, code, data);
    write(asm);
    arena = layout.bytes;
    machine.freeze(data);
  }

  private void write(Writer asm) {
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      long at = stagesAt + (long) i * Driver.STAGE;
      data.set(
          ValueLayout.JAVA_LONG, at + Driver.KERNEL, code.address() + asm.position(stage.kernel()));
      data.set(ValueLayout.JAVA_LONG, at + Driver.MEETS, stage.meets() ? 1 : 0);
      for (int p = 0; p < 12; p++) {
        data.set(ValueLayout.JAVA_LONG, at + Driver.POINTERS + p * 8L, stage.pointers()[p]);
      }
      for (int s = 0; s < sharesAt.length; s++) {
        boolean whole = s == 0 || stage.thread() != Stage.EVERY;
        int[] split =
            stage.thread() != Stage.EVERY && s > 0 && stage.thread() != s - 1
                ? new int[4]
                : Share.split(stage.panels(), stage.tiles(), whole ? 1 : threads);
        int thread = whole ? 0 : s - 1;
        for (int n = 0; n < 4; n++) {
          data.set(
              ValueLayout.JAVA_INT,
              sharesAt[s] + (long) i * Driver.SHARE + n * 4L,
              split[thread * 4 + n]);
        }
      }
    }
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
    return Optional.of(isa);
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public Session session(int maxBatch) {
    if (maxBatch < 1) {
      throw new InvalidInputException(
          "A session takes a batch of at least 1, but " + maxBatch + " was asked for.");
    }
    return new MachineSession(this, maxBatch, inputs, outputs);
  }
}
