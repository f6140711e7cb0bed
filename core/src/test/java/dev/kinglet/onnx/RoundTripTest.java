package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engines;
import dev.kinglet.engine.RandomGraph;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write, we read back equal. */
class RoundTripTest {
  @TempDir Path folder;

  static Stream<Variant> variants() {
    return Zoo.variants().stream();
  }

  @Test
  void aThousandRandomGraphsReadBackEqualInEveryOpset() {
    for (int seed = 0; seed < 1000; seed++) {
      Graph graph = RandomGraph.of(seed);
      Random random = new Random(seed);
      OnnxModel model = new OnnxModel(graph, Engines.weights(graph, random), Map.of());
      int opset = OnnxWriter.OLDEST_OPSET + random.nextInt(16);
      OnnxWriter.Options options = new OnnxWriter.Options(opset, seed % 2 == 0);
      byte[] bytes;
      try {
        bytes = bytes(model, options);
      } catch (InvalidInputException e) {
        // Said in the message: older operator sets lack some operators.
        assertTrue(opset < 19 && e.getMessage().contains("choose opset 19"), e.getMessage());
        continue;
      }
      OnnxModel read = read(bytes);
      same(graph, read.graph());
      assertEquals(OnnxWriter.stored(model, options), read.weights());
    }
  }

  @Test
  void everyConstantOfEveryOperatorSurvives() {
    Shape map = Shape.of(6, 8, 8);
    List<Op> ops = new ArrayList<>();
    for (Op.Function function : Op.Function.values()) {
      ops.add(new Op.Activation(function));
      ops.add(new Op.Activation(function, 0.123f, 0.77f));
    }
    ops.add(new Op.Activation(Op.Function.CLIP, 0, 6));
    ops.add(new Op.Activation(Op.Function.CLIP, 0, Float.POSITIVE_INFINITY));
    ops.add(new Op.Activation(Op.Function.CLIP, Float.NEGATIVE_INFINITY, 3));
    ops.add(new Op.BatchNorm(1e-3f, 0.01f));
    ops.add(new Op.BatchNorm(0.3333f, 0.123457f));
    ops.add(new Op.Pool(Op.PoolKind.MAX, Window.square(3, 2), true, true));
    ops.add(new Op.Pool(Op.PoolKind.AVERAGE, Window.square(3, 2), true, false));
    ops.add(new Op.Reduce(Op.Reduce.Kind.MEAN, List.of(0, 1, 2), false));
    ops.add(new Op.Reduce(Op.Reduce.Kind.SUM, List.of(0, 1, 2), true));
    ops.add(new Op.Reduce(Op.Reduce.Kind.MAX, List.of(1), false));
    ops.add(new Op.Reduce(Op.Reduce.Kind.MIN, List.of(), false));
    ops.add(new Op.LocalResponseNorm(5, 0.1f, 0.2f, 3));
    ops.add(new Op.Dropout(0.1234f));
    ops.add(new Op.DropPath(0.4321f));
    ops.add(new Op.Shuffle(1));
    ops.add(new Op.Shuffle(6));
    ops.add(new Op.Reshape(map));
    ops.add(new Op.Transpose(List.of(0, 1, 2)));
    ops.add(new Op.Slice(0, 0, 6, 1));
    ops.add(new Op.Pad(List.of(0, 1, -1), List.of(1, 0, 2), Op.Pad.Mode.CONSTANT, -3.5f));
    ops.add(new Op.Pad(List.of(0, 1, 1), List.of(0, 0, 2), Op.Pad.Mode.REFLECT, 2));
    ops.add(new Op.Concat(2));
    for (Op.Resize.Interpolation kind : Op.Resize.Interpolation.values()) {
      for (Op.Resize.Coordinates coordinates : Op.Resize.Coordinates.values()) {
        ops.add(new Op.Resize(List.of(11, 5), List.of(11 / 8f, 5 / 8f), kind, coordinates));
      }
    }
    for (Op op : ops) {
      for (int opset = OnnxWriter.OLDEST_OPSET; opset <= OnnxWriter.NEWEST_OPSET; opset++) {
        GraphBuilder builder = new GraphBuilder("one", map);
        Node first = builder.add("a", "elsewhere", op, List.of(builder.input()));
        Node unused = builder.add("b", new Op.Activation(Op.Function.SIGMOID), first);
        Graph graph = builder.build(builder.add("c", "d", op(first), List.of(first)));
        assertEquals(2, unused.index());
        OnnxModel model = new OnnxModel(graph, Engines.weights(graph, new Random(1)), Map.of());
        OnnxModel read = read(bytes(model, new OnnxWriter.Options(opset, false)));
        same(graph, read.graph());
        assertEquals(model.weights(), read.weights());
      }
    }
  }

