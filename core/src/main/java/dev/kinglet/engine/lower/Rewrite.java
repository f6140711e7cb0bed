package dev.kinglet.engine.lower;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Weights;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One named change that leaves what a program computes as it is.
 *
 * @param name for printing the program before and after it
 * @param change a pure function
 */
public record Rewrite(String name, UnaryOperator<Program> change) {

  /**
   * All rewrites in their order.
   *
   * @param evaluate runs a program that has no use for its input; known values are computed with it
   */
  public static List<Rewrite> all(Function<Program, float[]> evaluate) {
    return List.of(
        new Rewrite("channels become addresses", Addresses::apply),
        new Rewrite("one spelling for each computation", Canonical::apply),
        new Rewrite("constants are computed", new Constants(evaluate)::apply),
        new Rewrite("batch norms fold into weights", Normalisations::apply),
        new Rewrite("activations and residuals become tails", Tails::apply),
        new Rewrite("squeeze-excite becomes one step", Excitations::apply),
        new Rewrite("what nothing reads goes", Unused::apply));
  }

  /** The graph translated node by node, before any rewrite. */
  public static Program translate(Graph graph, Weights weights) {
    return Lowering.of(graph, weights);
  }

  /** The graph translated, each batch norm a step of its own that bears the node's name. */
  public static Program unfolded(Graph graph, Weights weights) {
    return Tails.apply(Addresses.apply(translate(graph, weights)));
  }

  /** The graph translated and rewritten. */
  public static Program lower(Graph graph, Weights weights, Function<Program, float[]> evaluate) {
    Program program = translate(graph, weights);
    for (Rewrite rewrite : all(evaluate)) {
      program = rewrite.change.apply(program);
    }
    return program;
  }
}
