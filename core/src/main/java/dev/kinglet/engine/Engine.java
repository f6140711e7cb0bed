package dev.kinglet.engine;

import dev.kinglet.engine.java.JavaPlan;
import dev.kinglet.engine.lower.Program;
import dev.kinglet.engine.lower.Rewrite;
import dev.kinglet.engine.x64.Machine;
import dev.kinglet.engine.x64.Unavailable;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes plans: a graph with its weights, lowered, packed and ready to run. */
public final class Engine {
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

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
    if (options.backend() != Backend.JAVA) {
      try {
        return Machine.compile(graph, weights, options);
      } catch (Unavailable reason) {
        if (options.backend() == Backend.X64 || options.isa().isPresent()) {
          throw new InvalidInputException(
              "The x64 engine cannot run "
                  + graph.name()
                  + " here: "
                  + reason.getMessage()
                  + "; choose the java engine.",
              reason);
        }
        log(reason.getMessage());
      }
    }
    Program program = Rewrite.lower(graph, weights, JavaPlan::evaluate);
    return new JavaPlan(graph, program, options.threads());
  }

  /**
   * What one core of this computer can do at most with an instruction set, or with its best one;
   * nothing where machine code cannot run.
   */
  public static Optional<Ceiling> ceiling(Optional<Isa> isa) {
    try {
      return Optional.of(Machine.ceiling(isa));
    } catch (Unavailable _) {
      return Optional.empty();
    }
  }

  /** Says once for each reason why plain Java takes over. */
  private static void log(String reason) {
    if (LOGGED.add(reason)) {
      System.getLogger(Engine.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "Plain Java runs this network, several times slower than machine code, because "
                  + reason
                  + ".");
    }
  }

  /**
   * What the engine makes of a graph, for printing: first the graph as it is translated, then after
   * each rewrite; the last is what runs. Needs no weights.
   */
  public static List<Lowered> lowered(Graph graph) {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      zeros.put(
          parameter.name(), Tensor.of(parameter.shape(), new float[parameter.shape().elements()]));
    }
    Program program = Rewrite.translate(graph, Weights.of(zeros));
    List<Lowered> stages = new ArrayList<>();
    stages.add(new Lowered("translated", program.toString()));
    for (Rewrite rewrite : Rewrite.all(JavaPlan::evaluate)) {
      program = rewrite.change().apply(program);
      stages.add(new Lowered(rewrite.name(), program.toString()));
    }
    return stages;
  }

  /**
   * A program after one rewrite.
   *
   * @param rewrite what was done
   * @param program one line a step
   */
  public record Lowered(String rewrite, String program) {}
}
