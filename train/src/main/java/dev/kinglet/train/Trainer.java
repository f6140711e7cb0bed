package dev.kinglet.train;

import dev.kinglet.data.Batch;
import dev.kinglet.data.Loader;
import dev.kinglet.data.Mixing;
import dev.kinglet.data.Seeds;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import tools.jackson.databind.node.ObjectNode;

/**
 * The loop: steps, figures, and saving, from wherever the run was saved last.
 *
 * <p>Every random number follows from the run's seed and the number of the step, so that nothing
 * but tensors and counters has to be saved.
 */
final class Trainer implements AutoCloseable {
  private static final List<String> NO_CURVES =
      List.of("epoch", "step", "seconds", "processor_seconds");

  private final RunSettings settings;
  private final Task task;
  private final RunFolder folder;
  private final Console console;
  private final BooleanSupplier stop;
  private final TorchNetwork network;
  private final TorchNetwork average;
  private final Optimizer optimizer;
  private final Loader loader;
  private final int epochs;
  private final int batch;
  private final Schedule schedule;
  private final Set<String> counters;
  private final TrainingStep step;
  private final Progress progress;
  private Duration processor = Duration.ZERO;

  Trainer(
      RunSettings settings,
      Task task,
      Weights initial,
      RunFolder folder,
      RunFolder.Saved saved,
      Console console,
      BooleanSupplier stop) {
    this.settings = settings;
    this.task = task;
    this.folder = folder;
    this.console = console;
    this.stop = stop;
    epochs = settings.whole("epochs");
    batch = Math.min(settings.whole("batch"), task.train().size());
    schedule = Schedule.parse(settings.text("schedule"));
    progress = saved == null ? new Progress() : Progress.of(saved.state());
    Graph graph = task.graph();
    network = new TorchNetwork(graph, saved == null ? initial : part(graph, saved, ""));
    network.normMomentum(settings.number("norm_momentum"));
    average =
        settings.number("ema") > 0
            ? new TorchNetwork(graph, saved == null ? initial : part(graph, saved, "ema/"))
            : null;
    Freezing.apply(network, settings.text("freeze"));
    counters =
        graph.parameters().stream()
            .filter(p -> p.role() == Parameter.Role.COUNTER)
            .map(Parameter::name)
            .collect(Collectors.toSet());
    Map<String, Shape> shapes = new HashMap<>();
    graph.parameters().forEach(p -> shapes.put(p.name(), p.shape()));
    boolean norms = settings.flag("decay_norms");
    optimizer =
        new Optimizer(
            network.learned(),
            settings.rule(),
            settings.number("decay"),
            name -> norms || shapes.get(name).rank() > 1);
    step =
        new TrainingStep(
            network,
            optimizer,
            Precision.named(settings.text("precision")),
            settings.number("smoothing"),
            settings.number("clip"));
    loader =
        new Loader(
            task.train(),
            new Mixing(settings.number("mixup"), settings.number("cutmix")),
            batch,
            settings.whole("seed"),
            settings.whole("workers"));
    if (saved != null) {
      restore(saved);
    }
  }

