package dev.kinglet.engine.lower;

import dev.kinglet.graph.Op;

/**
 * A mean over all positions, two linear layers and a product with what they give become one
 * squeeze-excite step and the product.
 */
final class Excitations {
  private Excitations() {}

  static Program apply(Program program) {
    return Edit.run(
        program,
        (edit, step) -> {
          if (step instanceof Step.Linear expand
              && plain(expand)
              && edit.onlyFor(expand.input()).orElse(null) instanceof Step.Linear squeeze
              && plain(squeeze)
              && edit.onlyFor(squeeze.input()).orElse(null) instanceof Step.GlobalPool pool
              && pool.kind() == Op.PoolKind.AVERAGE
              && gates(program, expand.output(), pool.input())) {
            edit.drop(pool);
            edit.drop(squeeze);
            edit.emit(
                new Step.SqueezeExcite(
                    expand.name(),
                    pool.input(),
                    squeeze.weighting(),
                    squeeze.tail().activation(),
                    expand.weighting(),
                    expand.tail().activation(),
                    expand.output()));
          } else {
            edit.emit(step);
          }
        });
  }

  private static boolean plain(Step.Linear linear) {
    return linear.tail().before().isEmpty() && linear.tail().after().isEmpty();
  }

  private static boolean gates(Program program, Value gate, View map) {
    return gate.channels() == map.channels()
        && program.steps().stream()
            .anyMatch(
                step ->
                    step instanceof Step.Binary product
                        && product.kind() == Op.Arithmetic.Kind.MULTIPLY
                        && (product.left().values().contains(gate)
                            || product.right().values().contains(gate)));
  }
}
