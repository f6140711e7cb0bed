package dev.kinglet.engine.lower;

import dev.kinglet.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Steps and constants that the answer does not depend on go. */
final class Unused {
  private Unused() {}

  static Program apply(Program program) {
    Set<Value> needed = new HashSet<>(program.output().values());
    List<Step> kept = new ArrayList<>();
    for (Step step : program.steps().reversed()) {
      if (needed.contains(step.output())) {
        kept.add(step);
        step.inputs().forEach(view -> needed.addAll(view.values()));
      }
    }
    Collections.reverse(kept);
    Map<Value, Tensor> constants = new LinkedHashMap<>(program.constants());
    constants.keySet().retainAll(needed);
    return new Program(program.name(), program.input(), constants, kept, program.output());
  }
}
