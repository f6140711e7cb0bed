package dev.kinglet.engine.lower;

import java.util.Optional;

/**
 * A batch norm behind a convolution, a transposed convolution, a linear layer or another batch norm
 * becomes part of its weights and bias.
 */
final class Normalisations {
  private Normalisations() {}

  static Program apply(Program program) {
    return Edit.run(
        program,
        (edit, step) -> {
          if (step instanceof Step.Affine affine
              && affine.tail().none()
              && edit.onlyFor(affine.input()).flatMap(writer -> fold(writer, affine)).orElse(null)
                  instanceof Step folded) {
            edit.merge(folded, step);
          } else {
            edit.emit(step);
          }
        });
  }

  private static Optional<Step> fold(Step writer, Step.Affine affine) {
    float[] scale = affine.scale();
    float[] shift = affine.shift();
    if (writer instanceof Step.Weighted s
        && s.tail().none()
        && s.output().channels() == scale.length) {
      return Optional.of(s.with(s.weighting().then(scale, shift)));
    }
    if (writer instanceof Step.Affine s && s.tail().none()) {
      float[] scales = new float[scale.length];
      float[] shifts = new float[scale.length];
      for (int c = 0; c < scale.length; c++) {
        scales[c] = s.scale()[c] * scale[c];
        shifts[c] = (float) ((double) s.shift()[c] * scale[c] + shift[c]);
      }
      return Optional.of(
          new Step.Affine(s.name(), s.input(), scales, shifts, s.tail(), s.output()));
    }
    return Optional.empty();
  }
}
