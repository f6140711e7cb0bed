package dev.kinglet.engine;

import dev.kinglet.engine.java.JavaPlan;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Rewrite;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Weights;

/** Makes plans: a graph with its weights, lowered, packed and ready to run. */
public final class Engine {
  private Engine() {}

  /** A plan with the best engine of this computer, on one thread. */
  public static Plan compile(Graph graph, Weights weights) {
    return compile(graph, weights, Options.defaults());
  }

  /**
   * A plan run as the options say.
   *
   * @throws Weights.Mismatch if the weights are not the graph's
   * @throws InvalidInputException if the engine or instruction set asked for cannot run here
   */
  public static Plan compile(Graph graph, Weights weights, Options options) {
    weights.check(graph);
    for (Node node : graph.nodes()) {
      if (node.shape().elements() == 0) {
        throw new InvalidInputException(
            "Node '"
                + node.name()
                + "' of "
                + graph.name()
                + " has no elements ("
                + node.shape()
                + "); an engine computes at least one.");
      }
    }
    if (options.backend() == Backend.X64 || options.isa().isPresent()) {
      throw new InvalidInputException(
          "The x64 engine is not part of this build; choose the java engine.");
    }
    Program program = Rewrite.lower(graph, weights, JavaPlan::evaluate);
    return new JavaPlan(graph, program, options.threads());
  }
}
