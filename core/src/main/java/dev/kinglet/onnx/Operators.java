package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Op.Function;
import dev.kinglet.graph.Op.PoolKind;
import dev.kinglet.onnx.Value.Flow;
import java.util.Set;

/** The ONNX operators that can be read, and where each is. */
final class Operators {
  /** Those that may depend on the sample. */
  private static final Set<String> SAMPLE =
      Set.of(
          "Abs",
          "Add",
          "AveragePool",
          "BatchNormalization",
          "Cast",
          "CastLike",
          "Ceil",
          "Celu",
          "Clip",
          "Concat",
          "Conv",
          "ConvTranspose",
          "DepthToSpace",
          "Div",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "Expand",
          "Flatten",
          "Floor",
          "Gather",
          "Gelu",
          "Gemm",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "MatMul",
          "Max",
          "MaxPool",
          "Mean",
          "Min",
          "Mish",
          "Mul",
          "Neg",
          "PRelu",
          "Pad",
          "Pow",
          "Reciprocal",
          "ReduceL1",
          "ReduceL2",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceSum",
          "ReduceSumSquare",
          "Relu",
          "Reshape",
          "Resize",
          "Selu",
          "Shape",
          "Sigmoid",
          "Size",
          "Slice",
          "Softmax",
          "Softplus",
          "Softsign",
          "SpaceToDepth",
          "Split",
          "Sqrt",
          "Squeeze",
          "Sub",
          "Sum",
          "Swish",
          "Tanh",
          "Tile",
          "Transpose",
          "Unsqueeze",
          "Upsample");

  /** Those that must be known beforehand, as in the arithmetic of shapes. */
  private static final Set<String> KNOWN =
      Set.of(
          "And",
          "Constant",
          "ConstantOfShape",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Mod",
          "Not",
          "Or",
          "Range",
          "ReduceProd",
          "Round",
          "Sign",
          "Where");

  private Operators() {}

  /** Refuses an operator that cannot be read at all. */
  static void check(String operator) {
    if (!SAMPLE.contains(operator) && !KNOWN.contains(operator)) {
      throw new Unsupported("is not supported");
    }
  }

