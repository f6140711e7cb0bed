package dev.kinglet.train;

import dev.kinglet.Model;
import dev.kinglet.formats.WeightFiles;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a network begins: entries of another file where names and shapes agree, fresh ones else.
 *
 * @param weights all of the graph's
 * @param taken names that came from the file
 * @param replaced names whose shape in the file is another, such as the head's
 * @param fresh names that the file does not have
 * @param unused names of the file that the graph does not have
 */
record Transfer(
    Weights weights,
    List<String> taken,
    List<String> replaced,
    List<String> fresh,
    List<String> unused) {

  /** Nothing but fresh weights. */
  static Weights initial(Graph graph, long seed) {
    return InitialWeights.of(graph, seed);
  }

  /**
   * Takes what fits from a checkpoint, a Kinglet model or another ONNX file.
   *
   * @throws InvalidInputException if less than half of the graph's learned values come from it
   */
  static Transfer from(Path file, Graph graph, long seed) {
    Weights given =
        file.toString().endsWith(".onnx") ? Model.open(file).weights() : WeightFiles.read(file);
    given = dev.kinglet.zoo.EntryNames.adapt(graph, given);
    Map<String, Tensor> all = new LinkedHashMap<>();
    List<String> taken = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    List<String> fresh = new ArrayList<>();
    List<String> unused = new ArrayList<>(given.names());
    long values = 0;
    for (Parameter parameter : graph.parameters()) {
      String name = parameter.name();
      unused.remove(name);
      boolean counter = parameter.role() == Parameter.Role.COUNTER;
      if (given.has(name) && (counter || given.get(name).shape().equals(parameter.shape()))) {
        taken.add(name);
        all.put(
            name,
            counter
                ? Tensor.counter(given.get(name).toLongs()[0])
                : Tensor.of(parameter.shape(), given.floats(name)));
        values += parameter.learned() ? parameter.shape().elements() : 0;
      } else {
        if (!counter) {
          (given.has(name) ? replaced : fresh).add(name);
        }
        all.put(name, InitialWeights.tensor(parameter, seed));
      }
    }
    long head =
        graph.parameters().stream()
            .filter(parameter -> parameter.learned() && replaced.contains(parameter.name()))
            .mapToLong(parameter -> parameter.shape().elements())
            .sum();
    if (2 * values < graph.parameterCount() - head) {
      throw new InvalidInputException(
          file
              + " has only "
              + taken.size()
              + " of the "
              + graph.parameters().size()
              + " entries of "
              + graph.name()
              + "; give weights of the same variant and settings.");
    }
    return new Transfer(Weights.of(all), taken, replaced, fresh, unused);
  }

  /** What was done, for the report. */
  String describe() {
    StringBuilder text = new StringBuilder();
    text.append(taken.size()).append(" entries taken");
    list(text, "replaced, for their shape is another", replaced);
    list(text, "fresh, for the file lacks them", fresh);
    list(text, "in the file but not in the network", unused);
    return text.append('.').toString();
  }

  private static void list(StringBuilder text, String what, List<String> names) {
    if (!names.isEmpty()) {
      text.append("; ").append(names.size()).append(' ').append(what).append(": ");
      text.append(String.join(", ", names));
    }
  }
}
