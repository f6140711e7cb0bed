package dev.kinglet.engine.x64;

import dev.kinglet.engine.Ceiling;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.graph.Graph;
import java.util.Optional;

/** This computer as far as machine code is concerned: asked once, then known. */
public final class Machine {
  private static Native access;
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
    return Peak.measure(access, isa);
  }

  /**
   * A plan of machine code.
   *
   * @throws Unavailable with the reason
   */
  public static Plan compile(Graph graph, Program program, Optional<Isa> wish, int threads) {
    Isa isa = isa(wish);
    MachinePlan plan;
    try {
      plan = new MachinePlan(access, graph, program, isa, threads);
    } catch (ArithmeticException tooFar) {
      throw new Unavailable("it needs addresses more than 2 GiB apart", tooFar);
    }
    SelfTest.check(access, isa, plan.layout.tasks);
    return plan;
  }
}
