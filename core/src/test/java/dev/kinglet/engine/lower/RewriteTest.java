package dev.kinglet.engine.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Definition;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.java.JavaPlan;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What each rewrite removes, and that none changes what is computed. */
final class RewriteTest {

  private static Program lower(Graph graph) {
    return Rewrite.lower(graph, Engines.weights(graph, new Random(1)), JavaPlan::evaluate);
  }

  private static Program lower(String variant) {
    return lower(Zoo.variant(variant).build());
  }

  private static long count(Program program, Class<? extends Step> kind) {
    return program.steps().stream().filter(kind::isInstance).count();
  }

  @Test
  void mobileNetV2IsConvolutionsAPoolAndALinearLayer() {
    Program program = lower("mobilenet_v2_100");
    assertEquals(52, count(program, Step.Convolution.class), program.toString());
    assertEquals(1, count(program, Step.GlobalPool.class));
    assertEquals(1, count(program, Step.Linear.class));
    assertEquals(54, program.steps().size());
    assertEquals(
        10, program.steps().stream().filter(step -> step.tail().before().isPresent()).count());
  }

  @Test
  void shufflesSplitsAndConcatenationsOfShuffleNetCostNothing() {
    for (String variant : List.of("shufflenet_v1_g3_x1_0", "shufflenet_v2_x1_0", "ghostnet_100")) {
      Program program = lower(variant);
      assertEquals(0, count(program, Step.Copy.class), program.toString());
      assertEquals(0, count(program, Step.Concat.class), program.toString());
      assertEquals(0, count(program, Step.Slice.class), program.toString());
    }
  }

  @Test
  void noBatchNormIsLeftInAnyVariantWhereAConvolutionPrecedesIt() {
    for (var variant : Zoo.variants()) {
      if (variant.build().macs() < 200_000_000) {
        assertEquals(0, count(lower(variant.name()), Step.Affine.class), variant.name());
      }
    }
  }

  @Test
  void everySqueezeExciteOfMobileNetV3IsOneStep() {
    assertEquals(8, count(lower("mobilenet_v3_large_100"), Step.SqueezeExcite.class));
    assertEquals(9, count(lower("mobilenet_v3_small_100"), Step.SqueezeExcite.class));
    assertEquals(8, count(lower("se_resnet18"), Step.SqueezeExcite.class));
  }

  @Test
  void aChainOfLayersNeedsItsLargestPair() {
    // The second block of MobileNetV2: 96 channels, once at 112x112 and once at 56x56.
    assertEquals(4L * 96 * (112 * 112 + 56 * 56), lower("mobilenet_v2_100").memory().peak());
    assertTrue(lower("mobilenet_v2_100").toString().contains("memory 6,021,120 bytes"));
  }

  @Test
  void aBatchNormOfAValueThatIsReadElsewhereStays() {
    GraphBuilder b = new GraphBuilder("shared", Shape.of(4, 5, 5));
    Node conv = b.add("conv", new Op.Conv(4, Window.square(3, 1), 1, true), b.input());
    Node norm = b.add("norm", new Op.BatchNorm(), conv);
    Graph graph = b.build(b.add("sum", new Op.Arithmetic(Op.Arithmetic.Kind.ADD), norm, conv));
    assertEquals(1, count(lower(graph), Step.Affine.class));
  }

  @Test
  void whatTheAnswerDoesNotDependOnGoes() {
    GraphBuilder b = new GraphBuilder("dead", Shape.of(4, 5, 5));
    b.add("unused", new Op.Conv(40, Window.square(3, 1), 1, true), b.input());
    Node relu = b.add("relu", new Op.Activation(Op.Function.RELU), b.input());
    assertEquals(1, lower(b.build(relu)).steps().size());
  }

