package dev.kinglet.bench;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.Session;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Kinglet as a contestant; the argument is {@code java}, {@code avx2}, {@code avx512} or {@code
 * auto}.
 */
final class KingletContestant implements Turns.Runtime {
  private final String engine;
  private String version = "";

  private KingletContestant(String engine) {
    this.engine = engine;
  }

  public static void main(String[] arguments) throws IOException {
    Turns.serve(new KingletContestant(arguments[0]));
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Turns.Call load(Path file, int threads, int batch, int[] input) {
    OnnxModel model = OnnxReader.read(file);
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
    long elements = session.input().byteSize() / Float.BYTES;
    for (long i = 0; i < elements; i++) {
      session.input().setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 97) / 48f - 1);
    }
    return () -> session.run(batch);
  }
}
