package dev.kinglet.graph;

import java.util.ArrayList;
import java.util.List;

/** The parameters that an operator has, as they follow from the shapes of its inputs. */
final class OpParameters {
  private OpParameters() {}

  static List<Parameter> of(Op op, List<Shape> inputs) {
    // The usual ones by themselves, as in Inference.
    if (op instanceof Op.Weightless) {
      return List.of();
    }
    if (op instanceof Op.Conv conv) {
      return conv(conv, inputs);
    }
    if (op instanceof Op.BatchNorm) {
      return batchNorm(inputs);
    }
    if (op instanceof Op.Linear linear) {
      return linear(linear, inputs);
    }
    return others(op, inputs);
  }

  private static List<Parameter> conv(Op.Conv conv, List<Shape> inputs) {
    List<Integer> sizes = new ArrayList<>();
    sizes.add(conv.channels());
    sizes.add(inputs.getFirst().channels() / conv.groups());
    sizes.addAll(conv.window().kernel());
    return weighted(
        Shape.of(sizes), Initializer.KAIMING_NORMAL_FAN_OUT, conv.bias(), conv.channels());
  }

  private static List<Parameter> batchNorm(List<Shape> inputs) {
    Shape channels = Shape.of(inputs.getFirst().channels());
    return List.of(
        new Parameter("weight", channels, Initializer.ONES, Parameter.Role.LEARNED),
        new Parameter("bias", channels, Initializer.ZEROS, Parameter.Role.LEARNED),
        new Parameter("running_mean", channels, Initializer.ZEROS, Parameter.Role.STATISTIC),
        new Parameter("running_var", channels, Initializer.ONES, Parameter.Role.STATISTIC),
        new Parameter(
            "num_batches_tracked", Shape.of(), Initializer.ZEROS, Parameter.Role.COUNTER));
  }

  private static List<Parameter> linear(Op.Linear linear, List<Shape> inputs) {
    return weighted(
        Shape.of(linear.features(), inputs.getFirst().channels()),
        Initializer.NORMAL_001,
        linear.bias(),
        linear.features());
  }

  private static List<Parameter> others(Op op, List<Shape> inputs) {
    return switch (op) {
      case Op.Conv _, Op.BatchNorm _, Op.Linear _, Op.Weightless _ -> throw new AssertionError(op);
      case Op.ConvTranspose conv -> {
        List<Integer> sizes = new ArrayList<>();
        sizes.add(inputs.getFirst().channels());
        sizes.add(conv.channels() / conv.groups());
        sizes.addAll(conv.window().kernel());
        yield weighted(
            Shape.of(sizes), Initializer.KAIMING_NORMAL_FAN_OUT, conv.bias(), conv.channels());
      }
      case Op.PRelu _ ->
          List.of(
              new Parameter(
                  "weight",
                  Shape.of(inputs.getFirst().channels()),
                  Initializer.QUARTER,
                  Parameter.Role.LEARNED));
      case Op.Constant constant ->
          List.of(
              new Parameter("value", constant.shape(), Initializer.ZEROS, Parameter.Role.CONSTANT));
    };
  }

  private static List<Parameter> weighted(
      Shape shape, Initializer start, boolean bias, int outputs) {
    Parameter weight = new Parameter("weight", shape, start, Parameter.Role.LEARNED);
    return bias
        ? List.of(
            weight,
            new Parameter("bias", Shape.of(outputs), Initializer.ZEROS, Parameter.Role.LEARNED))
        : List.of(weight);
  }
}
