package dev.kinglet.cli;

import dev.kinglet.cli.words.Arguments;
import dev.kinglet.cli.words.Operands;
import dev.kinglet.cli.words.Option;
import dev.kinglet.cli.words.Syntax;
import dev.kinglet.formats.pull.WeightCache;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.zoo.Checkpoint;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Fetches a variant's official weights. */
final class PullCommand implements Command {
  private static final Option FILE =
      Option.value("--file", "NAME", "another file than the first that has an address");
  private static final long MEGABYTE = 1_000_000;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "pull",
        "Fetches a network's official weights from the address that its publisher gives.",
        Operands.one("VARIANT"),
        List.of(FILE),
        List.of(
            "The file is checked against the publisher's SHA-256 (or the digits of it in the file's"
                + " name) before it is used, and kept in KINGLET_CACHE or ~/.cache/kinglet. An"
                + " interrupted download goes on where it stopped. Nothing is ever fetched by any"
                + " other command; KINGLET_OFFLINE=1 forbids it here too. Then kinglet predict"
                + " --variant VARIANT needs no other option."),
        List.of(
            "kinglet pull mobilenet_v2_100", "kinglet predict --variant mobilenet_v2_100 cat.jpg"));
  }

  @Override
  public int run(Arguments arguments, Console console) {
    Checkpoint checkpoint = checkpoint(Zoo.variant(arguments.operand()), arguments);
    try (Download download = new Download(console)) {
      Path file = WeightCache.standard().pull(checkpoint, download);
      console.line(file + " (" + checkpoint.host() + ", " + checkpoint.licence() + ")");
    }
    return 0;
  }

  private static Checkpoint checkpoint(Variant variant, Arguments arguments) {
    List<String> names = new ArrayList<>();
    for (Checkpoint checkpoint : variant.checkpoints()) {
      boolean wanted =
          arguments.has(FILE)
              ? checkpoint.file().equals(arguments.text(FILE).orElseThrow())
              : checkpoint.address().isPresent();
      if (wanted) {
        return checkpoint;
      }
      names.add(checkpoint.file());
    }
    if (!arguments.has(FILE) || names.isEmpty()) {
      throw new InvalidInputException(
          "There are no official weights of " + variant.name() + " with an address.");
    }
    throw new InvalidInputException(
        "There is no such file for "
            + variant.name()
            + "; there are "
            + String.join(", ", names)
            + ".");
  }

  /** Shows how far a download has come, in megabytes. */
  private static final class Download implements dev.kinglet.formats.pull.Progress, AutoCloseable {
    private final Console console;
    private Progress progress;

    Download(Console console) {
      this.console = console;
    }

    @Override
    public void report(long done, OptionalLong total) {
      if (progress == null && total.isPresent()) {
        progress = new Progress(console, "MB", total.getAsLong() / MEGABYTE);
      }
      while (progress != null && progress.done() < done / MEGABYTE) {
        progress.step();
      }
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
      }
    }
  }
}