  /** Another node that could be taken for a part of the first one. */
  private static Op op(Node first) {
    return first.shape().rank() == 3
        ? new Op.Activation(Op.Function.CLIP, 0, 1)
        : new Op.Reshape(Shape.of(first.shape().elements()));
  }

  @Test
  void whatLooksLikeOneOperatorButWasSeveralStaysSeveral() {
    GraphBuilder builder = new GraphBuilder("swish", Shape.of(4, 3, 3));
    Node x = builder.input();
    Node gate = builder.add("gate", new Op.Activation(Op.Function.SIGMOID), x);
    Node gated = builder.add("gated", new Op.Arithmetic(Op.Arithmetic.Kind.MULTIPLY), x, gate);
    Node split = builder.add("split", new Op.Reshape(Shape.of(2, 2, 9)), gated);
    Node swapped = builder.add("swapped", new Op.Transpose(List.of(1, 0, 2)), split);
    Node flat = builder.add("flat", new Op.Reshape(Shape.of(4, 3, 3)), swapped);
    Graph graph = builder.build(flat);
    OnnxModel model = new OnnxModel(graph, Weights.of(Map.of()), Map.of());
    assertEquals(graph, read(bytes(model, OnnxWriter.Options.defaults())).graph());
  }

  @Test
  void sharedAndUnnamedPathsSurvive() {
    GraphBuilder builder = new GraphBuilder("shared", Shape.of(4));
    Node a = builder.add("a", "", new Op.Linear(4, true), List.of(builder.input()));
    Node b = builder.add("b", "fc", new Op.Linear(4, false), List.of(a));
    Node c = builder.add("fc.weight", "fc", new Op.Linear(4, false), List.of(b));
    Graph graph = builder.build(c);
    OnnxModel model = new OnnxModel(graph, Engines.weights(graph, new Random(1)), Map.of());
    OnnxModel read = read(bytes(model, OnnxWriter.Options.defaults()));
    assertEquals(graph, read.graph());
    assertEquals(model.weights(), read.weights());
  }

  @Test
  void theInputCanBeTheOutput() {
    GraphBuilder builder = new GraphBuilder("nothing", Shape.of(4));
    Graph graph = builder.build(builder.input());
    OnnxModel model = new OnnxModel(graph, Weights.of(Map.of()), Map.of());
    assertEquals(graph, read(bytes(model, OnnxWriter.Options.defaults())).graph());
  }

  private static void same(Graph expected, Graph found) {
    for (int i = 0; i < Math.min(expected.nodes().size(), found.nodes().size()); i++) {
      assertEquals(expected.nodes().get(i), found.nodes().get(i), expected.name());
    }
    assertEquals(expected, found);
  }

  private static byte[] bytes(OnnxModel model, OnnxWriter.Options options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      OnnxWriter.encode(model, options).writeTo(Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static OnnxModel read(byte[] bytes) {
    return OnnxReader.read(ByteBuffer.wrap(bytes), "test", new ExternalData(null), null, true);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantReadsBackEqual(Variant variant) {
    Graph graph = variant.build();
    OnnxModel model = new OnnxModel(graph, InitialWeights.of(graph, 7), Map.of("a", "b\nc"));
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(model, file, OnnxWriter.Options.defaults());
    OnnxModel read = OnnxReader.read(file);
    assertEquals(graph, read.graph());
    assertEquals(graph.parameters(), read.graph().parameters());
    assertEquals(graph.name(), read.graph().name());
    assertEquals(model.weights(), read.weights());
    assertEquals(model.metadata(), read.metadata());
  }
}
