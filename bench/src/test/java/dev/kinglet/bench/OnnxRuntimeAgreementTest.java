package dev.kinglet.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.RandomGraph;
import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.onnx.OnnxModel;
import dev.kinglet.onnx.OnnxReader;
import dev.kinglet.onnx.OnnxWriter;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write, ONNX Runtime reads, and it gives the numbers that our engine gives. */
class OnnxRuntimeAgreementTest {
  /** The newest operator set that this version of ONNX Runtime opens. */
  private static final int NEWEST = 25;

  private static final int OPSETS = NEWEST - OnnxWriter.OLDEST_OPSET + 1;

  @TempDir Path folder;

  static Stream<Variant> variants() {
    return Zoo.variants().stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyVariantAgreesInOneOfTheOperatorSets(Variant variant) throws OrtException {
    int opset = OnnxWriter.OLDEST_OPSET + Zoo.variants().indexOf(variant) % OPSETS;
    agree(variant, new OnnxWriter.Options(opset, false));
  }

  @ParameterizedTest
  @MethodSource("variants")
  @Tag("slow")
  void everyVariantAgreesInEveryOperatorSetInBothPrecisions(Variant variant) throws OrtException {
    for (int opset = OnnxWriter.OLDEST_OPSET; opset <= NEWEST; opset++) {
      agree(variant, new OnnxWriter.Options(opset, opset % 2 == 0));
      agree(variant, new OnnxWriter.Options(opset, opset % 2 == 1));
    }
  }

  @Test
  void halfPrecisionAgreesToo() throws OrtException {
    for (String name : List.of("efficientnet_lite0", "mobilenet_v3_small_100", "ghostnet_v2_100")) {
      agree(Zoo.variant(name), OnnxWriter.Options.defaults().withHalf(true));
    }
  }

  private void agree(Variant variant, OnnxWriter.Options options) throws OrtException {
    Graph graph = small(variant);
    OnnxModel model = new OnnxModel(graph, Formula.weights(graph, 0.8), Map.of());
    double difference = difference(model, options, 2);
    System.out.printf(
        "%s opset %d%s: %.1e of the largest logit%n",
        variant.name(), options.opset(), options.half() ? " half" : "", difference);
    assertTrue(difference <= 2e-5, variant.name() + " differs by " + difference);
  }

  /** The variant at the smallest of some inputs that it takes. */
  private static Graph small(Variant variant) {
    for (int size : new int[] {32, 64, 96}) {
      try {
        Shape input = variant.input();
        if (input.rank() == 3) {
          return variant.build(Settings.defaults().withInput(Shape.of(3, size, size)));
        }
      } catch (InvalidInputException e) {
        // Too small for this variant.
      }
    }
    return variant.build();
  }

  @Test
  void randomGraphsAgreeInEveryOperatorSet() throws OrtException {
    List<String> refused = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    int agreed = 0;
    for (int seed = 0; seed < 200; seed++) {
      Graph graph = RandomGraph.of(seed);
      OnnxModel model = new OnnxModel(graph, Engines.weights(graph, new Random(seed)), Map.of());
      OnnxWriter.Options options =
          new OnnxWriter.Options(OnnxWriter.OLDEST_OPSET + seed % OPSETS, seed % 3 == 0);
      try {
        double difference = difference(model, options, 1 + seed % 3);
        if (difference > 1e-4) {
          wrong.add(difference + " " + options + " " + graph.name());
        }
        agreed++;
      } catch (OrtException | InvalidInputException e) {
        refused.add(e.getMessage());
      }
    }
    System.out.println(agreed + " of 200 random graphs agree; not run by ONNX Runtime:");
    refused.forEach(System.out::println);
    assertEquals(List.of(), wrong);
    assertTrue(agreed >= 180, agreed + " agree");
  }

  /** The largest difference, as a share of the largest answer. */
  private double difference(OnnxModel model, OnnxWriter.Options options, int batch)
      throws OrtException {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(model, file, options);
    OnnxModel read = OnnxReader.read(file);
    assertEquals(model.graph(), read.graph());
    float[] input = Formula.input(model.graph().input().shape().prepend(batch));
    float[] ours = Engine.compile(read.graph(), read.weights()).session(batch).run(input);
    float[] theirs = run(file, model.graph(), input, batch);
    assertEquals(theirs.length, ours.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < ours.length; i++) {
      if (Float.isFinite(theirs[i])) {
        largest = Math.max(largest, Math.abs(theirs[i]));
        difference = Math.max(difference, Math.abs(theirs[i] - ours[i]));
      } else {
        assertEquals(theirs[i], ours[i]);
      }
    }
    return difference == 0 ? 0 : difference / largest;
  }

  private static float[] run(Path file, Graph graph, float[] input, int batch) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] dims =
        graph.input().shape().prepend(batch).toList().stream().mapToLong(n -> n).toArray();
    try (OrtSession.SessionOptions options = quiet();
        OrtSession session = environment.createSession(file.toString(), options);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), dims);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      OnnxTensor answer = (OnnxTensor) result.get(0);
      long[] expected =
          graph.output().shape().prepend(batch).toList().stream().mapToLong(n -> n).toArray();
      assertTrue(
          Arrays.equals(expected, answer.getInfo().getShape()),
          () -> Arrays.toString(answer.getInfo().getShape()));
      FloatBuffer values = answer.getFloatBuffer();
      float[] found = new float[values.remaining()];
      values.get(found);
      return found;
    }
  }

  private static OrtSession.SessionOptions quiet() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }
}
