package dev.kinglet.engine;

import static dev.kinglet.engine.Conformance.test;
import static dev.kinglet.engine.Conformance.window;

import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every other operator at odd sizes, ranks and broadcasts, on every engine of this computer, in
 * batches of one and three, against {@link Definition}.
 */
final class OperatorConformanceTest {

  @TestFactory
  Stream<DynamicTest> batchNormsEqualTheDefinition() {
    return Stream.of(
        test(new Op.BatchNorm(), Shape.of(7, 5, 3)),
        test(new Op.BatchNorm(1e-3f, 0.01f), Shape.of(19)),
        test(new Op.BatchNorm(), Shape.of(33, 4)),
        test(new Op.BatchNorm(), Shape.of(3, 2, 5, 7)),
        test(
            "two norms",
            Shape.of(5, 4, 4),
            b ->
                b.add("second", new Op.BatchNorm(), b.add("first", new Op.BatchNorm(), b.input()))),
        test(
            "norm of a linear layer",
            Shape.of(9),
            b ->
                b.add(
                    "norm", new Op.BatchNorm(), b.add("fc", new Op.Linear(14, true), b.input()))));
  }

  @TestFactory
  Stream<DynamicTest> activationsEqualTheDefinition() {
    return Arrays.stream(Op.Function.values())
        .flatMap(
            function ->
                Stream.of(
                    test(
                        function + " alone",
                        Shape.of(3, 5, 7),
                        b -> b.add("f", new Op.Activation(function), defined(b, function))),
                    test(
                        function + " of a vector",
                        Shape.of(21),
                        b -> b.add("f", new Op.Activation(function), defined(b, function))),
                    test(
                        function + " with other constants",
                        Shape.of(17, 3, 3),
                        b ->
                            b.add(
                                "f",
                                new Op.Activation(function, 0.3f, 0.7f),
                                defined(b, function)))));
  }

  /** Numbers for which a function is defined and not steep. */
  private static Node defined(GraphBuilder b, Op.Function function) {
    return switch (function) {
      case SQRT, LOG, RECIPROCAL ->
          b.add("positive", new Op.Activation(Op.Function.CLIP, 0.25f, 3), b.input());
      case RELU,
          RELU6,
          CLIP,
          HARD_SIGMOID,
          HARD_SWISH,
          SIGMOID,
          SILU,
          TANH,
          GELU,
          GELU_TANH,
          LEAKY_RELU,
          ELU,
          ERF,
          EXP,
          ABS,
          NEGATE,
          SOFTPLUS,
          SOFTSIGN,
          SELU,
          CELU,
          MISH,
          FLOOR,
          CEIL ->
          b.input();
    };
  }

  @TestFactory
  Stream<DynamicTest> learnedSlopesEqualTheDefinition() {
    return Stream.of(
        test(new Op.PRelu(), Shape.of(5, 3, 7)),
        test(new Op.PRelu(), Shape.of(18)),
        test(new Op.PRelu(), Shape.of(3, 2, 3, 4)));
  }

