package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Resize.Coordinates;
import dev.kinglet.graph.Op.Resize.Interpolation;
import dev.kinglet.graph.Shape;
import dev.kinglet.onnx.Value.Flow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code Resize} of all operator sets, and {@code Upsample} before it. */
final class ResizeOperators {
  /** How far a scale in single precision may miss the size that it stands for. */
  private static final double ROUNDING = 1e-5;

  private ResizeOperators() {}

  static void resize(Call call) {
    Flow in = call.flow(0);
    int rank = in.dims().length;
    boolean old = call.opset < 11;
    if (call.flag("antialias", false)) {
      throw new Unsupported("resizes with antialiasing");
    }
    Interpolation interpolation = interpolation(call, old);
    Coordinates coordinates = coordinates(call, old);
    float[] scales = null;
    long[] sizes = null;
    if (old) {
      scales =
          call.hasAttribute("scales")
              ? call.attribute("scales").singles()
              : call.known(1, "scales").tensor().toFloats();
    } else {
      scales = call.has(2) ? call.known(2, "scales").tensor().toFloats() : null;
      scales = scales != null && scales.length == 0 ? null : scales;
      sizes = call.numbers(3, "sizes");
    }
    long[] axes = call.numbers("axes");
    if (axes == null) {
      axes = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        axes[axis] = axis;
      }
    }
    if (scales == null && sizes == null
        || scales != null && scales.length != axes.length
        || sizes != null && sizes.length != axes.length) {
      throw new Unsupported("has neither scales nor sizes for its axes");
    }
    float[] scale = new float[rank];
    int[] size = in.dims().clone();
    Arrays.fill(scale, 1);
    float common = common(call, in, axes, sizes);
    for (int i = 0; i < axes.length; i++) {
      int axis = Call.axis(axes[i], rank);
      long all = in.dims()[axis] * (axis == in.batch() ? (long) call.importer.batchSize() : 1);
      long target;
      if (sizes == null) {
        scale[axis] = scales[i];
        target = (long) Math.floor(all * scales[i]);
      } else {
        target = common > 0 ? Math.round((double) common * all) : sizes[i];
        scale[axis] = common > 0 ? common : (float) target / (float) all;
      }
      if (axis == in.batch() && target == all) {
        scale[axis] = 1;
        continue;
      }
      boolean whole = Math.abs((double) all * scale[axis] - target) < ROUNDING * target;
      if (coordinates == Coordinates.ALIGN_CORNERS && !whole) {
        throw new Unsupported(
            "aligns corners at a fraction of an element, where ONNX and its runtimes disagree");
      }
      if (target < 1 || !(scale[axis] > 0)) {
        throw new Unsupported("resizes axis " + axis + " to " + target);
      }
      size[axis] = Call.integer(target, "size");
    }
    sample(call, in, size, scale, interpolation, coordinates);
  }

  private static void sample(
      Call call,
      Flow in,
      int[] size,
      float[] scale,
      Interpolation interpolation,
      Coordinates coordinates) {
    if (size.length < 3 || size[0] != in.dims()[0] || size[1] != in.dims()[1] || scale[1] != 1) {
      throw new Unsupported("resizes other axes than the spatial ones");
    }
    List<Integer> spatial = new ArrayList<>();
    List<Float> factors = new ArrayList<>();
    for (int axis = 2; axis < size.length; axis++) {
      spatial.add(size[axis]);
      factors.add(scale[axis]);
    }
    Shape.of(size);
    Op op = new Op.Resize(spatial, factors, interpolation, coordinates);
    call.output(call.like(in, call.add(op, call.sample(in))));
  }

  /** The one scale for all axes where the sizes are bounds; 0 where they are sizes. */
  private static float common(Call call, Flow in, long[] axes, long[] sizes) {
    String policy = call.text("keep_aspect_ratio_policy", "stretch");
    if (sizes == null || policy.equals("stretch")) {
      return 0;
    }
    boolean larger = policy.equals("not_smaller");
    if (!larger && !policy.equals("not_larger")) {
      throw new Unsupported("has the unknown policy " + policy);
    }
    float common = larger ? 0 : Float.MAX_VALUE;
    for (int i = 0; i < axes.length; i++) {
      float scale = (float) sizes[i] / in.dims()[Call.axis(axes[i], in.dims().length)];
      common = larger ? Math.max(common, scale) : Math.min(common, scale);
    }
    return common;
  }

  private static Interpolation interpolation(Call call, boolean old) {
    String mode = call.text("mode", "nearest");
    if (mode.equals("linear") || mode.equals("bilinear")) {
      return Interpolation.LINEAR;
    }
    if (!mode.equals("nearest")) {
      throw new Unsupported("resizes with mode '" + mode + "'; nearest and linear are supported");
    }
    return switch (old ? "floor" : call.text("nearest_mode", "round_prefer_floor")) {
      case "floor" -> Interpolation.NEAREST_FLOOR;
      case "ceil" -> Interpolation.NEAREST_CEIL;
      case "round_prefer_floor" -> Interpolation.NEAREST_ROUND_DOWN;
      case "round_prefer_ceil" -> Interpolation.NEAREST_ROUND_UP;
      default -> throw new Unsupported("has the unknown nearest mode");
    };
  }

  private static Coordinates coordinates(Call call, boolean old) {
    String mode = old ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel");
    return switch (mode) {
      case "asymmetric" -> Coordinates.ASYMMETRIC;
      case "half_pixel" -> Coordinates.HALF_PIXEL;
      case "pytorch_half_pixel" -> Coordinates.PYTORCH_HALF_PIXEL;
      case "align_corners" -> Coordinates.ALIGN_CORNERS;
      default -> throw new Unsupported("resizes with coordinates '" + mode + "'");
    };
  }
}
