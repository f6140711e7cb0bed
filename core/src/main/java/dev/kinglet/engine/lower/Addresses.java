package dev.kinglet.engine.lower;

/**
 * Channel shuffle, split, concatenation, dropout and flattening become addresses: a copy that keeps
 * channels whole vanishes, its readers see its source.
 *
 * <p>A copy that mixes channels and positions stays, but whatever reads elements in row-major order
 * anyway (a linear layer, another copy) reads through it.
 */
final class Addresses {
  private Addresses() {}

  static Program apply(Program program) {
    return Edit.run(
        program,
        (edit, step) -> {
          Step direct = step;
          if (step instanceof Step.Copy || step instanceof Step.Linear) {
            direct =
                step.reading(
                    view ->
                        edit.writer(view)
                            .filter(Step.Copy.class::isInstance)
                            .map(copy -> ((Step.Copy) copy).input())
                            .orElse(view));
          }
          if (direct instanceof Step.Copy copy
              && copy.input().channels() == copy.output().channels()
              && copy.input().area() == copy.output().area()) {
            edit.replace(copy.output(), copy.input());
          } else {
            edit.emit(direct);
          }
        });
  }
}
