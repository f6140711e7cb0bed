package dev.kinglet.engine.lower;

import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Steps whose inputs are all known are computed now; arithmetic with one known number a channel
 * becomes an affine step, which folds into weights like a batch norm.
 *
 * @param evaluate runs a program that has no use for its input
 */
record Constants(Function<Program, float[]> evaluate) {

  Program apply(Program program) {
    if (program.constants().isEmpty()) {
      return program;
    }
    Map<Value, Tensor> known = new LinkedHashMap<>(program.constants());
    Map<Value, float[]> read = new HashMap<>();
    List<Step> steps = new ArrayList<>();
    for (Step step : program.steps()) {
      if (step.inputs().stream().allMatch(view -> known.keySet().containsAll(view.values()))) {
        float[] result =
            evaluate.apply(
                new Program(
                    step.name(), program.input(), known, List.of(step), View.of(step.output())));
        known.put(step.output(), Tensor.of(step.output().shape(), result));
      } else {
        steps.add(step instanceof Step.Binary binary ? affine(binary, known, read) : step);
      }
    }
    return new Program(program.name(), program.input(), known, steps, program.output());
  }

  private static Step affine(Step.Binary step, Map<Value, Tensor> known, Map<Value, float[]> read) {
    boolean rightKnown = known.keySet().containsAll(step.right().values());
    View number = rightKnown ? step.right() : step.left();
    View other = rightKnown ? step.left() : step.right();
    Shape shape = step.output().shape();
    if (!known.keySet().containsAll(number.values())
        || number.area() != 1
        || !other.shape().equals(shape)) {
      return step;
    }
    float[] scale = new float[other.channels()];
    float[] shift = new float[other.channels()];
    for (int c = 0; c < scale.length; c++) {
      int from = number.channels() == 1 ? 0 : c;
      float[] data = read.computeIfAbsent(number.value(from), v -> known.get(v).toFloats());
      float x = data[number.channel(from)];
      switch (step.kind()) {
        case ADD -> {
          scale[c] = 1;
          shift[c] = x;
        }
        case SUBTRACT -> {
          scale[c] = rightKnown ? 1 : -1;
          shift[c] = rightKnown ? -x : x;
        }
        case MULTIPLY -> scale[c] = x;
        case DIVIDE -> {
          float inverse = 1 / x;
          if (!rightKnown || Math.abs(inverse) < Float.MIN_NORMAL || !Float.isFinite(inverse)) {
            return step;
          }
          scale[c] = inverse;
        }
        case POWER, MAXIMUM, MINIMUM -> {
          return step;
        }
      }
    }
    return new Step.Affine(step.name(), other, scale, shift, step.tail(), step.output());
  }
}
