package dev.kinglet.onnx;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * A resize in ONNX's words: by its scales where they give the sizes, by the sizes where they give
 * the scales.
 */
final class ResizeEncoder {
  private final OpEncoder node;
  private final GraphEncoder graph;
  private final int opset;

  ResizeEncoder(OpEncoder node, GraphEncoder graph, int opset) {
    this.node = node;
    this.graph = graph;
    this.opset = opset;
  }

  NodeBytes encode(Op.Resize resize, Node resized, String in) {
    Shape from = resized.input().shape();
    int spatial = from.spatialRank();
    boolean byScale = true;
    boolean bySize = true;
    float[] scales = new float[spatial + 2];
    Arrays.fill(scales, 1);
    long[] sizes = new long[spatial];
    long[] axes = new long[spatial];
    for (int axis = 0; axis < spatial; axis++) {
      int size = from.size(axis + 1);
      int target = resize.spatial().get(axis);
      float scale = resize.scale().get(axis);
      byScale &= (int) Math.floor((double) size * scale) == target;
      byScale &= (int) Math.floor(size * scale) == target;
      byScale &=
          resize.coordinates() != Op.Resize.Coordinates.ALIGN_CORNERS
              || Math.abs((double) size * scale - target) < 1e-5 * target;
      bySize &= (float) target / (float) size == scale;
      scales[axis + 2] = scale;
      sizes[axis] = target;
      axes[axis] = axis + 2;
    }
    NodeBytes bytes;
    if (byScale) {
      String values = graph.singles("scales", Shape.of(scales.length), scales);
      bytes = node.main("Resize", List.of(in, "", values));
    } else if (bySize && opset >= 18) {
      bytes =
          node.main("Resize", List.of(in, "", "", graph.integers("sizes", sizes)))
              .with("axes", axes);
    } else if (bySize) {
      String shape = node.part("shape", "Shape", in);
      String front = node.part("front", "Gather", shape, graph.integers("indices", 0, 1));
      String all =
          node.part(
              "sizes",
              "Concat",
              List.of(front, graph.integers("sizes", sizes)),
              concat -> concat.with("axis", 0));
      bytes = node.main("Resize", List.of(in, "", "", all));
    } else {
      throw new InvalidInputException(
          "Node '"
              + resized.name()
              + "' resizes "
              + from
              + " to "
              + resize.spatial()
              + " by scales of "
              + resize.scale()
              + ", which ONNX cannot say; let the scales be the ratios of the sizes.");
    }
    return bytes
        .with(
            "mode", resize.interpolation() == Op.Resize.Interpolation.LINEAR ? "linear" : "nearest")
        .with("nearest_mode", nearest(resize.interpolation()))
        .with("coordinate_transformation_mode", coordinates(resize.coordinates()));
  }

  private static String nearest(Op.Resize.Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST_FLOOR -> "floor";
      case NEAREST_ROUND_DOWN, LINEAR -> "round_prefer_floor";
      case NEAREST_ROUND_UP -> "round_prefer_ceil";
      case NEAREST_CEIL -> "ceil";
    };
  }

  private static String coordinates(Op.Resize.Coordinates coordinates) {
    return switch (coordinates) {
      case ASYMMETRIC -> "asymmetric";
      case HALF_PIXEL -> "half_pixel";
      case PYTORCH_HALF_PIXEL -> "pytorch_half_pixel";
      case ALIGN_CORNERS -> "align_corners";
    };
  }
}
