package dev.kinglet.train;

import dev.kinglet.Labels;
import dev.kinglet.Model;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run from its first step, or from where it was saved, to its model and report. */
final class TrainingRun {
  private TrainingRun() {}

  /** Begins a run in a new folder. */
  static void begin(Map<String, String> chosen, Path out, Console console) {
    Map<String, String> complete = new LinkedHashMap<>(chosen);
    if (complete.getOrDefault("recipe", "").isEmpty()) {
      complete.put("recipe", Task.usualRecipe(chosen));
    }
    RunSettings settings = RunSettings.of(complete);
    prepare(settings);
    Task task = Task.of(settings, console);
    int seed = settings.whole("seed");
    Weights initial;
    String transfer = null;
    if (settings.has("weights")) {
      Transfer from = Transfer.from(Path.of(settings.text("weights")), task.graph(), seed);
      initial = from.weights();
      transfer = settings.text("weights") + ": " + from.describe();
      console.line(transfer);
    } else {
      initial = Transfer.initial(task.graph(), seed);
    }
    try (RunFolder folder = RunFolder.begin(out, settings)) {
      task.files().forEach(folder::write);
      if (transfer != null) {
        folder.write("transfer.txt", transfer + "\n");
      }
      train(settings, task, initial, folder, null, console);
    }
  }

  /** Goes on with a run. */
  static void resume(Path out, Console console) {
    try (RunFolder folder = RunFolder.resume(out)) {
      RunSettings settings = folder.settings();
      prepare(settings);
      Task task = Task.of(settings, console);
      RunFolder.Saved saved = folder.load();
      Weights initial = null;
      if (saved == null) {
        int seed = settings.whole("seed");
        initial =
            settings.has("weights")
                ? Transfer.from(Path.of(settings.text("weights")), task.graph(), seed).weights()
                : Transfer.initial(task.graph(), seed);
      }
      task.files().forEach(folder::write);
      train(settings, task, initial, folder, saved, console);
    }
  }

  private static void prepare(RunSettings settings) {
    LibTorch.load();
    if (settings.whole("threads") > 0) {
      LibTorch.threads(settings.whole("threads"));
    }
  }

  private static void train(
      RunSettings settings,
      Task task,
      Weights initial,
      RunFolder folder,
      RunFolder.Saved saved,
      Console console) {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    // Ctrl-C runs this hook beside the loop, which ends after its step and saves; the process
    // waits.
    Thread hook =
        new Thread(
            () -> {
              stop.set(true);
              try {
                ended.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    task.notes().forEach(console::line);
    console.line(
        "%s: %,d samples to learn from, %,d to judge by, %d classes, recipe %s"
            .formatted(
                settings.text("variant"),
                task.train().size(),
                task.held().size(),
                task.train().classes().size(),
                settings.text("recipe")));
    try (Trainer trainer =
        new Trainer(settings, task, initial, folder, saved, console, stop::get)) {
      if (trainer.run()) {
        finish(settings, task, trainer, folder, console);
      } else {
        console.line("Stopped and saved; go on with: kinglet train --resume " + folder.path());
      }
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          e.getMessage()
              + " What was saved before is whole: kinglet train --resume "
              + folder.path()
              + " goes on from there.",
          e);
    } finally {
      ended.countDown();
      if (!stop.get()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  private static void finish(
      RunSettings settings, Task task, Trainer trainer, RunFolder folder, Console console) {
    TorchNetwork network = trainer.judgedNetwork();
    Evaluation evaluation = trainer.evaluate();
    List<String> classes = task.train().classes();
    Model model =
        new Model(
            task.graph(),
            network.weights(),
            task.recipe(),
            new Labels(classes, List.of()),
            Map.of("trained_with", "kinglet train", "variant", settings.text("variant")));
    model.save(folder.path().resolve("model.onnx"));
    task.cube().ifPresent(c -> c.finish(network, folder.path(), settings.whole("batch")));
    if (task.cube().isPresent()) {
      folder.write("accuracy.txt", CubeTask.table(evaluation.confusion()));
      console.line(CubeTask.table(evaluation.confusion()).stripTrailing());
    }
    folder.write("report.html", Report.html(settings, task, folder, evaluation));
    console.line(
        "%.2f %% of %,d held-out samples are right; model.onnx and report.html are in %s"
            .formatted(100 * evaluation.confusion().overall(), task.held().size(), folder.path()));
  }
}
