package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.cli.words.UsageException;
import dev.kinglet.graph.InvalidInputException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;

/**
 * Hands training to the module that has LibTorch, if the launcher put it on the class path.
 *
 * <p>Nothing else of the command line knows that module, so no other command loads or waits for it.
 */
final class TrainCommand implements Command {
  private static final Option OUT =
      Option.value("--out", "RUN", "the run's folder, which must not hold a run yet");
  private static final Option RESUME =
      Option.value("--resume", "RUN", "goes on with a run; takes no other options");

  /** Each is handed on under its name without dashes. */
  private static final List<Option> SETTINGS =
      List.of(
          Option.value(
              "--data", "FOLDER|CUBE", "class folders, a zip of them, or a .mat or .npy cube"),
          Option.value("--val", "FOLDER", "held-out pictures; else a share of each class is taken"),
          Option.value("--val-share", "X", "that share (default 0.1)"),
          Option.value("--truth", "GT.mat", "a cube's classes"),
          Option.value("--share", "X", "the share of a cube's pixels to learn (default 0.3)"),
          Option.choice("--split", List.of("random", "disjoint"), "which pixels of a cube"),
          Option.value(
              "--weights", "FILE", "begin from a checkpoint or model; its head may differ"),
          Option.value("--freeze", "NAMES", "'backbone', or what frozen names begin with"),
          Option.value("--recipe", "NAME", "published settings, such as mobilenet_v2 or small"),
          Option.value("--prepare", "NAME", "how pictures are prepared, as predict's --recipe"),
          Option.value("--epochs", "N", "times through the samples"),
          Option.value("--batch", "N", "samples a step"),
          Option.value("--lr", "X", "the peak learning rate"),
          Option.value("--optimizer", "NAME", "sgd, nesterov, rmsprop, rmsprop_tf, adam, adamw"),
          Option.value("--momentum", "X", "of sgd, nesterov and rmsprop"),
          Option.value("--schedule", "WORDS", "cosine, linear, step:30:0.1, onecycle:0.1, ..."),
          Option.value("--warmup", "EPOCHS", "a linear rise in front"),
          Option.value("--decay", "X", "weight decay, not of norms and biases"),
          Option.value("--decay-norms", "true|false", "weight decay of norms and biases too"),
          Option.value("--smoothing", "X", "label smoothing"),
          Option.value("--ema", "X", "moving average of weights, such as 0.999; 0 for none"),
          Option.value(
              "--norm-momentum",
              "X",
              "a batch's share in batch norms' statistics; 0: the network's own"),
          Option.value("--clip", "X", "the largest norm of all gradients; 0 for any"),
          Option.value("--dropout", "X", "instead of the variant's own"),
          Option.value("--drop-path", "X", "of the last block, instead of the variant's own"),
          Option.value("--crop", "WORDS", "centre, resized:0.25 or padded:4"),
          Option.value("--flip", "true|false", "mirror half of the pictures"),
          Option.value("--jitter", "X", "of brightness, contrast and colour"),
          Option.value("--policy", "WORDS", "none, trivial or rand:2:9"),
          Option.value("--erasing", "X", "how often a rectangle is erased"),
          Option.value("--mixup", "X", "Beta's parameter; 0 for none"),
          Option.value("--cutmix", "X", "Beta's parameter; 0 for none"),
          Option.value("--seed", "N", "every random choice follows from it (default 1)"),
          Option.value("--threads", "N", "of one operator (default: the system's cores)"),
          Option.value("--workers", "N", "threads that prepare samples (default 1)"),
          Option.choice(
              "--precision",
              List.of("float32", "bfloat16"),
              "of a step; bfloat16 speeds dense convolutions"),
          Option.value("--judge-every", "N", "epochs from one evaluation to the next (default 1)"),
          Option.value("--save-every", "N", "steps between saves within an epoch (default 500)"),
          Option.value("--max-steps", "N", "end the run early, after that many steps"),
          Option.value("--cache", "FOLDER", "where decoded pictures are kept"),
          VariantOptions.INPUT);

  @Override
  public Syntax syntax() {
    List<Option> options = new ArrayList<>(List.of(OUT, RESUME));
    options.addAll(SETTINGS);
    options.add(VariantOptions.SET);
    return new Syntax(
        "train",
        "Teaches a network your own pictures, or a hyperspectral cube.",
        Operands.optional("VARIANT"),
        options,
        List.of(
            "The run is a folder: configuration, figures (also for TensorBoard), the last and the"
                + " best weights, model.onnx and report.html. Ctrl-C saves and says how to go on.",
            "The first training builds the module with LibTorch, some 113 MB."),
        List.of(
            "kinglet train mobilenet_v2_100 --data pictures --out run --weights mobilenet_v2.pth",
            "kinglet train hybridsn_indian_pines --data cube.mat --truth gt.mat --out run",
            "kinglet train --resume run"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    List<String> words = new ArrayList<>();
    if (Terminal.isAt(2)) {
      words.add("terminal");
    }
    if (arguments.has(RESUME)) {
      boolean alone =
          arguments.operands().isEmpty()
              && !arguments.has(OUT)
              && !arguments.has(VariantOptions.SET)
              && SETTINGS.stream().noneMatch(arguments::has);
      if (!alone) {
        throw new UsageException(
            "--resume goes on with a run as it was begun and takes nothing else", "train");
      }
      words.addAll(List.of("resume", arguments.neededPath(RESUME).toString()));
    } else {
      if (arguments.operands().isEmpty()) {
        throw new UsageException("train needs a VARIANT, or --resume RUN", "train");
      }
      if (!arguments.has(OUT)) {
        throw new UsageException("train needs --out RUN, the folder to write", "train");
      }
      words.addAll(List.of("begin", arguments.neededPath(OUT).toString()));
      words.add("variant=" + arguments.operand());
      for (Option option : SETTINGS) {
        arguments
            .text(option)
            .ifPresent(
                value -> words.add(option.name().substring(2).replace('-', '_') + "=" + value));
      }
      words.addAll(settings(arguments));
    }
    PrintWriter out = new PrintWriter(console.out());
    PrintWriter err = new PrintWriter(console.err());
    try {
      return program().run(out, err, words.toArray(String[]::new));
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static List<String> settings(Arguments arguments) {
    List<String> words = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    for (String pair : arguments.all(VariantOptions.SET)) {
      String key = pair.split("=", 2)[0];
      if (!keys.add(key)) {
        throw new InvalidInputException("--set gives the key '" + key + "' twice.");
      }
      words.add("set." + pair + (pair.contains("=") ? "" : "="));
    }
    return words;
  }

  private static ToolProvider program() {
    return ToolProvider.findFirst("kinglet-train")
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Training needs LibTorch, which is not on the class path; start it with the"
                        + " launcher, ./kinglet train, which builds and adds it."));
  }
}
