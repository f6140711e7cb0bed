package dev.kinglet.bench;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxWriter;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Runs Kinglet and its peers alternately on networks of the zoo and writes the table.
 *
 * <p>Every contestant is a process that holds one network; in each round all of them take a turn,
 * in a random order. A ratio is the median over the rounds of Kinglet's time to the peer's in the
 * same round.
 */
final class Race {
  private static final List<String> NETWORKS =
      List.of(
          "mobilenet_v1_100",
          "mobilenet_v2_100",
          "mobilenet_v2_050",
          "mobilenet_v3_large_100",
          "mobilenet_v3_small_100",
          "shufflenet_v1_g3_x1_0",
          "shufflenet_v2_x0_5",
          "shufflenet_v2_x1_0",
          "ghostnet_100",
          "efficientnet_lite0",
          "se_resnet18",
          "hybridsn_indian_pines");

  private final Map<String, String> options;
  private final Path folder;
  private final File log;

  private Race(Map<String, String> options, Path folder) {
    this.options = options;
    this.folder = folder;
    this.log = folder.resolve("contestants.log").toFile();
  }

  /**
   * Options, each as {@code key=value}: {@code networks}, {@code contestants}, {@code threads},
   * {@code batch} (lists with commas; a contestant {@code zoo} is Kinglet with the network from the
   * zoo's code, and one that ends in {@code .onnx} is Kinglet with that file), {@code rounds},
   * {@code seconds} (a turn), {@code python} (an interpreter with the Python peers), {@code out}
   * (file name without ending).
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("networks", String.join(",", NETWORKS));
    options.put("contestants", "kinglet-auto,onnxruntime-java");
    options.put("threads", "1,2");
    options.put("batch", "1,8");
    options.put("rounds", "9");
    options.put("seconds", "0.3");
    options.put("python", "python3");
    options.put("out", "race");
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2 || options.replace(parts[0], parts[1]) == null) {
        System.err.println("'" + argument + "' is none of " + options.keySet() + " as key=value.");
        System.exit(2);
      }
    }
    Path folder = Files.createTempDirectory("kinglet-race");
    List<Result> results = new Race(options, folder).run();
    Table.write(Path.of(options.get("out")), results, arguments);
    System.out.println(Table.markdown(results, arguments));
  }

  private List<String> list(String key) {
    return Arrays.asList(options.get(key).split(","));
  }

  private List<Result> run() throws IOException {
    List<Result> results = new ArrayList<>();
    for (String network : list("networks")) {
      Variant variant = Zoo.variant(network);
      Graph graph = variant.build();
      Path model = folder.resolve(network + ".onnx");
      OnnxWriter.write(
          new OnnxModel(graph, InitialWeights.of(graph, 1), Map.of()),
          model,
          OnnxWriter.Options.defaults());
      for (String threads : list("threads")) {
        for (String batch : list("batch")) {
          Task task =
              new Task(
                  network,
                  model,
                  graph.input().shape().toString(),
                  Integer.parseInt(threads),
                  Integer.parseInt(batch));
          results.add(race(task));
        }
      }
    }
    return results;
  }

  private Result race(Task task) throws IOException {
    Map<Contestant, List<Double>> times = new LinkedHashMap<>();
    Map<String, String> versions = new LinkedHashMap<>();
    for (String name : list("contestants")) {
      String shown = name.substring(name.lastIndexOf('/') + 1);
      Contestant contestant = new Contestant(shown, command(name, task.threads()), log);
      Optional<String> version = contestant.load(task);
      if (version.isPresent()) {
        versions.put(shown, version.get());
        times.put(contestant, new ArrayList<>());
      } else {
        contestant.close();
      }
    }
    Random random = new Random(task.hashCode());
    for (int round = 0; round < Integer.parseInt(options.get("rounds")); round++) {
      List<Contestant> order = new ArrayList<>(times.keySet());
      Collections.shuffle(order, random);
      for (Contestant contestant : order) {
        times.get(contestant).add(contestant.turn(Double.parseDouble(options.get("seconds"))));
      }
    }
    Map<String, List<Double>> byName = new LinkedHashMap<>();
    for (Map.Entry<Contestant, List<Double>> entry : times.entrySet()) {
      byName.put(entry.getKey().name(), entry.getValue());
      entry.getKey().close();
    }
    Result result = new Result(task, versions, byName);
    System.err.println(Table.line(result));
    return result;
  }

  private List<String> command(String name, int threads) {
    if (name.startsWith("kinglet-")) {
      return java(KingletContestant.class, name.substring("kinglet-".length()), "task");
    }
    if (name.equals("zoo") || name.endsWith(".onnx")) {
      return java(KingletContestant.class, "auto", name);
    }
    if (name.equals("onnxruntime-java")) {
      return java(OnnxRuntimeContestant.class);
    }
    return List.of(
        "env", "OMP_NUM_THREADS=" + threads, options.get("python"), "bench/peers.py", name);
  }

  /** The command of another Java process with this one's class path. */
  static List<String> java(Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    return command;
  }
}
