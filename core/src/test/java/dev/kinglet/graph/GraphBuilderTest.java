package dev.kinglet.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  @Test
  void aStemConvolutionHasTheShapeParametersAndCostOfTheMobileNetPaper() {
    GraphBuilder builder = new GraphBuilder("stem", Shape.of(3, 224, 224));
    Node conv =
        builder.add("conv", new Op.Conv(32, Window.square(3, 2), 1, false), builder.input());
    Graph graph = builder.build(builder.add("bn", new Op.BatchNorm(), conv));
    assertEquals(Shape.of(32, 112, 112), conv.shape());
    assertEquals(864 + 64, graph.parameterCount());
    assertEquals(10_838_016, graph.macs());
    assertEquals(
        List.of(
            "conv.weight",
            "bn.weight",
            "bn.bias",
            "bn.running_mean",
            "bn.running_var",
            "bn.num_batches_tracked"),
        graph.parameters().stream().map(Parameter::name).toList());
  }

  @Test
  void aMismatchNamesNodeExpectationAndFinding() {
    GraphBuilder builder = new GraphBuilder("net", Shape.of(24, 7, 7));
    InvalidInputException error =
        assertThrows(
            InvalidInputException.class,
            () ->
                builder.add(
                    "stage2.conv",
                    new Op.Conv(48, Window.square(1, 1), 5, false),
                    builder.input()));
    assertEquals(
        "Node 'stage2.conv' (Conv) of net expected input channels divisible by 5 groups, but found"
            + " 24.",
        error.getMessage());
  }

  @Test
  void aMapTooSmallForItsKernelIsRefused() {
    GraphBuilder builder = new GraphBuilder("net", Shape.of(1, 5, 5));
    InvalidInputException error =
        assertThrows(
            InvalidInputException.class,
            () ->
                builder.add(
                    "pool",
                    new Op.Pool(Op.PoolKind.AVERAGE, Window.square(7, 1, 0), false, true),
                    builder.input()));
    assertEquals(
        "Node 'pool' (Pool) of net expected at least 7 elements along spatial axis 0 for a kernel"
            + " of 7, but found 5 in 1x5x5.",
        error.getMessage());
  }

  @Test
  void samePaddingPutsTheOddElementAfter() {
    assertEquals(List.of(0, 0), Window.square(3, 2).same(Shape.of(1, 224, 224)).before());
    assertEquals(List.of(1, 1), Window.square(3, 2).same(Shape.of(1, 224, 224)).after());
    assertEquals(List.of(1, 1), Window.square(5, 2).same(Shape.of(1, 224, 224)).before());
    assertEquals(List.of(1, 1), Window.square(3, 2).same(Shape.of(1, 225, 225)).before());
  }

  @Test
  void weightsOfAnotherNetworkAreListedInOneError() {
    GraphBuilder builder = new GraphBuilder("net", Shape.of(4));
    Graph graph = builder.build(builder.add("fc", new Op.Linear(2, true), builder.input()));
    Weights weights =
        Weights.of(
            Map.of("fc.weight", Tensor.of(Shape.of(3, 4), new float[12]), "x", Tensor.counter(1)));
    Weights.Mismatch error = assertThrows(Weights.Mismatch.class, () -> weights.check(graph));
    assertEquals(List.of("fc.bias"), error.missing());
    assertEquals(List.of("x"), error.unexpected());
    assertEquals(List.of("fc.weight (expected 2x4, found 3x4)"), error.misshapen());
  }
}
