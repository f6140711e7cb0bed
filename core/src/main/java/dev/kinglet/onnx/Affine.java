package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.onnx.Value.Known;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Constants added to and multiplied with the channels of a convolution or linear layer: a bias
 * where there was none, else a batch norm, which an engine folds into the layer before it. So batch
 * norms that were written out as arithmetic cost nothing.
 */
final class Affine {
  private final Map<Draft, Integer> readers = new IdentityHashMap<>();

  /** Batch norms of our making: scale and shift, nothing else. */
  private final Map<Draft, float[][]> made = new IdentityHashMap<>();

  Affine(Importer.Drafts drafts) {
    for (Draft draft : drafts.nodes()) {
      for (Draft input : draft.inputs) {
        readers.merge(input, 1, Integer::sum);
      }
    }
  }

  void apply(Draft draft) {
    if (!(draft.op instanceof Op.Arithmetic arithmetic)) {
      return;
    }
    Draft left = draft.inputs.getFirst();
    Draft right = draft.inputs.getLast();
    boolean flipped = left.op instanceof Op.Constant;
    Draft x = flipped ? right : left;
    float[] numbers = channels(flipped ? left : right, draft.shape);
    if (numbers == null || !x.shape.equals(draft.shape)) {
      return;
    }
    int count = draft.shape.channels();
    float[] scale = new float[count];
    float[] shift = new float[count];
    Arrays.fill(scale, 1);
    for (int c = 0; c < count; c++) {
      switch (arithmetic.kind()) {
        case ADD -> shift[c] = numbers[c];
        case SUBTRACT -> {
          scale[c] = flipped ? -1 : 1;
          shift[c] = flipped ? numbers[c] : -numbers[c];
        }
        case MULTIPLY -> scale[c] = numbers[c];
        case DIVIDE -> scale[c] = 1 / numbers[c];
        case POWER, MAXIMUM, MINIMUM -> {
          return;
        }
      }
    }
    if (arithmetic.kind() == Kind.DIVIDE && flipped) {
      return;
    }
    become(draft, x, scale, shift, arithmetic.kind() == Kind.ADD);
  }

  private void become(Draft draft, Draft x, float[] scale, float[] shift, boolean adds) {
    float[][] before = made.get(x);
    if (before != null) {
      for (int c = 0; c < scale.length; c++) {
        shift[c] += scale[c] * before[1][c];
        scale[c] *= before[0][c];
      }
      x = x.input();
    }
    if (adds && before == null && bias(draft, x, shift)) {
      return;
    }
    if (!(x.op instanceof Op.Conv
        || x.op instanceof Op.ConvTranspose
        || x.op instanceof Op.Linear)) {
      return;
    }
    draft.become(new Op.BatchNorm(0, 0.1f), x);
    float[] ones = new float[scale.length];
    Arrays.fill(ones, 1);
    put(draft, "weight", scale);
    put(draft, "bias", shift);
    put(draft, "running_mean", new float[scale.length]);
    put(draft, "running_var", ones);
    made.put(draft, new float[][] {scale, shift});
  }

  /** Gives a layer that nothing else reads the bias that it lacks. */
  private boolean bias(Draft draft, Draft x, float[] shift) {
    if (readers.getOrDefault(x, 0) != 1) {
      return false;
    }
    Op biased;
    if (x.op instanceof Op.Linear linear && !linear.bias()) {
      biased = new Op.Linear(linear.features(), true);
    } else if (x.op instanceof Op.Conv conv && !conv.bias()) {
      biased = new Op.Conv(conv.channels(), conv.window(), conv.groups(), true);
    } else {
      return false;
    }
    Known weight = x.parameters.get("weight");
    draft.become(biased, x.input());
    draft.parameters.put("weight", weight);
    put(draft, "bias", shift);
    return true;
  }

  private static void put(Draft draft, String part, float[] values) {
    draft.parameters.put(part, new Known(Tensor.of(Shape.of(values.length), values)));
  }

  /** A constant as one number a channel, or null. */
  private static float[] channels(Draft constant, Shape shape) {
    if (!(constant.op instanceof Op.Constant) || constant.shape.rank() != shape.rank()) {
      return null;
    }
    int elements = constant.shape.elements();
    if (elements != 1 && (elements != shape.channels() || constant.shape.channels() != elements)) {
      return null;
    }
    float[] values = constant.parameters.get("value").tensor().toFloats();
    if (elements == 1) {
      float[] repeated = new float[shape.channels()];
      Arrays.fill(repeated, values[0]);
      return repeated;
    }
    return values;
  }
}
