package dev.kinglet.engine.lower;

import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A lowered network for one sample: steps in an order in which each can run.
 *
 * <p>Immutable. Every value is written by one step, or is the input, or is constant.
 *
 * @param name of the graph
 * @param input the sample that is given: row-major in its shape
 * @param constants values that are known, in the order of their ids
 * @param steps each reads only what stands before it
 * @param output the answer, handed out row-major in its shape
 */
public record Program(
    String name, Value input, Map<Value, Tensor> constants, List<Step> steps, View output) {

  /** Copies the collections. */
  public Program {
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    steps = List.copyOf(steps);
  }

  /** The same program with other steps. */
  public Program with(List<Step> changed) {
    return new Program(name, input, constants, changed, output);
  }

  /** How many views of steps, and the output, read each value. */
  Map<Value, Integer> readers() {
    Map<Value, Integer> readers = new HashMap<>();
    for (Step step : steps) {
      for (View view : step.inputs()) {
        view.values().forEach(value -> readers.merge(value, 1, Integer::sum));
      }
    }
    output.values().forEach(value -> readers.merge(value, 1, Integer::sum));
    return readers;
  }

  /**
   * Where the values that steps write could lie, four bytes a number, in the order of the steps: a
   * measure of what the program needs, whatever layout a back end chooses.
   */
  public MemoryPlan memory() {
    Map<Value, Integer> last = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      last.put(steps.get(i).output(), i);
      for (View view : steps.get(i).inputs()) {
        for (Value value : view.values()) {
          last.put(value, i);
        }
      }
    }
    output.values().forEach(value -> last.put(value, steps.size()));
    List<MemoryPlan.Life> lives = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Value value = steps.get(i).output();
      lives.add(new MemoryPlan.Life(i, last.get(value), 4L * value.shape().elements()));
    }
    return MemoryPlan.of(lives, 64);
  }

  /** One line a step, and the memory that they need. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    line(text, input + " " + input.shape() + " = input");
    constants.forEach((value, data) -> line(text, value + " " + value.shape() + " = constant"));
    steps.forEach(step -> line(text, step.description()));
    line(text, "output " + output.shape() + " = " + output);
    line(text, String.format(Locale.ROOT, "memory %,d bytes at its peak", memory().peak()));
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(System.lineSeparator()).append("  ").append(line);
  }
}
