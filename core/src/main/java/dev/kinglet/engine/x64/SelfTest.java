package dev.kinglet.engine.x64;

import dev.kinglet.engine.Isa;
import dev.kinglet.engine.java.JavaPlan;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Rewrite;
import dev.kinglet.engine.lower.Value;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Each kind of kernel, before a plan that uses it is handed out, must once in a process give plain
 * Java's answer for a small network.
 */
final class SelfTest {
  /** The kinds of kernels. */
  enum Kind {
    /** Dense products. */
    PRODUCT,
    /** Convolutions by tiles. */
    TILED,
    /** Dense products by {@link Pairing}. */
    PAIRED,
    /** Products by {@link Strassen}. */
    HALVED,
    /** Products in groups. */
    GROUPED,
    /** Products in groups by {@link Pairing}, and others. */
    PAIRED_GROUPS,
    /** Convolutions by channel. */
    CHANNEL,
    /** Pooling and its like. */
    WINDOW,
    /** Element by element. */
    EACH,
    /** Reductions over channels. */
    ACROSS
  }

  /** How far an answer may be off: what is wrong is off by much more, rounding by much less. */
  static final float OFF = 1e-4f;

  private static final List<Kind> PASSED_AVX2 = new ArrayList<>();
  private static final List<Kind> PASSED_AVX512 = new ArrayList<>();

  private SelfTest() {}

  /**
   * Tests the kinds that these tasks use and that have not been tested yet.
   *
   * @throws Unavailable if an answer is wrong
   */
  static synchronized void check(
      Native machine, Isa isa, int threads, boolean pairs, List<Task> tasks) {
    // Small lists: sets of constants look the constants up by reflection.
    List<Kind> passed = isa == Isa.AVX2 ? PASSED_AVX2 : PASSED_AVX512;
    List<Kind> open = new ArrayList<>();
    for (Task task : tasks) {
      Kind kind = task.tested();
      if (task instanceof Task.Product product) {
        if (pairs && product.pairable()) {
          kind = product.groups() > 1 ? Kind.PAIRED_GROUPS : Kind.PAIRED;
        }
        boolean wide = isa == Isa.AVX512;
        if (Strassen.of(product, wide ? 16 : 8, threads, pairs && wide)) {
          add(Kind.HALVED, passed, open);
        }
      }
      add(kind, passed, open);
    }
    if (Hooks.is("self-test")) {
      throw new Unavailable("a self-test of its machine code gave a wrong answer (forced)");
    }
    if (open.isEmpty()) {
      return;
    }
    if (off(machine, isa, pairs, open) > OFF) {
      throw new Unavailable(
          "a self-test of its " + isa + " code for " + open + " gave a wrong answer");
    }
    passed.addAll(open);
  }

  private static void add(Kind kind, List<Kind> passed, List<Kind> open) {
    if (!passed.contains(kind) && !open.contains(kind)) {
      open.add(kind);
    }
  }

