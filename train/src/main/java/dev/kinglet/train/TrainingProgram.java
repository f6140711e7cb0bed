package dev.kinglet.train;

import dev.kinglet.graph.InvalidInputException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.spi.ToolProvider;

/**
 * Training as the command line starts it, found as a {@link ToolProvider} so that nothing else
 * needs LibTorch.
 *
 * <p>Arguments: {@code begin OUT key=value...} or {@code resume OUT}; {@code terminal} in front
 * lets progress be shown. Ends with 0, 2 (the input is at fault, one sentence on {@code err}) or 1.
 */
public final class TrainingProgram implements ToolProvider {
  /** Made by the service loader. */
  public TrainingProgram() {}

  @Override
  public String name() {
    return "kinglet-train";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... arguments) {
    int first = arguments.length > 0 && arguments[0].equals("terminal") ? 1 : 0;
    Console console = new Console(out, err, first == 1);
    try {
      switch (arguments[first]) {
        case "begin" -> {
          Map<String, String> chosen = new LinkedHashMap<>();
          for (int i = first + 2; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            chosen.put(pair[0], pair[1]);
          }
          TrainingRun.begin(chosen, Path.of(arguments[first + 1]), console);
        }
        case "resume" -> TrainingRun.resume(Path.of(arguments[first + 1]), console);
        default -> throw new IllegalArgumentException(arguments[first]);
      }
      return 0;
    } catch (InvalidInputException e) {
      console.clear();
      err.println("kinglet: " + e.getMessage());
      err.flush();
      return 2;
    }
  }
}
