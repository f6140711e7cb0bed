package dev.kinglet.engine.x64;

import dev.kinglet.engine.Ceiling;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.java.JavaPlan;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Rewrite;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** This computer as far as machine code is concerned: asked once, then known. */
public final class Machine {
  static Native access;
  private static Processor processor;

  private Machine() {}

  /** The widest vectors that this computer has. */
  private static synchronized Isa isa(Optional<Isa> wish) {
    if (access == null) {
      Native opened = Native.open();
      processor = Processor.detect(opened);
      access = opened;
    }
    if (wish.isPresent()) {
      boolean has =
          switch (wish.get()) {
            case AVX2 -> processor.avx2();
            case AVX512 -> processor.avx512();
          };
      if (!has) {
        throw new Unavailable("this processor or its operating system has no " + wish.get());
      }
      return wish.get();
    }
    if (!processor.avx2()) {
      throw new Unavailable("this processor or its operating system has no AVX2 with FMA");
    }
    return processor.avx512() ? Isa.AVX512 : Isa.AVX2;
  }

  /**
   * What a core can do at most, measured now, within some tens of milliseconds.
   *
   * @throws Unavailable with the reason
   */
  public static Ceiling ceiling(Optional<Isa> wish) {
    Isa isa = isa(wish);
    return Peak.measure(access, isa, pairs());
  }

  /**
   * The loops of a batch norm in training, written for this computer's widest vectors.
   *
   * @throws Unavailable with the reason
   */
  public static NormCode norms() {
    Isa isa = isa(Optional.empty());
    return new NormCode(access, isa);
  }

  /**
   * Whether products are summed by {@link Pairing}: where that was measured to pay, or as wished.
   */
  private static boolean pairs() {
    Boolean wish = Hooks.pairs();
    return wish == null ? processor.adders() : wish;
  }

  /**
   * A plan of machine code, taken from the cache of plans that the options name, or compiled.
   *
   * @throws Unavailable with the reason
   */
  public static Plan compile(Graph graph, Weights weights, Options options) {
    Isa isa = isa(options.isa());
    Supplier<Program> program = () -> Rewrite.lower(graph, weights, JavaPlan::evaluate);
    if (options.planCache().isEmpty()) {
      return compile(graph, program.get(), isa, options.threads());
    }
    PlanCache cache = new PlanCache(options.planCache().get());
    Optional<String> key = PlanKey.of(graph, weights, isa, options.threads(), processor);
    Optional<MachinePlan> kept =
        key.flatMap(name -> cache.load(name, access, graph, program, isa, options.threads()));
    if (kept.isPresent()) {
      return kept.get();
    }
    MachinePlan plan = compile(graph, program.get(), isa, options.threads());
    key.ifPresent(name -> cache.store(name, plan));
    return plan;
  }

  private static MachinePlan compile(Graph graph, Program program, Isa isa, int threads) {
    List<Task> kinds = new ArrayList<>();
    MachinePlan plan;
    try {
      plan =
          MachinePlan.compile(
              access, graph, program, isa, threads, WinogradChoice.ESTIMATE, pairs(), kinds);
    } catch (ArithmeticException tooFar) {
      throw new Unavailable("it needs addresses more than 2 GiB apart", tooFar);
    }
    SelfTest.check(access, isa, threads, pairs(), kinds);
    return plan;
  }
}
