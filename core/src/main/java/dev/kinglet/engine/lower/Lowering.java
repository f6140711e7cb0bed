package dev.kinglet.engine.lower;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates a graph node by node: the program that the rewrites start from.
 *
 * <p>What only moves whole channels becomes a copy of a view here, what does nothing a plain copy;
 * {@link Addresses} removes them.
 */
final class Lowering {
  private final Weights weights;
  private final Value[] values;
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();

  private Lowering(Graph graph, Weights weights) {
    this.weights = weights;
    this.values = new Value[graph.nodes().size()];
  }

  static Program of(Graph graph, Weights weights) {
    Lowering lowering = new Lowering(graph, weights);
    for (Node node : graph.nodes()) {
      lowering.add(node);
    }
    return new Program(
        graph.name(),
        lowering.values[0],
        lowering.constants,
        lowering.steps,
        View.of(lowering.values[graph.output().index()]));
  }

  private void add(Node node) {
    Value out = new Value(node.index(), node.shape());
    values[node.index()] = out;
    String name = node.name();
    // Those of most networks by themselves: a switch over types, when it is first reached, costs a
    // new process a millisecond.
    if (node.op() instanceof Op.Conv op) {
      steps.add(
          new Step.Convolution(
              name,
              input(node),
              op.window(),
              op.groups(),
              weighting(node, op.bias(), op.channels()),
              Tail.NONE,
              out));
    } else if (node.op() instanceof Op.BatchNorm op) {
      steps.add(affine(node, op, out));
    } else if (node.op() instanceof Op.Activation op) {
      steps.add(new Step.Activate(name, input(node), op, out));
    } else if (node.op() instanceof Op.Arithmetic op) {
      steps.add(new Step.Binary(name, op.kind(), input(node), input(node, 1), Tail.NONE, out));
    } else if (node.op() instanceof Op.Linear op) {
      steps.add(
          new Step.Linear(
              name, input(node), weighting(node, op.bias(), op.features()), Tail.NONE, out));
    } else if (node.op() instanceof Op.GlobalPool op) {
      steps.add(new Step.GlobalPool(name, input(node), op.kind(), out));
    } else if (node.op() instanceof Op.Pool op) {
      steps.add(new Step.Pool(name, input(node), op.kind(), op.window(), op.countPadding(), out));
    } else if (node.op() instanceof Op.Dropout || node.op() instanceof Op.Reshape) {
      steps.add(new Step.Copy(name, input(node), out));
    } else if (!(node.op() instanceof Op.Input)) {
      addOther(node, name, out);
    }
  }

  private void addOther(Node node, String name, Value out) {
    switch (node.op()) {
      case Op.Input _,
          Op.Conv _,
          Op.BatchNorm _,
          Op.Activation _,
          Op.Arithmetic _,
          Op.Linear _,
          Op.GlobalPool _,
          Op.Pool _,
          Op.Dropout _,
          Op.Reshape _ ->
          throw new AssertionError(node.op());
      case Op.Constant _ -> constants.put(out, weights.get(node.path() + ".value"));
      case Op.ConvTranspose op ->
          steps.add(
              new Step.Transposed(
                  name,
                  input(node),
                  op.window(),
                  op.groups(),
                  weighting(node, op.bias(), op.channels()),
                  out));
      case Op.PRelu _ -> steps.add(new Step.PRelu(name, input(node), floats(node, "weight"), out));
      case Op.Reduce op -> steps.add(new Step.Reduce(name, input(node), op.kind(), op.axes(), out));
      case Op.LocalResponseNorm op -> steps.add(new Step.Normalise(name, input(node), op, out));
      case Op.Softmax op -> steps.add(new Step.Softmax(name, input(node), op.axis(), out));
      case Op.Concat op -> {
        List<View> parts = node.inputs().stream().map(in -> View.of(values[in.index()])).toList();
        steps.add(
            op.axis() == 0
                ? new Step.Copy(name, View.concatenated(parts), out)
                : new Step.Concat(name, parts, op.axis(), out));
      }
      case Op.Slice op -> {
        if (op.axis() == 0) {
          int[] order = new int[node.shape().channels()];
          Arrays.setAll(order, i -> op.start() + i * op.step());
          steps.add(new Step.Copy(name, input(node).select(order), out));
        } else {
          steps.add(new Step.Slice(name, input(node), op.axis(), op.start(), op.step(), out));
        }
      }
      case Op.Shuffle op -> {
        int each = node.shape().channels() / op.groups();
        int[] order = new int[node.shape().channels()];
        Arrays.setAll(order, c -> c % op.groups() * each + c / op.groups());
        steps.add(new Step.Copy(name, input(node).select(order), out));
      }
      case Op.DropPath _ -> steps.add(new Step.Copy(name, input(node), out));
      case Op.Transpose op -> steps.add(new Step.Transpose(name, input(node), op.order(), out));
      case Op.Pad op -> steps.add(new Step.Pad(name, input(node), op, out));
      case Op.Resize op -> steps.add(new Step.Resize(name, input(node), op, out));
    }
  }

  private Step affine(Node node, Op.BatchNorm norm, Value out) {
    return new Step.Affine(node.name(), input(node), null, null, Tail.NONE, out)
        .normalising(
            norm.epsilon(),
            floats(node, "weight"),
            floats(node, "bias"),
            floats(node, "running_mean"),
            floats(node, "running_var"));
  }

  private Weighting weighting(Node node, boolean bias, int outputs) {
    return Weighting.of(
        weights.get(node.path() + ".weight"), bias ? floats(node, "bias") : new float[outputs]);
  }

  private float[] floats(Node node, String parameter) {
    return weights.floats(node.path() + "." + parameter);
  }

  private View input(Node node) {
    return input(node, 0);
  }

  private View input(Node node, int i) {
    return View.of(values[node.inputs().get(i).index()]);
  }
}
