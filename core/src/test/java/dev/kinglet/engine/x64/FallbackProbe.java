package dev.kinglet.engine.x64;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Plan;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import java.util.Arrays;
import java.util.Map;

/** A process of its own that compiles two networks and says what ran them. */
final class FallbackProbe {
  private FallbackProbe() {}

  /** Prints the back end and an answer, twice. */
  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      GraphBuilder builder = new GraphBuilder("probe", Shape.of(3));
      Op.Activation relu = new Op.Activation(Op.Function.RELU);
      Graph graph = builder.build(builder.add("relu", relu, builder.input()));
      Plan plan = Engine.compile(graph, Weights.of(Map.of()));
      float[] answer = plan.session().run(new float[] {-1, 2, 3});
      System.out.println(plan.backend() + " " + Arrays.toString(answer));
    }
  }
}
