package dev.kinglet.engine.java;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import java.util.List;
import java.util.Optional;

/** A network over plain Java kernels. */
public final class JavaPlan implements Plan {
  private final Graph graph;
  private final Program program;
  private final int threads;
  private final List<Kernel> kernels;
  private final Planes.Layout layout;

  /**
   * Packs a program's weights.
   *
   * @param graph what the program was lowered from
   */
  public JavaPlan(Graph graph, Program program, int threads) {
    this.graph = graph;
    this.program = program;
    this.threads = threads;
    this.kernels = program.steps().stream().map(Kernels::of).toList();
    this.layout = Planes.Layout.of(program);
  }

  /** Runs a program that has no use for its input. */
  public static float[] evaluate(Program program) {
    JavaPlan plan = new JavaPlan(null, program, 1);
    JavaSession session = new JavaSession(plan, 1);
    session.run(1);
    return session.answer();
  }

  @Override
  public Graph graph() {
    return graph;
  }

  /** What is run. */
  public Program program() {
    return program;
  }

  @Override
  public Backend backend() {
    return Backend.JAVA;
  }

  @Override
  public Optional<Isa> isa() {
    return Optional.empty();
  }

  @Override
  public int threads() {
    return threads;
  }

  List<Kernel> kernels() {
    return kernels;
  }

  Planes.Layout layout() {
    return layout;
  }

  @Override
  public Session session(int maxBatch) {
    long largest =
        Math.max(program.input().shape().elements(), program.output().shape().elements());
    if (maxBatch < 1 || largest * maxBatch > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          "A session of "
              + program.name()
              + " takes batches of 1 to "
              + (Integer.MAX_VALUE - 8) / largest
              + ", but "
              + maxBatch
              + " was asked for.");
    }
    return new JavaSession(this, maxBatch);
  }
}
