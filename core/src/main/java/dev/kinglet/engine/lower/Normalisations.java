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
    return Optional.ofNullable(
        switch (writer) {
          case Step.Convolution s when s.tail().none() ->
              new Step.Convolution(
                  s.name(),
                  s.input(),
                  s.window(),
                  s.groups(),
                  s.weighting().then(scale, shift),
                  s.tail(),
                  s.output());
          case Step.Transposed s ->
              new Step.Transposed(
                  s.name(),
                  s.input(),
                  s.window(),
                  s.groups(),
                  s.weighting().then(scale, shift),
                  s.output());
          case Step.Linear s when s.tail().none() && s.output().channels() == scale.length ->
              new Step.Linear(
                  s.name(), s.input(), s.weighting().then(scale, shift), s.tail(), s.output());
          case Step.Affine s when s.tail().none() -> {
            float[] scales = new float[scale.length];
            float[] shifts = new float[scale.length];
            for (int c = 0; c < scale.length; c++) {
              scales[c] = s.scale()[c] * scale[c];
              shifts[c] = (float) ((double) s.shift()[c] * scale[c] + shift[c]);
            }
            yield new Step.Affine(s.name(), s.input(), scales, shifts, s.tail(), s.output());
          }
          case Step.Convolution _,
              Step.Linear _,
              Step.Affine _,
              Step.Binary _,
              Step.Activate _,
              Step.PRelu _,
              Step.Pool _,
              Step.GlobalPool _,
              Step.SqueezeExcite _,
              Step.Reduce _,
              Step.Normalise _,
              Step.Softmax _,
              Step.Copy _,
              Step.Concat _,
              Step.Slice _,
              Step.Transpose _,
              Step.Pad _,
              Step.Resize _ ->
              null;
        });
  }
}