  private static Weights part(Graph graph, RunFolder.Saved saved, String prefix) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      Tensor tensor = saved.tensors().get(prefix + parameter.name());
      if (tensor != null) {
        weights.put(parameter.name(), tensor);
      }
    }
    return Weights.of(weights);
  }

  private void restore(RunFolder.Saved saved) {
    try (PointerScope _ = new PointerScope()) {
      Map<String, org.bytedeco.pytorch.Tensor> slots = new LinkedHashMap<>();
      saved
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith("optimizer/")) {
                  long[] sizes = TorchTensors.longs(tensor.shape().toList());
                  slots.put(
                      name.substring("optimizer/".length()),
                      network.layout(TorchTensors.of(tensor.toFloats(), sizes)));
                }
              });
      optimizer.restore(saved.state().get("optimizer_steps").asLong(), slots);
    }
  }

  private void save() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(network.weights().tensors());
    if (average != null) {
      average.weights().tensors().forEach((name, tensor) -> tensors.put("ema/" + name, tensor));
    }
    try (PointerScope _ = new PointerScope()) {
      optimizer
          .state()
          .forEach(
              (name, tensor) -> {
                int[] sizes = new int[(int) tensor.dim()];
                java.util.Arrays.setAll(sizes, axis -> (int) tensor.size(axis));
                tensors.put(
                    "optimizer/" + name, Tensor.of(Shape.of(sizes), TorchTensors.floats(tensor)));
              });
    }
    ObjectNode state = RunFolder.JSON.createObjectNode();
    progress.write(state);
    state.put("optimizer_steps", optimizer.steps());
    folder.save(state, tensors);
  }

  /**
   * Trains to the end.
   *
   * @return false if it was asked to stop before; the run is saved then
   */
  boolean run() {
    int most = settings.whole("max_steps");
    while (progress.epoch < epochs) {
      if (most > 0 && progress.step >= most) {
        if (progress.place > 0) {
          // The run was broken off between its last save and its model.
          logPart(new Spent(0, 0));
        }
        return true;
      }
      long begun = System.nanoTime();
      int first = progress.place;
      loader.begin(progress.epoch, first);
      Meter meter = new Meter(console, progress, epochs, loader.batches(), batch);
      while (progress.place < loader.batches()) {
        step();
        meter.show(loader.waited());
        boolean enough = most > 0 && progress.step >= most && progress.place < loader.batches();
        if (stop.getAsBoolean() || enough) {
          double seconds = (System.nanoTime() - begun) / 1e9;
          progress.seconds += seconds;
          save();
          if (stop.getAsBoolean()) {
            return false;
          }
          logPart(new Spent(seconds, progress.place - first));
          return true;
        }
        if (progress.step % settings.whole("save_every") == 0) {
          save();
        }
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      progress.seconds += seconds;
      endEpoch(new Spent(seconds, loader.batches() - first));
    }
    return true;
  }

  /** The time that this process took for steps of one epoch, and how many they were. */
  private record Spent(double seconds, int steps) {}

  private void step() {
    Batch samples = loader.take();
    double epoch = progress.epoch + (double) progress.place / loader.batches();
    double rate = rate(epoch);
    long seed = Seeds.mix(settings.whole("seed"), progress.step, 3);
    TrainingStep.Outcome outcome = step.run(samples, rate, seed);
    progress.count(outcome.loss(), outcome.right(), samples.size());
    if (average != null) {
      track();
    }
  }

  private double rate(double epoch) {
    return settings.peak(batch)
        * schedule.warmed(
            epoch,
            epochs,
            Math.min(settings.number("warmup"), epochs / 2.0),
            settings.number("warmup_start"));
  }

  /** The moving average of weights and statistics, quicker while young. */
  private void track() {
    double keep = Math.min(settings.number("ema"), (1.0 + progress.step) / (10 + progress.step));
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      average
          .tensors()
          .forEach(
              (name, tensor) -> {
                org.bytedeco.pytorch.Tensor now = network.tensors().get(name);
                if (counters.contains(name)) {
                  tensor.copy_(now);
                } else {
                  tensor.mul_(TorchTensors.scalar(keep)).add_(now, TorchTensors.scalar(1 - keep));
                }
              });
    }
  }

  private void endEpoch(Spent spent) {
    boolean judged =
        (progress.epoch + 1) % settings.whole("judge_every") == 0 || progress.epoch + 1 == epochs;
    double accuracy = log(spent, judged);
    progress.endEpoch();
    if (judged && accuracy > progress.best) {
      progress.best = accuracy;
      folder.saveBest(judgedNetwork().weights());
    }
    save();
  }

  /**
   * The line of an epoch that a limit on steps ends early. It follows the save: a run that later
   * goes on drops it, and comes to the numbers of a run without the limit.
   */
  private void logPart(Spent spent) {
    log(spent, true);
    if (progress.best < 0) {
      folder.saveBest(judgedNetwork().weights());
    }
  }

  /**
   * Writes and prints the line of the epoch so far.
   *
   * @return the accuracy on held-out samples, -1 if it was not asked for
   */
  private double log(Spent spent, boolean judged) {
    double waiting = loader.takeWaited() / 1e6 / Math.max(1, spent.steps());
    double speed = spent.steps() == 0 ? 0 : spent.steps() * (double) batch / spent.seconds();
    ObjectNode line = RunFolder.JSON.createObjectNode();
    line.put("epoch", progress.epoch + 1).put("step", progress.step);
    line.put("loss", progress.loss / progress.place);
    line.put("accuracy", (double) progress.right / progress.seen);
    StringBuilder said = new StringBuilder();
    said.append(
        "epoch %d of %d: loss %.4f, accuracy %.2f %%"
            .formatted(
                progress.epoch + 1,
                epochs,
                line.get("loss").asDouble(),
                100 * line.get("accuracy").asDouble()));
    double accuracy = -1;
    if (judged) {
      Evaluation evaluation = evaluate();
      accuracy = evaluation.confusion().overall();
      line.put("val_loss", evaluation.loss()).put("val_accuracy", accuracy);
      said.append(
          "; held out: loss %.4f, accuracy %.2f %%".formatted(evaluation.loss(), 100 * accuracy));
    }
    line.put("learning_rate", rate(progress.epoch + (progress.place - 1.0) / loader.batches()));
    // Times differ from run to run; everything before them does not.
    line.put("seconds", spent.seconds()).put("samples_per_second", speed);
    line.put("waiting_ms_per_step", waiting);
    line.put("processor_seconds", processorSeconds());
    said.append("; %.0f samples/s, %.1f ms waiting a step".formatted(speed, waiting));
    Map<String, Double> scalars = new LinkedHashMap<>();
    line.properties().forEach(entry -> scalars.put(entry.getKey(), entry.getValue().asDouble()));
    NO_CURVES.forEach(scalars::remove);
    folder.log(progress.epoch + 1, line, scalars);
    console.line(said.toString());
    return accuracy;
  }

  /** What the whole process has computed since this was asked last, or since it began. */
  private double processorSeconds() {
    Duration all = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    double since = all.minus(processor).toNanos() / 1e9;
    processor = all;
    return since;
  }

  /** The moving average where there is one. */
  TorchNetwork judgedNetwork() {
    return average == null ? network : average;
  }

  Evaluation evaluate() {
    return Evaluation.of(judgedNetwork(), task.held(), batch);
  }

  @Override
  public void close() {
    loader.close();
  }
}
