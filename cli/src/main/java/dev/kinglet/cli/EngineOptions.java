package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Option;
import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import dev.kinglet.formats.pull.WeightCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The options of every command that runs a network. */
final class EngineOptions {
  static final Option ENGINE =
      Option.choice(
          "--engine", List.of("x64", "java"), "machine code or plain Java (default: the best)");
  static final Option ISA =
      Option.choice(
          "--isa", List.of("avx2", "avx512"), "vector instructions (default: the best there are)");
  static final Option THREADS =
      Option.value("--threads", "N", "threads that share one network's work (default: 1)");

  private EngineOptions() {}

  /** The engine that the options name, with this many threads a session. */
  static Options engine(Arguments arguments, int threads) {
    Options options = Options.defaults().withThreads(threads);
    if (arguments.has(ENGINE)) {
      options = options.withBackend(Backend.valueOf(upper(arguments.text(ENGINE).orElseThrow())));
    }
    if (arguments.has(ISA)) {
      options = options.withIsa(Isa.valueOf(upper(arguments.text(ISA).orElseThrow())));
    }
    return options;
  }

  /**
   * The same with compiled plans kept in the user's cache, unless {@code KINGLET_NO_CACHE} is set.
   */
  static Options keeping(Options options) {
    Map<String, String> environment = System.getenv();
    if (!environment.getOrDefault("KINGLET_NO_CACHE", "").isEmpty()) {
      return options;
    }
    Path home = Path.of(System.getProperty("user.home", "."));
    return options.withPlanCache(WeightCache.folder(environment, home).resolve("plans"));
  }

  /** The engine that the options name, {@code --threads} included. */
  static Options engine(Arguments arguments) {
    return engine(arguments, arguments.number(THREADS, 1, 1024).orElse(1));
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
