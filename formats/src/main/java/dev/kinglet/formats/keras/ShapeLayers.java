package dev.kinglet.formats.keras;

import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Layers that pool, pad, join and reshape. Keras orders a sample's elements by row, column and
 * channel; where that order shows, the channels are moved behind.
 */
final class ShapeLayers {
  private static final List<Integer> TO_LAST = List.of(1, 2, 0);
  private static final List<Integer> TO_FIRST = List.of(2, 0, 1);

  private ShapeLayers() {}

  static Node pool(LayerScope scope, Op.PoolKind kind, Node input) {
    scope.requireChannelsLast();
    List<Integer> size = scope.pair("pool_size", 2);
    boolean own =
        !scope.layer().config().path("strides").isArray()
            && !scope.layer().config().path("strides").isNumber();
    Window window =
        WeightLayers.window(scope, input, "pool_size", own ? size : scope.pair("strides", 1));
    // A mean at the border divides by the elements that exist.
    return scope.add(new Op.Pool(kind, window, false, false), input);
  }

  static Node globalPool(LayerScope scope, Op.PoolKind kind, Node input) {
    scope.requireChannelsLast();
    Op pool = new Op.GlobalPool(kind);
    if (scope.layer().flag("keepdims", false)) {
      return scope.add(pool, input);
    }
    Node pooled = scope.add("pooled", pool, input);
    return scope.add(new Op.Reshape(Shape.of(input.shape().channels())), pooled);
  }

  /** The operation {@code mean} over all positions. */
  static Node mean(LayerScope scope, Node input) {
    JsonNode axes = scope.layer().config().path("axis");
    if (input.shape().rank() != 3
        || axes.size() != 2
        || axes.path(0).asInt(0) != 1
        || axes.path(1).asInt(0) != 2) {
      throw scope.refuse("takes the mean over other axes than height and width");
    }
    return globalPool(scope, Op.PoolKind.AVERAGE, input);
  }

  static Node zeroPadding(LayerScope scope, Node input, int sign) {
    scope.requireChannelsLast();
    String key = sign > 0 ? "padding" : "cropping";
    JsonNode value = scope.layer().config().path(key);
    List<Integer> before = new ArrayList<>(List.of(0));
    List<Integer> after = new ArrayList<>(List.of(0));
    for (int axis = 0; axis < 2; axis++) {
      JsonNode side = value.isArray() ? value.path(axis) : value;
      before.add(sign * (side.isArray() ? side.path(0).asInt(0) : side.asInt(0)));
      after.add(sign * (side.isArray() ? side.path(1).asInt(0) : side.asInt(0)));
    }
    return scope.add(new Op.Pad(before, after, Op.Pad.Mode.CONSTANT, 0), input);
  }