  /** Reads a node whose inputs are all there. */
  static void read(Call call) {
    if (call.importer.own() && Hint.find(call.node.doc(), "constant") != null) {
      ArithmeticOperators.constant(call);
      return;
    }
    if (call.allKnown()) {
      Folding.fold(call);
      return;
    }
    switch (call.node.operator()) {
      case "Identity" -> identity(call);
      case "Cast", "CastLike" -> ShapeOperators.cast(call);
      case "Dropout" -> dropout(call);
      case "Shape", "Size" -> ShapeOperators.shape(call);
      case "Reshape" -> ShapeOperators.reshape(call);
      case "Flatten" -> ShapeOperators.flatten(call);
      case "Squeeze" -> ShapeOperators.squeeze(call);
      case "Unsqueeze" -> ShapeOperators.unsqueeze(call);
      case "Transpose" -> ShapeOperators.transpose(call);
      case "DepthToSpace" -> BlockOperators.depthToSpace(call);
      case "SpaceToDepth" -> BlockOperators.spaceToDepth(call);
      case "Expand" -> ArithmeticOperators.expand(call);
      case "Concat" -> SliceOperators.concat(call);
      case "Slice" -> SliceOperators.slice(call);
      case "Split" -> SliceOperators.split(call);
      case "Gather" -> SliceOperators.gather(call);
      case "Tile" -> SliceOperators.tile(call);
      case "Pad" -> BlockOperators.pad(call);
      case "Resize", "Upsample" -> ResizeOperators.resize(call);
      case "Conv" -> WindowOperators.conv(call);
      case "ConvTranspose" -> WindowOperators.convTranspose(call);
      case "AveragePool" -> WindowOperators.pool(call, PoolKind.AVERAGE);
      case "MaxPool" -> WindowOperators.pool(call, PoolKind.MAX);
      case "GlobalAveragePool" -> WindowOperators.globalPool(call, PoolKind.AVERAGE);
      case "GlobalMaxPool" -> WindowOperators.globalPool(call, PoolKind.MAX);
      case "BatchNormalization" -> NormOperators.batchNorm(call);
      case "LRN" -> NormOperators.localResponseNorm(call);
      case "LayerNormalization" -> NormOperators.layerNorm(call);
      case "Softmax" -> NormOperators.softmax(call);
      case "LogSoftmax" -> NormOperators.logSoftmax(call);
      case "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceSum",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare" ->
          NormOperators.reduce(call);
      case "Gemm" -> MatrixOperators.gemm(call);
      case "MatMul" -> MatrixOperators.matMul(call);
      case "PRelu" -> ArithmeticOperators.pRelu(call);
      case "Add", "Sum" -> ArithmeticOperators.chain(call, Kind.ADD);
      case "Mean" -> ArithmeticOperators.mean(call);
      case "Sub" -> ArithmeticOperators.chain(call, Kind.SUBTRACT);
      case "Mul" -> ArithmeticOperators.chain(call, Kind.MULTIPLY);
      case "Div" -> ArithmeticOperators.chain(call, Kind.DIVIDE);
      case "Max" -> ArithmeticOperators.chain(call, Kind.MAXIMUM);
      case "Min" -> ArithmeticOperators.chain(call, Kind.MINIMUM);
      case "Pow" -> ArithmeticOperators.power(call);
      case "Clip" -> ArithmeticOperators.clip(call);
      case "Swish" -> ArithmeticOperators.swish(call);
      case "Relu" -> activation(call, Function.RELU);
      case "Sigmoid" -> activation(call, Function.SIGMOID);
      case "Tanh" -> activation(call, Function.TANH);
      case "HardSigmoid" ->
          activation(
              call,
              Activations.canonical(
                  Function.HARD_SIGMOID, call.single("alpha", 0.2f), call.single("beta", 0.5f)));
      case "HardSwish" -> activation(call, Function.HARD_SWISH);
      case "Gelu" ->
          activation(
              call,
              call.text("approximate", "none").equals("tanh") ? Function.GELU_TANH : Function.GELU);
      case "LeakyRelu" -> constant(call, Function.LEAKY_RELU, 0.01f);
      case "Elu" -> constant(call, Function.ELU, 1);
      case "Celu" -> constant(call, Function.CELU, 1);
      case "Selu" ->
          activation(
              call,
              Activations.canonical(
                  Function.SELU,
                  call.single("alpha", 1.67326319217681884765625f),
                  call.single("gamma", 1.05070102214813232421875f)));
      case "Erf" -> activation(call, Function.ERF);
      case "Sqrt" -> activation(call, Function.SQRT);
      case "Exp" -> activation(call, Function.EXP);
      case "Log" -> activation(call, Function.LOG);
      case "Abs" -> activation(call, Function.ABS);
      case "Neg" -> activation(call, Function.NEGATE);
      case "Reciprocal" -> activation(call, Function.RECIPROCAL);
      case "Softplus" -> activation(call, Function.SOFTPLUS);
      case "Softsign" -> activation(call, Function.SOFTSIGN);
      case "Mish" -> activation(call, Function.MISH);
      case "Floor" -> activation(call, Function.FLOOR);
      case "Ceil" -> activation(call, Function.CEIL);
      default -> throw new Unsupported("depends on the sample, which is not supported");
    }
  }

  static void activation(Call call, Function function) {
    activation(call, new Op.Activation(function));
  }

  private static void constant(Call call, Function function, float alpha) {
    activation(call, Activations.canonical(function, call.single("alpha", alpha), 0));
  }

  static void activation(Call call, Op.Activation found) {
    Flow in = call.flow(0);
    Op.Activation activation =
        call.importer.own() ? Activations.hinted(found, call.node.doc()) : found;
    call.output(call.same(in, call.add(activation, in.draft())));
  }

  private static void identity(Call call) {
    Flow in = call.any(0);
    String doc = call.importer.own() ? call.node.doc() : "";
    String rate = Hint.find(doc, "drop_path");
    String reduce = Hint.find(doc, "reduce");
    if (rate != null) {
      Op op = new Op.DropPath(Hint.number(doc, "drop_path", 0));
      call.output(call.same(in, call.add(op, in.draft())));
    } else if (reduce != null) {
      call.output(NormOperators.reduceNothing(call, in, reduce));
    } else {
      call.output(in);
    }
  }

  private static void dropout(Call call) {
    Flow in = call.flow(0);
    if (call.opset < 7 && !call.flag("is_test", false)
        || call.has(2) && call.known(2, "training mode").number() != 0) {
      throw new Unsupported("is in training mode; export the model in evaluation mode");
    }
    float rate = call.has(1) ? call.known(1, "ratio").number() : call.single("ratio", 0.5f);
    call.output(call.same(in, call.add(new Op.Dropout(rate), in.draft())));
  }
}
