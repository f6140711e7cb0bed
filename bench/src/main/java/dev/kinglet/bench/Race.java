package dev.kinglet.bench;

import dev.kinglet.engine.SettledWeights;
import dev.kinglet.graph.Graph;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxWriter;
import dev.kinglet.zoo.Zoo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Runs Kinglet and its peers alternately on networks of the zoo and writes the table.
 *
 * <p>Every contestant is a process that holds one network; in each round all of them take a turn,
 * in a random order. A ratio is the median over the rounds of Kinglet's time to the peer's in the
 * same round. A contestant whose numbers are not the first one's does not take part. Turns on
 * several threads count while the processors are cores of their own ({@link Cores}).
 */
final class Race {
  static final List<String> NETWORKS =
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

  /** How far the numbers of two contestants may lie apart, as a part of the largest. */
  private static final double SAME = 1e-3;

  private static final String OTHERWISE = "absent it computes other numbers than the first one";

  private final Map<String, String> options;
  private final Path folder;
  private final File log;

  /** The networks whose models were compared with the folder's. */
  private final Set<String> written = new HashSet<>();

  /** By the number of threads. */
  private final Map<Integer, Cores> cores = new HashMap<>();

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
    options.put("cache", "bench/target/models");
    options.put("tasks", "1000");
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2 || options.replace(parts[0], parts[1]) == null) {
        System.err.println("'" + argument + "' is none of " + options.keySet() + " as key=value.");
        System.exit(2);
      }
    }
    Path folder = Files.createDirectories(Path.of(options.get("cache"))).toAbsolutePath();
    new Race(options, folder).run(String.join(" ", arguments));
  }

  private List<String> list(String key) {
    return Arrays.asList(options.get(key).split(","));
  }

  private void run(String arguments) throws IOException {
    Path out = Path.of(options.get("out"));
    int rounds = Integer.parseInt(options.get("rounds"));
    List<Result> results = new ArrayList<>(Table.read(out));
    int left = Integer.parseInt(options.get("tasks"));
    for (Task task : tasks()) {
      boolean done = results.stream().anyMatch(result -> result.task().same(task));
      if (rounds == 0) {
        write(task);
      } else if (left > 0 && !done) {
        write(task);
        results.add(race(task, rounds));
        Table.write(out, results, arguments);
        left--;
      }
    }
    if (rounds > 0) {
      System.out.println(Table.markdown(results, arguments));
    }
  }

  private List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (String network : list("networks")) {
      Graph graph = Zoo.variant(network).build();
      Path model = folder.resolve(network + ".onnx");
      for (String threads : list("threads")) {
        for (String batch : list("batch")) {
          String input = graph.input().shape().toString();
          tasks.add(
              new Task(network, model, input, Integer.parseInt(threads), Integer.parseInt(batch)));
        }
      }
    }
    return tasks;
  }

  /** A task's model, once a run, and anew only if it differs: what is converted stays newer. */
  private void write(Task task) throws IOException {
    if (!written.add(task.network())) {
      return;
    }
    Graph graph = Zoo.variant(task.network()).build();
    Path fresh = folder.resolve(task.network() + ".new");
    OnnxWriter.write(
        new OnnxModel(graph, SettledWeights.of(graph, 1), Map.of()),
        fresh,
        OnnxWriter.Options.defaults());
    if (Files.exists(task.model()) && Files.mismatch(fresh, task.model()) < 0) {
      Files.delete(fresh);
    } else {
      Files.move(fresh, task.model(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Result race(Task task, int rounds) throws IOException {
    double seconds = Double.parseDouble(options.get("seconds"));
    Result result = new Result(task);
    List<Contestant> contestants = new ArrayList<>();
    float[] expected = null;
    for (String name : list("contestants")) {
      String shown = name.substring(name.lastIndexOf('/') + 1);
      Contestant contestant = new Contestant(shown, command(name, task.threads()), log);
      String answer = contestant.load(task);
      if (answer.startsWith("ready ")) {
        float[] numbers = contestant.numbers();
        expected = expected == null ? numbers : expected;
        answer = difference(expected, numbers) > SAME ? OTHERWISE : answer;
      }
      if (answer.startsWith("ready ")) {
        result.versions().put(shown, answer.substring("ready ".length()));
        result.times().put(shown, new ArrayList<>());
        contestants.add(contestant);
      } else {
        result.absent().put(shown, answer.replace("absent ", "").replace(',', ';'));
        contestant.close();
      }
    }
    Random random = new Random(task.hashCode());
    Cores own = task.threads() > 1 ? cores.computeIfAbsent(task.threads(), Cores::new) : null;
    for (int round = 0; round < rounds; round++) {
      List<Contestant> order = new ArrayList<>(contestants);
      Collections.shuffle(order, random);
      for (Contestant contestant : order) {
        double time =
            own == null ? contestant.turn(seconds) : own.measured(() -> contestant.turn(seconds));
        result.times().get(contestant.name()).add(time);
      }
    }
    contestants.forEach(Contestant::close);
    System.err.println(Table.line(result));
    return result;
  }

  /** The largest difference, as a part of the largest number. */
  private static double difference(float[] expected, float[] actual) {
    if (actual.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double here = Math.abs(expected[i] - actual[i]);
      difference = here <= difference ? difference : here;
    }
    return difference / largest;
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
    if (name.equals("tflite")) {
      return java(TensorFlowLiteContestant.class);
    }
    if (name.equals("libtorch")) {
      List<String> command = new ArrayList<>(List.of("env", "OMP_NUM_THREADS=" + threads));
      command.addAll(LibTorchContestant.MALLOC);
      command.addAll(java(LibTorchContestant.class));
      return command;
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
