package dev.kinglet.onnx;

import dev.kinglet.graph.Op;
import dev.kinglet.graph.Op.Arithmetic.Kind;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Window;
import dev.kinglet.onnx.Value.Flow;
import dev.kinglet.onnx.Value.Known;
import java.util.Arrays;

/** Products of the sample with a stored matrix. */
final class MatrixOperators {
  private MatrixOperators() {}

  static void gemm(Call call) {
    Flow in = call.flow(0);
    Known matrix = call.known(1, "weights");
    Known bias = call.has(2) ? call.known(2, "biases") : null;
    float alpha = call.single("alpha", 1);
    float beta = call.single("beta", 1);
    boolean flip = call.flag("transA", false);
    boolean stored = call.flag("transB", false);
    if (in.dims().length != 2 || matrix.dims().length != 2) {
      throw new Unsupported("multiplies tensors that are not matrices");
    }
    int features = matrix.dims()[stored ? 0 : 1];
    int depth = matrix.dims()[stored ? 1 : 0];
    if (in.standard() && !flip) {
      Known weight = scaled(call, stored ? matrix : transposed(call, matrix), alpha);
      Known vector = bias == null ? null : scaled(call, vector(call, bias, features), beta);
      call.output(call.like(in, linear(call, in.draft(), weight, vector, features, depth)));
      return;
    }
    if (in.batch() >= 0) {
      throw new Unsupported("multiplies along the batch, so samples would depend on each other");
    }
    Draft rows =
        flip ? in.draft() : call.add(new Op.Transpose(BlockOperators.list(1, 0)), in.draft());
    Known weight = scaled(call, stored ? matrix : transposed(call, matrix), alpha);
    Draft columns = pointwise(call, rows, weight, features, depth, 1);
    Draft product = call.add(new Op.Transpose(BlockOperators.list(1, 0)), columns);
    int[] dims = {product.shape.size(0), features};
    Flow result = new Flow(product, dims, -1, false);
    if (bias != null) {
      result = ArithmeticOperators.combine(call, Kind.ADD, result, scaled(call, bias, beta));
    }
    call.output(result);
  }

  private static Draft linear(
      Call call, Draft in, Known weight, Known bias, int features, int depth) {
    Draft draft = call.add(new Op.Linear(features, bias != null), in);
    WindowOperators.parameter(draft, "weight", weight, Shape.of(features, depth));
    if (bias != null) {
      WindowOperators.parameter(draft, "bias", bias, Shape.of(features));
    }
    WindowOperators.checkParameters(draft);
    return draft;
  }

  /** A convolution that multiplies the channels of {@code (depth, positions)} by a matrix. */
  private static Draft pointwise(
      Call call, Draft in, Known weight, int channels, int depth, int groups) {
    Draft draft = call.add(new Op.Conv(channels, Window.valid(1), groups, false), in);
    WindowOperators.parameter(draft, "weight", weight, Shape.of(channels, depth / groups, 1));
    WindowOperators.checkParameters(draft);
    return draft;
  }

  static void matMul(Call call) {
    Flow in = call.flow(0);
    Known matrix = call.known(1, "weights");
    int[] right = matrix.dims();
    boolean vector = right.length == 1;
    int rank = in.dims().length;
    if (right.length == 0 || rank < 2 || right.length > rank) {
      throw new Unsupported("multiplies by a constant of more axes than the sample has");
    }
    int depth = vector ? right[0] : right[right.length - 2];
    int columns = vector ? 1 : right[right.length - 1];
    if (in.dims()[rank - 1] != depth || in.batch() > 0 || in.batch() == 0 && !in.standard()) {
      throw new Unsupported(
          "multiplies " + Arrays.toString(in.dims()) + " by " + Arrays.toString(right));
    }
    int[] outer = outer(right, rank);
    int matrices = 1;
    for (int size : outer) {
      matrices *= size;
    }
    Draft product;
    if (rank == 2 && in.standard()) {
      product = linear(call, in.draft(), transposed(call, matrix), null, columns, depth);
    } else {
      boolean blocks = matrices > 1 && !shared(in, outer);
      product = rows(call, in, transposed(call, matrix), depth, columns, matrices, blocks);
    }
    int[] dims = Arrays.copyOf(in.dims(), vector ? rank - 1 : rank);
    for (int axis = 0; axis < outer.length; axis++) {
      dims[axis] = Math.max(dims[axis], outer[axis]);
    }
    if (!vector) {
      dims[rank - 1] = columns;
    }
    Draft draft = call.shaped(product, Flow.shape(dims, in.batch()));
    call.output(new Flow(draft, dims, in.batch(), false));
  }

