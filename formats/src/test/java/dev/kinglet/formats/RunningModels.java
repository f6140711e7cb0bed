package dev.kinglet.formats;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Session;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Weights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Runs what was read on the plain Java engine. */
public final class RunningModels {
  private RunningModels() {}

  /** The outputs of a whole batch. */
  public static float[] run(Graph graph, Weights weights, float[] input) {
    int batch = input.length / graph.input().shape().elements();
    Session session =
        Engine.compile(graph, weights, Options.defaults().withBackend(Backend.JAVA)).session(batch);
    MemorySegment.copy(input, 0, session.input(), ValueLayout.JAVA_FLOAT, 0, input.length);
    session.run(batch);
    int outputs = batch * graph.output().shape().elements();
    return Arrays.copyOf(session.output().toArray(ValueLayout.JAVA_FLOAT), outputs);
  }
}