  static Node upSampling(LayerScope scope, Node input) {
    scope.requireChannelsLast();
    List<Integer> factor = scope.pair("size", 2);
    boolean linear =
        switch (scope.layer().text("interpolation", "nearest")) {
          case "nearest" -> false;
          case "bilinear" -> true;
          default -> throw scope.refuse("resizes in a way that Kinglet does not know");
        };
    List<Integer> sizes = new ArrayList<>();
    List<Float> scales = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      sizes.add(Math.multiplyExact(factor.get(axis), input.shape().size(axis + 1)));
      scales.add((float) factor.get(axis));
    }
    return scope.add(
        new Op.Resize(
            sizes,
            scales,
            linear ? Op.Resize.Interpolation.LINEAR : Op.Resize.Interpolation.NEAREST_FLOOR,
            linear ? Op.Resize.Coordinates.HALF_PIXEL : Op.Resize.Coordinates.ASYMMETRIC),
        input);
  }

  static Node concatenate(LayerScope scope, List<Node> inputs) {
    int rank = inputs.getFirst().shape().rank();
    return scope.add(
        new Op.Concat(axis(scope, scope.layer().integer("axis", -1), rank)),
        inputs.toArray(Node[]::new));
  }

  /**
   * A sample's axis in the graph for an axis of Keras, which counts the batch and channels last.
   */
  static int axis(LayerScope scope, int axis, int rank) {
    int last = axis < 0 ? axis + rank : axis - 1;
    if (last < 0 || last >= rank) {
      throw scope.refuse("works along axis " + axis + " of " + rank + " axes");
    }
    return last == rank - 1 ? 0 : last + 1;
  }

  static Node flatten(LayerScope scope, Node input) {
    return flat(scope, "", input);
  }

  /** All elements in Keras's order, as the layer's own node or as a part of it. */
  private static Node flat(LayerScope scope, String part, Node input) {
    if (input.shape().rank() == 1) {
      return input;
    }
    Op reshape = new Op.Reshape(Shape.of(input.shape().elements()));
    Node last =
        input.shape().area() == 1
            ? input
            : scope.add(part + "channels_last", new Op.Transpose(TO_LAST), input);
    return part.isEmpty() ? scope.add(reshape, last) : scope.add(part + "flat", reshape, last);
  }

  /** A map under other sizes; towards five axes and back it is half of a channel shuffle. */
  static Value reshape(LayerScope scope, Value value, List<Integer> target) {
    if (value instanceof Value.Grouped(Node node, int groups, boolean swapped)) {
      List<Integer> sizes = completed(scope, target, node.shape().elements());
      if (sizes.equals(lastOrder(node.shape()))) {
        return new Value.Plain(swapped ? scope.add(new Op.Shuffle(groups), node) : node);
      }
      throw scope.refuse("reshapes five axes in a way that is no channel shuffle");
    }
    Node node = Materials.node(scope, value);
    List<Integer> sizes = completed(scope, target, node.shape().elements());
    if (sizes.equals(lastOrder(node.shape()))) {
      return new Value.Plain(node);
    }
    if (sizes.size() == 4
        && node.shape().rank() == 3
        && sizes.subList(0, 2).equals(lastOrder(node.shape()).subList(0, 2))) {
      return new Value.Grouped(node, sizes.get(2), false);
    }
    return switch (sizes.size()) {
      case 1 -> new Value.Plain(flat(scope, "", node));
      case 3 -> {
        int channels = sizes.get(2);
        Shape first = Shape.of(channels, sizes.get(0), sizes.get(1));
        Node flat = node.shape().rank() == 1 ? node : flat(scope, "from_", node);
        if (sizes.get(0) == 1 && sizes.get(1) == 1) {
          yield new Value.Plain(scope.add(new Op.Reshape(first), flat));
        }
        Node last = scope.add("rows", new Op.Reshape(Shape.of(sizes)), flat);
        yield new Value.Plain(scope.add(new Op.Transpose(TO_FIRST), last));
      }
      default ->
          throw scope.refuse(
              "reshapes to "
                  + sizes.size()
                  + " axes, which Kinglet knows in channel shuffles only");
    };
  }

  private static List<Integer> lastOrder(Shape shape) {
    return shape.rank() == 3
        ? List.of(shape.size(1), shape.size(2), shape.size(0))
        : shape.toList();
  }

  /** The sizes with the one that is -1 worked out. */
  private static List<Integer> completed(LayerScope scope, List<Integer> target, int elements) {
    long known = 1;
    int free = -1;
    for (int i = 0; i < target.size(); i++) {
      if (target.get(i) == -1 && free < 0) {
        free = i;
      } else if (target.get(i) < 1) {
        throw scope.refuse("reshapes to " + target);
      } else {
        known = Math.min(known * target.get(i), Integer.MAX_VALUE);
      }
    }
    List<Integer> sizes = new ArrayList<>(target);
    if (free >= 0) {
      sizes.set(free, (int) (elements / known));
      known *= sizes.get(free);
    }
    if (known != elements) {
      throw scope.refuse("reshapes " + elements + " elements to " + target);
    }
    return sizes;
  }

  /** The axes in another order, counted from 1. */
  static Value permute(LayerScope scope, Value value, List<Integer> order) {
    if (value instanceof Value.Grouped(Node node, int groups, boolean swapped)) {
      if (order.equals(List.of(1, 2, 4, 3)) && !swapped) {
        return new Value.Grouped(node, groups, true);
      }
      throw scope.refuse("orders five axes in a way that is no channel shuffle");
    }
    Node node = Materials.node(scope, value);
    int rank = node.shape().rank();
    List<Integer> sorted = new ArrayList<>(order);
    Collections.sort(sorted);
    if (rank != 3 || !sorted.equals(List.of(1, 2, 3))) {
      throw scope.refuse("orders the axes " + order + " of " + rank);
    }
    // Output axis k of Keras's (H, W, C) is input axis order[k]; both sides are rotated to (C, H,
    // W).
    List<Integer> first = new ArrayList<>();
    for (int k : List.of(2, 0, 1)) {
      first.add(order.get(k) % 3);
    }
    return new Value.Plain(scope.add(new Op.Transpose(first), node));
  }
}