  /** The sizes of the right side's axes before the matrix, with as many axes as the left side's. */
  private static int[] outer(int[] right, int rank) {
    int[] outer = new int[rank - 2];
    Arrays.fill(outer, 1);
    int own = Math.max(right.length - 2, 0);
    System.arraycopy(right, 0, outer, outer.length - own, own);
    return outer;
  }

  /** Whether all matrices multiply the same rows; else each must have a block of rows. */
  private static boolean shared(Flow in, int[] outer) {
    boolean same = true;
    boolean alone = true;
    for (int axis = 0; axis < outer.length; axis++) {
      boolean batch = axis == in.batch();
      same &= batch ? outer[axis] == 1 : outer[axis] == in.dims()[axis];
      alone &= batch ? outer[axis] == 1 : in.dims()[axis] == 1;
    }
    if (!same && !alone) {
      throw new Unsupported("multiplies by matrices that repeat along some axes only");
    }
    return alone;
  }

  /** A product for every row: the rows become the positions of a pointwise convolution. */
  private static Draft rows(
      Call call, Flow in, Known weight, int depth, int columns, int matrices, boolean blocks) {
    int groups = blocks ? matrices : 1;
    int rows = in.draft().shape.elements() / (groups * depth);
    Draft split = call.shaped(in.draft(), Shape.of(groups, rows, depth));
    Draft turned = call.add(new Op.Transpose(BlockOperators.list(0, 2, 1)), split);
    Draft channels = call.shaped(turned, Shape.of(groups * depth, rows));
    Draft product = pointwise(call, channels, weight, matrices * columns, groups * depth, groups);
    Draft parts = call.shaped(product, Shape.of(matrices, columns, rows));
    return call.add(new Op.Transpose(BlockOperators.list(0, 2, 1)), parts);
  }

  /** The transposed matrix, or each of several; a copy under no name of the file. */
  private static Known transposed(Call call, Known matrix) {
    int[] dims = matrix.dims();
    if (!matrix.isFloat()) {
      throw new Unsupported("multiplies whole numbers");
    }
    int columns = dims.length == 1 ? 1 : dims[dims.length - 1];
    int depth = dims.length == 1 ? dims[0] : dims[dims.length - 2];
    float[] from = matrix.tensor().toFloats();
    call.importer.budget().take(4L * from.length);
    float[] to = new float[from.length];
    int matrices = columns * depth == 0 ? 0 : from.length / (columns * depth);
    for (int m = 0; m < matrices; m++) {
      int base = m * depth * columns;
      for (int row = 0; row < depth; row++) {
        for (int column = 0; column < columns; column++) {
          to[base + column * depth + row] = from[base + row * columns + column];
        }
      }
    }
    return new Known(Tensor.of(Shape.of(matrices * columns, depth), to), matrix.batch(), null);
  }

  private static Known scaled(Call call, Known known, float factor) {
    if (known == null || factor == 1) {
      return known;
    }
    float[] values = known.tensor().toFloats();
    call.importer.budget().take(4L * values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return new Known(Tensor.of(known.tensor().shape(), values), known.batch(), null);
  }

  /** A bias as one number a feature, which ONNX may give as a scalar or with a leading axis. */
  private static Known vector(Call call, Known bias, int features) {
    Shape shape = bias.tensor().shape();
    if (shape.elements() == features
        && (shape.rank() == 1 || features == 1 || shape.size(shape.rank() - 1) == features)) {
      return bias;
    }
    if (shape.elements() != 1) {
      throw new Unsupported("adds " + shape + " to " + features + " features of each sample");
    }
    call.importer.budget().take(4L * features);
    float[] values = new float[features];
    Arrays.fill(values, bias.number());
    return new Known(Tensor.of(Shape.of(features), values), bias.batch(), null);
  }
}
