package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;
import java.util.Optional;

/**
 * Activations and residual additions become the tail of the step that computes their operand: the
 * result is changed before it is stored.
 */
final class Tails {
  private Tails() {}

  static Program apply(Program program) {
    return Edit.run(
        program,
        (edit, step) -> {
          Optional<Step> merged = Optional.empty();
          if (step instanceof Step.Activate s) {
            merged = activation(edit, s);
          } else if (step instanceof Step.Binary s
              && s.kind() == Op.Arithmetic.Kind.ADD
              && s.tail().none()) {
            merged = residual(edit, s);
          }
          if (merged.isPresent()) {
            edit.merge(merged.get(), step);
          } else {
            edit.emit(step);
          }
        });
  }

  private static Optional<Step> activation(Edit edit, Step.Activate step) {
    return edit.onlyFor(step.input())
        .filter(w -> w.tail().activation().isEmpty() && w.tail().after().isEmpty())
        .flatMap(
            w ->
                ending(
                    w,
                    new Tail(w.tail().before(), Optional.of(step.activation()), Optional.empty())));
  }

  private static Optional<Step> residual(Edit edit, Step.Binary step) {
    boolean leftLater = edit.place(step.left()) > edit.place(step.right());
    View later = leftLater ? step.left() : step.right();
    View earlier = leftLater ? step.right() : step.left();
    return residual(edit, step, later, earlier).or(() -> residual(edit, step, earlier, later));
  }

  private static Optional<Step> residual(Edit edit, Step.Binary step, View into, View other) {
    if (!other.shape().equals(step.output().shape())) {
      return Optional.empty();
    }
    return edit.onlyFor(into)
        .filter(w -> w.output().shape().equals(step.output().shape()))
        .flatMap(w -> extended(w.tail(), other).flatMap(tail -> ending(w, tail)));
  }

  private static Optional<Tail> extended(Tail tail, View other) {
    if (tail.none()) {
      return Optional.of(new Tail(Optional.of(other), Optional.empty(), Optional.empty()));
    }
    return tail.after().isEmpty()
        ? Optional.of(new Tail(tail.before(), tail.activation(), Optional.of(other)))
        : Optional.empty();
  }

  private static Optional<Step> ending(Step step, Tail tail) {
    return step instanceof Step.Tailed s ? Optional.of(s.with(tail)) : Optional.empty();
  }
}
