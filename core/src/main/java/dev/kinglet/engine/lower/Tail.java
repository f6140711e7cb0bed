package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is done with a result before it is stored: {@code activation(result + before) + after}.
 *
 * @param before added first; of the result's shape
 * @param activation applied then
 * @param after added last; of the result's shape
 */
public record Tail(
    Optional<View> before, Optional<Op.Activation> activation, Optional<View> after) {
  /** The result is stored as it is. */
  public static final Tail NONE = new Tail(Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether the result is stored as it is. */
  public boolean none() {
    return before.isEmpty() && activation.isEmpty() && after.isEmpty();
  }

  Tail reading(UnaryOperator<View> change) {
    return new Tail(before.map(change), activation, after.map(change));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    before.ifPresent(view -> text.append(" + ").append(view));
    activation.ifPresent(function -> text.append(" | ").append(Describe.activation(function)));
    after.ifPresent(view -> text.append(" + ").append(view));
    return text.toString();
  }
}
