package dev.kinglet.engine.lower;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pass over a program's steps: the parts that every rewrite shares.
 *
 * <p>Steps are visited in order, each after its views were changed to what earlier visits replaced.
 */
final class Edit {
  /** What a rewrite does with one step. */
  interface Visitor {
    /** Emits the step, something else, or nothing. */
    void visit(Edit edit, Step step);
  }

  private final List<Step> steps = new ArrayList<>();
  private final Map<Value, Integer> writers = new HashMap<>();
  private final Map<Value, View> replaced = new HashMap<>();
  private final Map<Value, Integer> readers;

  private Edit(Program program) {
    this.readers = program.readers();
  }

  static Program run(Program program, Visitor visitor) {
    Edit edit = new Edit(program);
    for (Step step : program.steps()) {
      visitor.visit(edit, step.reading(view -> view.through(edit.replaced)));
    }
    List<Step> kept = new ArrayList<>();
    for (Step step : edit.steps) {
      if (step != null) {
        kept.add(step);
      }
    }
    return new Program(
        program.name(),
        program.input(),
        program.constants(),
        kept,
        program.output().through(edit.replaced));
  }

  /** Adds a step at the end. */
  void emit(Step step) {
    writers.put(step.output(), steps.size());
    steps.add(step);
  }

  /** Removes a step emitted earlier, whose value nothing reads any more. */
  void drop(Step step) {
    steps.set(writers.remove(step.output()), null);
  }

  /** Lets everything that would read {@code gone} read this view. */
  void replace(Value gone, View by) {
    replaced.put(gone, by);
  }

  /** The step already emitted that writes the value which this view sees whole. */
  Optional<Step> writer(View view) {
    Integer at = view.whole() ? writers.get(view.value(0)) : null;
    return at == null ? Optional.empty() : Optional.of(steps.get(at));
  }

  /** As {@link #writer}, if nothing but this view reads the value. */
  Optional<Step> onlyFor(View view) {
    return readers.getOrDefault(view.value(0), 0) == 1 ? writer(view) : Optional.empty();
  }

  /** The place of the writer of what this view sees, for comparing which came later. */
  int place(View view) {
    return writers.getOrDefault(view.value(0), -1);
  }

  /**
   * Puts {@code merged}, which does the work of {@code step} and of the earlier writer of its
   * output, at the end, and lets the readers of {@code step} read it.
   */
  void merge(Step merged, Step step) {
    steps.set(writers.get(merged.output()), null);
    emit(merged);
    replace(step.output(), View.of(merged.output()));
    readers.put(merged.output(), readers.getOrDefault(step.output(), 0));
  }
}