  @TestFactory
  Stream<DynamicTest> arithmeticBroadcastsAsDefined() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Op.Arithmetic.Kind kind : Op.Arithmetic.Kind.values()) {
      Shape[][] pairs = {
        {Shape.of(5, 3, 7), Shape.of(5, 3, 7)},
        {Shape.of(17, 4, 3), Shape.of(17, 1, 1)},
        {Shape.of(5, 3, 7), Shape.of(1, 3, 7)},
        {Shape.of(5, 3, 7), Shape.of(1, 1, 1)},
        {Shape.of(5, 3, 7), Shape.of(5, 3, 1)},
        {Shape.of(5, 3, 7), Shape.of(1, 1, 7)},
        {Shape.of(5, 3, 1), Shape.of(5, 1, 7)},
        {Shape.of(1, 3, 7), Shape.of(5, 1, 1)},
        {Shape.of(19), Shape.of(19)},
        {Shape.of(19), Shape.of(1)},
        {Shape.of(3, 4, 5, 6), Shape.of(3, 1, 5, 1)},
      };
      for (Shape[] pair : pairs) {
        tests.add(binary(kind, pair[0], pair[1], false));
        tests.add(binary(kind, pair[1], pair[0], true));
      }
    }
    return tests.stream();
  }

  /** Two parts of the input, made to the shapes, kept positive where the operation is steep. */
  private static DynamicTest binary(
      Op.Arithmetic.Kind kind, Shape left, Shape right, boolean constant) {
    int count = left.elements() + right.elements();
    return test(
        kind + " of " + left + " and " + right + (constant ? " constant" : ""),
        Shape.of(count),
        b -> {
          boolean steep = kind == Op.Arithmetic.Kind.DIVIDE || kind == Op.Arithmetic.Kind.POWER;
          Node source =
              steep
                  ? b.add("positive", new Op.Activation(Op.Function.CLIP, 0.5f, 2), b.input())
                  : b.input();
          Node first = b.add("cut1", new Op.Slice(0, left.elements()), source);
          Node a = b.add("left", new Op.Reshape(left), first);
          if (constant && !steep) {
            return b.add("both", new Op.Arithmetic(kind), a, b.add("c", new Op.Constant(right)));
          }
          Node second = b.add("cut2", new Op.Slice(left.elements(), count), source);
          Node c = b.add("right", new Op.Reshape(right), second);
          return b.add("both", new Op.Arithmetic(kind), a, c);
        });
  }

  @TestFactory
  Stream<DynamicTest> poolsEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Op.PoolKind kind : Op.PoolKind.values()) {
      for (boolean ceil : new boolean[] {false, true}) {
        for (boolean count : new boolean[] {false, true}) {
          tests.add(
              test(new Op.Pool(kind, Window.square(3, 2, 1), ceil, count), Shape.of(5, 8, 11)));
          tests.add(
              test(new Op.Pool(kind, Window.square(2, 2, 0), ceil, count), Shape.of(17, 7, 9)));
          tests.add(
              test(new Op.Pool(kind, Window.square(3, 3, 1), ceil, count), Shape.of(3, 1, 7)));
          tests.add(
              test(new Op.Pool(kind, Window.square(5, 1, 2), ceil, count), Shape.of(16, 6, 5)));
          tests.add(
              test(new Op.Pool(kind, Window.dilated(3, 2, 1, 2), ceil, count), Shape.of(4, 9, 10)));
          tests.add(
              test(
                  new Op.Pool(
                      kind,
                      window(
                          List.of(2, 3),
                          List.of(2, 3),
                          List.of(0, 1),
                          List.of(1, 2),
                          List.of(1, 1)),
                      ceil,
                      count),
                  Shape.of(9, 7, 10)));
          tests.add(
              test(
                  new Op.Pool(
                      kind,
                      Window.of(
                          List.of(2, 3, 2), List.of(2, 2, 1), List.of(1, 1, 0), List.of(1, 1, 1)),
                      ceil,
                      count),
                  Shape.of(3, 5, 6, 4)));
          tests.add(
              test(
                  new Op.Pool(
                      kind, Window.of(List.of(3), List.of(2), List.of(1), List.of(1)), ceil, count),
                  Shape.of(6, 12)));
        }
      }
      tests.add(test(new Op.Pool(kind, Window.square(7, 7, 0), false, false), Shape.of(9, 7, 7)));
      for (Shape shape :
          List.of(
              Shape.of(5, 7, 7),
              Shape.of(17, 1, 1),
              Shape.of(3, 1, 9),
              Shape.of(33, 12),
              Shape.of(4, 3, 5, 2))) {
        tests.add(test(new Op.GlobalPool(kind), shape));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> reductionsEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Op.Reduce.Kind kind : Op.Reduce.Kind.values()) {
      for (boolean keep : new boolean[] {false, true}) {
        for (List<Integer> axes :
            List.of(
                List.of(0),
                List.of(1),
                List.of(2),
                List.of(1, 2),
                List.of(0, 2),
                List.of(0, 1, 2))) {
          tests.add(test(new Op.Reduce(kind, axes, keep), Shape.of(7, 5, 3)));
        }
        tests.add(test(new Op.Reduce(kind, List.of(0), keep), Shape.of(23)));
        tests.add(test(new Op.Reduce(kind, List.of(0, 2), keep), Shape.of(3, 4, 5, 2)));
        tests.add(test(new Op.Reduce(kind, List.of(1, 2, 3), keep), Shape.of(17, 4, 5, 2)));
        tests.add(test(new Op.Reduce(kind, List.of(0), keep), Shape.of(19, 15, 14)));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> normalisationsAcrossNeighboursEqualTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int size : new int[] {1, 2, 3, 5, 8}) {
      tests.add(test(new Op.LocalResponseNorm(size, 0.3f, 0.75f, 1.5f), Shape.of(6, 3, 5)));
    }
    tests.add(test(new Op.LocalResponseNorm(5, 1e-4f, 0.75f, 1), Shape.of(18)));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> softmaxEqualsTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      tests.add(test(new Op.Softmax(axis), Shape.of(7, 5, 3)));
      tests.add(test(new Op.Softmax(axis), Shape.of(18, 1, 20)));
    }
    tests.add(test(new Op.Softmax(0), Shape.of(1)));
    tests.add(test(new Op.Softmax(0), Shape.of(1000)));
    tests.add(test(new Op.Softmax(3), Shape.of(3, 2, 4, 5)));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> elementsMoveAsDefined() {
    List<DynamicTest> tests = new ArrayList<>();
    Shape map = Shape.of(6, 5, 7);
    for (int axis = 0; axis < 3; axis++) {
      int at = axis;
      tests.add(
          test(
              "concat along " + axis,
              map,
              b ->
                  b.add(
                      "c",
                      new Op.Concat(at),
                      b.input(),
                      b.add("neg", new Op.Activation(Op.Function.NEGATE), b.input()),
                      b.input())));
      tests.add(test(new Op.Slice(axis, 1, 4, 2), map));
      tests.add(test(new Op.Slice(axis, 2, 3, 1), map));
      tests.add(test(new Op.Slice(axis, 0, 5, 1), map));
    }
    for (int groups : new int[] {1, 2, 3, 6}) {
      tests.add(test(new Op.Shuffle(groups), map));
    }
    for (Shape shape :
        List.of(
            Shape.of(210),
            Shape.of(6, 35),
            Shape.of(30, 7),
            Shape.of(2, 3, 5, 7),
            Shape.of(7, 5, 6),
            Shape.of(1, 210),
            Shape.of(210, 1, 1),
            Shape.of(1, 6, 35))) {
      tests.add(test(new Op.Reshape(shape), map));
    }
    for (List<Integer> order :
        List.of(
            List.of(0, 1, 2),
            List.of(0, 2, 1),
            List.of(1, 0, 2),
            List.of(1, 2, 0),
            List.of(2, 0, 1),
            List.of(2, 1, 0))) {
      tests.add(test(new Op.Transpose(order), map));
    }
    tests.add(test(new Op.Transpose(List.of(2, 0, 3, 1)), Shape.of(2, 3, 4, 5)));
    tests.add(test(new Op.Transpose(List.of(1, 0, 2, 4, 3)), Shape.of(2, 3, 2, 3, 2)));
    for (Op.Pad.Mode mode : Op.Pad.Mode.values()) {
      tests.add(test(new Op.Pad(List.of(0, 1, 2), List.of(0, 2, 1), mode, 0.5f), map));
      tests.add(test(new Op.Pad(List.of(0, 1, 0), List.of(0, 0, 3), mode, 0), map));
      tests.add(test(new Op.Pad(List.of(2, 0, -1), List.of(1, -2, 3), mode, -1), map));
      tests.add(test(new Op.Pad(List.of(3), List.of(2), mode, 2), Shape.of(9)));
    }
    tests.add(test(new Op.Dropout(0.5f), map));
    tests.add(test(new Op.DropPath(0.5f), map));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> resizingEqualsTheDefinition() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Op.Resize.Interpolation kind : Op.Resize.Interpolation.values()) {
      for (Op.Resize.Coordinates where : Op.Resize.Coordinates.values()) {
        tests.add(
            test(new Op.Resize(List.of(10, 14), List.of(2f, 2f), kind, where), Shape.of(3, 5, 7)));
        tests.add(
            test(
                new Op.Resize(List.of(3, 11), List.of(0.5f, 1.5f), kind, where),
                Shape.of(17, 6, 8)));
        tests.add(
            test(new Op.Resize(List.of(1, 4), List.of(0.25f, 4f), kind, where), Shape.of(4, 4, 1)));
        tests.add(test(new Op.Resize(List.of(9), List.of(1.8f), kind, where), Shape.of(4, 5)));
        tests.add(
            test(
                new Op.Resize(List.of(4, 3, 6), List.of(2f, 1f, 2f), kind, where),
                Shape.of(2, 2, 3, 3)));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> theAnswerMayBeAnyNode() {
    return Stream.of(
        test("nothing", Shape.of(3, 5, 7), b -> b.input()),
        test("a constant", Shape.of(3), b -> b.add("c", new Op.Constant(Shape.of(4, 3, 2)))),
        test(
            "a shuffle of a slice",
            Shape.of(12, 3, 3),
            b -> b.add("s", new Op.Shuffle(2), b.add("cut", new Op.Slice(3, 11), b.input()))),
        test(
            "arithmetic of constants",
            Shape.of(5, 2, 2),
            b -> {
              Node c = b.add("c", new Op.Constant(Shape.of(5, 1, 1)));
              Node d = b.add("d", new Op.Constant(Shape.of(5, 2, 1)));
              Node sum = b.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), c, d);
              return b.add("x", new Op.Arithmetic(Op.Arithmetic.Kind.SUBTRACT), sum, b.input());
            }));
  }
}
