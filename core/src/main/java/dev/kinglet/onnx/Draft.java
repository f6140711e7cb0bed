package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node of the graph that is being read; unlike a finished one it may still change. */
final class Draft {
  Op op;
  List<Draft> inputs;
  final Shape shape;
  final Map<String, Value.Known> parameters = new LinkedHashMap<>();
  String name;
  String doc = "";
  boolean live;

  /** The draft whose value this one passes on unchanged, or null. */
  Draft alias;

  Draft(Op op, List<Draft> inputs, Shape shape) {
    this.op = op;
    this.inputs = inputs;
    this.shape = shape;
  }

  /** Whether the writer marked it as a part of the next node. */
  boolean part() {
    return doc.equals(Hint.PART);
  }

  Draft input() {
    return inputs.getFirst();
  }

  /** The draft that computes this one's value. */
  Draft resolved() {
    Draft draft = this;
    while (draft.alias != null) {
      draft = draft.alias;
    }
    return draft;
  }

  /** The value that is the same in every element of a constant, or NaN. */
  float scalar() {
    Value.Known known = op instanceof Op.Constant ? parameters.get("value") : null;
    if (known == null || shape.elements() != 1) {
      return Float.NaN;
    }
    return known.number();
  }

  /** Computes something else from now on, of the same shape. */
  void become(Op other, Draft... from) {
    op = other;
    inputs = new ArrayList<>(List.of(from));
    parameters.clear();
  }
}