  @Test
  void arithmeticWithConstantsFoldsIntoTheConvolutionBefore() {
    GraphBuilder b = new GraphBuilder("folded", Shape.of(4, 5, 5));
    Node conv = b.add("conv", new Op.Conv(6, Window.square(3, 1), 1, true), b.input());
    Node scale = b.add("scale", new Op.Constant(Shape.of(6, 1, 1)));
    Node shift = b.add("shift", new Op.Constant(Shape.of(1, 1, 1)));
    Node scaled = b.add("mul", new Op.Arithmetic(Op.Arithmetic.Kind.MULTIPLY), scale, conv);
    Node shifted = b.add("sub", new Op.Arithmetic(Op.Arithmetic.Kind.SUBTRACT), shift, scaled);
    Program program = lower(b.build(shifted));
    assertEquals(1, program.steps().size(), program.toString());
    assertEquals(0, program.constants().size());
  }

  @Test
  void everyRewriteLeavesTheAnswersAsTheyAre() {
    for (String variant : List.of("mobilenet_v3_small_075", "shufflenet_v2_x0_5", "ghostnet_050")) {
      Graph graph = Zoo.variant(variant).build(Settings.defaults().withInput(Shape.of(3, 33, 65)));
      Random random = new Random(7);
      Weights weights = Engines.weights(graph, random);
      float[] sample = Engines.numbers(graph.input().shape().elements(), random);
      double[][] expected = {Definition.run(graph, weights, sample)};
      Program program = Rewrite.translate(graph, weights);
      check(graph, "translated", program, expected, sample);
      for (Rewrite rewrite : Rewrite.all(JavaPlan::evaluate)) {
        program = rewrite.change().apply(program);
        check(graph, rewrite.name(), program, expected, sample);
      }
    }
  }

  private static void check(
      Graph graph, String name, Program program, double[][] expected, float[] sample) {
    Engines.compare(graph, name, expected, new JavaPlan(graph, program, 1).session(1).run(sample));
  }

  @Test
  void theProgramCanBePrintedBeforeAndAfterEachRewrite() {
    Graph graph = Zoo.variant("shufflenet_v2_x0_5").build();
    List<Engine.Lowered> stages = Engine.lowered(graph);
    assertEquals(Rewrite.all(JavaPlan::evaluate).size() + 1, stages.size());
    assertTrue(stages.getFirst().program().contains("copy"), stages.getFirst().program());
    assertTrue(stages.getLast().program().contains("depthwise 3/2 pad 1"));
    assertNotEquals(stages.get(0).program(), stages.get(1).program());
    assertEquals(lower(graph).toString(), stages.getLast().program(), "printing needs no weights");
  }

  @Test
  void weightsStoredAsHalvesGiveTheAnswersOfTheSameNumbersAsFloats() {
    GraphBuilder b = new GraphBuilder("half", Shape.of(3, 9, 9));
    Node conv = b.add("conv", new Op.Conv(5, Window.square(3, 2), 1, true), b.input());
    Graph graph = b.build(b.add("norm", new Op.BatchNorm(), conv));
    Random random = new Random(3);
    var halves = new LinkedHashMap<String, Tensor>();
    var floats = new LinkedHashMap<String, Tensor>();
    Engines.weights(graph, random)
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.toFloats();
              var data = MemorySegment.ofArray(new byte[values.length * 2]);
              for (int i = 0; i < values.length; i++) {
                short half = Float.floatToFloat16(values[i]);
                data.set(
                    ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                    i * 2L,
                    half);
                values[i] = Float.float16ToFloat(half);
              }
              var type = Tensor.Type.F16;
              halves.put(name, new Tensor(tensor.shape(), type, data));
              floats.put(name, Tensor.of(tensor.shape(), values));
            });
    float[] sample = Engines.numbers(graph.input().shape().elements(), random);
    Options java = Options.defaults().withBackend(Backend.JAVA);
    assertArrayEquals(
        Engine.compile(graph, Weights.of(floats), java).session().run(sample),
        Engine.compile(graph, Weights.of(halves), java).session().run(sample));
  }
}
