package dev.kinglet.bench;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.engine.SettledWeights;
import dev.kinglet.graph.Graph;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Kinglet as a contestant; the first argument is {@code java}, {@code avx2}, {@code avx512} or
 * {@code auto}. The second says where the network comes from: {@code task}, the file that all
 * contestants get, {@code zoo}, the zoo's own code without a file, or an ONNX file of somebody
 * else's.
 */
final class KingletContestant implements Turns.Runtime {
  private final String engine;
  private final String source;
  private String version = "";

  private KingletContestant(String engine, String source) {
    this.engine = engine;
    this.source = source;
  }

  public static void main(String[] arguments) throws IOException {
    Turns.serve(new KingletContestant(arguments[0], arguments[1]));
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Turns.Loaded load(Path file, int threads, int batch, int[] input) {
    OnnxModel model =
        switch (source) {
          case "task" -> OnnxReader.read(file);
          case "zoo" -> zoo(file.getFileName().toString().replace(".onnx", ""));
          default -> OnnxReader.read(Path.of(source));
        };
    Options options = Options.defaults().withThreads(threads);
    options =
        switch (engine) {
          case "auto" -> options;
          case "java" -> options.withBackend(Backend.JAVA);
          default ->
              options
                  .withBackend(Backend.X64)
                  .withIsa(Isa.valueOf(engine.toUpperCase(Locale.ROOT)));
        };
    Plan plan = Engine.compile(model.graph(), model.weights(), options);
    version =
        plan.backend()
            + plan.isa().map(isa -> "-" + isa).orElse("")
            + "-jdk"
            + java.lang.Runtime.version();
    Session session = plan.session(batch);
    float[] values = Turns.values(batch, input);
    MemorySegment.copy(values, 0, session.input(), ValueLayout.JAVA_FLOAT, 0, values.length);
    return new Turns.Loaded(
        () -> session.run(batch), () -> Turns.first(session.run(values), batch));
  }

  private static OnnxModel zoo(String network) {
    Graph graph = Zoo.variant(network).build();
    return new OnnxModel(graph, SettledWeights.of(graph, 1), Map.of());
  }
}