  /** How far a network of these kinds is off plain Java's answer, of one or of the answer. */
  static float off(Native machine, Isa isa, boolean pairs, List<Kind> kinds) {
    Graph graph = graph(kinds);
    Weights weights = weights(graph);
    Program program = Rewrite.lower(graph, weights, JavaPlan::evaluate);
    float[] input = numbers(graph.input().shape().elements(), 3, 1);
    float[] found =
        MachinePlan.compile(machine, graph, program, isa, 1, NAMED, pairs, new ArrayList<>())
            .session()
            .run(input);
    float[] expected = new JavaPlan(graph, program, 1).session().run(input);
    float most = 0;
    for (int i = 0; i < expected.length; i++) {
      float off = Math.abs(found[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
      most = off <= most ? most : Float.isNaN(off) ? Float.POSITIVE_INFINITY : off;
    }
    return most;
  }

  /** Tiles and halves where a layer's name asks for them. */
  private static final WinogradChoice NAMED =
      new WinogradChoice() {
        @Override
        public Optional<Winograd> size(Task.Product task, Value input, int lanes) {
          return switch (task.name()) {
            case "tiles of two" -> Optional.of(Winograd.TWO);
            case "tiles of four" -> Optional.of(Winograd.FOUR);
            default -> Optional.empty();
          };
        }

        @Override
        public boolean strassen(Task.Product task, int lanes, int threads, boolean pairs) {
          return task.name().equals("halves");
        }
      };

  /** A network of odd sizes with these kinds of kernels in it. */
  private static Graph graph(List<Kind> kinds) {
    GraphBuilder builder = new GraphBuilder("self-test", Shape.of(3, 7, 5));
    Op.Activation relu6 = new Op.Activation(Op.Function.RELU6);
    Node now = builder.add("first", new Op.Conv(20, Window.square(3, 1), 1, true), builder.input());
    now = builder.add("clipped", relu6, now);
    if (kinds.contains(Kind.TILED)) {
      Op.Conv conv = new Op.Conv(20, Window.square(3, 1), 1, true);
      Node in = now;
      now = builder.add("tiles of two", conv, now);
      now = builder.add("tiles of four", conv, now);
      now = builder.add("tiles and residual", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, in);
    }
    if (kinds.contains(Kind.PAIRED)) {
      now = builder.add("expanded", new Op.Conv(61, Window.square(1, 1), 1, true), now);
      now = builder.add("paired", new Op.Conv(20, Window.square(1, 1), 1, true), now);
    }
    if (kinds.contains(Kind.HALVED)) {
      now = builder.add("widened", new Op.Conv(64, Window.square(1, 1), 1, true), now);
      now = builder.add("halves", new Op.Conv(64, Window.square(1, 1), 1, true), now);
      now = builder.add("narrowed", new Op.Conv(20, Window.square(1, 1), 1, true), now);
    }
    if (kinds.contains(Kind.PAIRED_GROUPS)) {
      now = builder.add("spread", new Op.Conv(132, Window.square(1, 1), 1, true), now);
      now = builder.add("shuffled", new Op.Shuffle(3), now);
      now = builder.add("in groups", new Op.Conv(108, Window.square(1, 1), 3, true), now);
      now = builder.add("joined", new Op.Conv(20, Window.square(1, 1), 1, true), now);
    }
    if (kinds.contains(Kind.GROUPED) || kinds.contains(Kind.PAIRED_GROUPS)) {
      now = builder.add("grouped", new Op.Conv(20, Window.square(3, 1), 5, true), now);
    }
    if (kinds.contains(Kind.CHANNEL)) {
      now = builder.add("depthwise", new Op.Conv(20, Window.square(3, 2), 20, true), now);
    }
    if (kinds.contains(Kind.WINDOW)) {
      Op.Pool pool = new Op.Pool(Op.PoolKind.MAX, Window.square(2, 1, 0), false, false);
      now = builder.add("pool", pool, now);
    }
    Node wide = now;
    now = builder.add("pointwise", new Op.Conv(20, Window.square(1, 1), 1, true), now);
    now = builder.add("residual", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), now, wide);
    if (kinds.contains(Kind.EACH)) {
      Node gate = builder.add("gate", new Op.Activation(Op.Function.SIGMOID), wide);
      now = builder.add("gated", new Op.Arithmetic(Op.Arithmetic.Kind.MULTIPLY), now, gate);
    }
    if (kinds.contains(Kind.ACROSS)) {
      Op.Reduce mean = new Op.Reduce(Op.Reduce.Kind.MEAN, List.of(0), true);
      now = builder.add("mean", mean, now);
    }
    now = builder.add("flat", new Op.Reshape(Shape.of(now.shape().elements())), now);
    return builder.build(builder.add("linear", new Op.Linear(9, true), now));
  }

  private static Weights weights(Graph graph) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      int count = parameter.shape().elements();
      // Sums of any number of terms are about as large as the terms: else what is left of large
      // ones that nearly cancel each other would tell nothing.
      int terms = parameter.shape().rank() > 1 ? count / parameter.shape().size(0) : 1;
      float size = (float) (3.5 / Math.sqrt(terms));
      tensors.put(parameter.name(), Tensor.of(parameter.shape(), numbers(count, count, size)));
    }
    return Weights.of(tensors);
  }

  /** Numbers without a pattern, up to half a size. */
  private static float[] numbers(int count, int seed, float size) {
    float[] numbers = new float[count];
    int state = seed;
    for (int i = 0; i < count; i++) {
      state = state * 1_103_515_245 + 12_345;
      numbers[i] = size * ((state >>> 16) / 65_536f - 0.5f);
    }
    return numbers;
  }
}
