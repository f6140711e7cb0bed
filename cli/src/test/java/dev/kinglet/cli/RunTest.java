package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.golden.Formula;
import dev.kinglet.golden.Goldens;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run}: PyTorch's logits through the command line's own words. */
class RunTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenet_v2_050",
        "mobilenet_v3_small_dilated",
        "mobilenet_v3_large_075_tf",
        "shufflenet_v1_g8_x0_5",
        "shufflenet_v2_x1_5_odd",
        "ghostnet_050_odd",
        "efficientnet_lite0_tf",
        "hybridsn_indian_pines"
      })
  void aGoldenNetworkGivesPyTorchsLogits(String id) {
    Goldens.Golden golden = Goldens.named(id);
    Path weights = folder.resolve("weights.safetensors");
    Path input = folder.resolve("in.npy");
    Path output = folder.resolve("out.npy");
    SafetensorsFiles.write(weights, golden.weights());
    NumpyFiles.write(input, Tensor.of(golden.batch(), golden.input()));
    List<Object> words = new ArrayList<>(List.of("run"));
    // The goldens' words give the input's shape; here it is the array's.
    words.addAll(List.of(golden.command().replaceAll(" --input \\S+", "").split(" ")));
    words.addAll(List.of("--weights", weights, "--input", input, "--output", output));
    kinglet(words.toArray()).done();
    Tensor answer = NumpyFiles.read(output);
    assertEquals(Shape.of(golden.samples(), golden.classes()), answer.shape());
    assertEquals(Tensor.Type.F32, answer.type());
    double difference = golden.difference(answer.toFloats());
    assertTrue(difference <= golden.tolerance(), difference + " > " + golden.tolerance());
  }

  @Test
  void weightsOfAnotherDialectAreAnsweredWithTheWordsThatFit() {
    Path weights = folder.resolve("timm.safetensors");
    SafetensorsFiles.write(
        weights,
        Formula.weights(
            Goldens.build("mobilenet_v3_small_100 --classes 12 --set dialect=timm"), 1));
    Path input = folder.resolve("in.npy");
    NumpyFiles.write(input, Tensor.of(Shape.of(1, 3, 32, 32), new float[3 * 32 * 32]));
    kinglet(
            "run",
            "mobilenet_v3_small_100",
            "--weights",
            weights,
            "--input",
            input,
            "--output",
            folder.resolve("out.npy"))
        .refused("missing: features.0.0.weight", "they fit with --classes 12 --set dialect=timm.");
  }

  @Test
  void manySamplesAreAnsweredEachByItself() {
    int count = 21;
    Path weights = Inputs.smallWeights(folder);
    float[] samples = Formula.input(Shape.of(count, 3, 32, 32));
    float[] all = run(weights, samples, count);
    for (int i : new int[] {0, 15, 16, 20}) {
      float[] one = new float[3 * 32 * 32];
      System.arraycopy(samples, i * one.length, one, 0, one.length);
      float[] expected = new float[5];
      System.arraycopy(all, i * 5, expected, 0, 5);
      assertArrayEquals(expected, run(weights, one, 1), 1e-5f);
    }
  }

  private float[] run(Path weights, float[] samples, int count) {
    Path in = folder.resolve("in.npy");
    Path out = folder.resolve("out.npy");
    NumpyFiles.write(in, Tensor.of(Shape.of(count, 3, 32, 32), samples));
    kinglet(
            "run",
            "mobilenet_v1_025",
            "--classes",
            5,
            "--weights",
            weights,
            "--input",
            in,
            "--output",
            out)
        .done();
    return NumpyFiles.read(out).toFloats();
  }

  @Test
  void anOnnxFileNeedsNoWeights() throws Exception {
    Path in = folder.resolve("in.npy");
    Path out = folder.resolve("out.npy");
    float[] samples = Formula.input(Shape.of(3, 3, 32, 32));
    NumpyFiles.write(in, Tensor.of(Shape.of(3, 3, 32, 32), samples));
    kinglet("run", Inputs.smallModel(folder), "--input", in, "--output", out).done();
    assertArrayEquals(
        run(Inputs.smallWeights(folder), samples, 3), NumpyFiles.read(out).toFloats(), 1e-5f);
  }

  @Test
  void badInputIsRefusedInOneSentence() throws Exception {
    Path weights = Inputs.smallWeights(folder);
    Path model = Inputs.smallModel(folder);
    Path good = Inputs.array(folder.resolve("good.npy"), Shape.of(1, 3, 32, 32));
    Path out = folder.resolve("out.npy");
    Path nowhere = folder.resolve("nowhere.npy");
    kinglet("run", "mobilenet_v1_025").refused("--input IN.npy and --output OUT.npy");
    kinglet("run", "mobilenet_v1_025", "--input", good, "--output", out).refused("--weights FILE");
    kinglet("run", "mobilenet_v1_999", "--weights", weights, "--input", good, "--output", out)
        .refused("'mobilenet_v1_999'");
    kinglet("run", model, "--input", nowhere, "--output", out)
        .refused("nowhere.npy' does not exist");
    kinglet("run", model, "--input", folder, "--output", out).refused("is a folder");
    kinglet("run", model, "--input", weights, "--output", out).refused("small.safetensors");
    kinglet("run", model, "--input", good, "--output", folder).refused("is a folder");
    kinglet("run", model, "--input", good, "--output", folder.resolve("no/out.npy"))
        .refused("does not exist; make it");
    kinglet("run", folder.resolve("no.onnx"), "--input", good, "--output", out)
        .refused("no.onnx' does not exist");
    kinglet("run", folder, "--input", good, "--output", out).refused("is a folder");
    kinglet("run", model, "--weights", weights, "--input", good, "--output", out)
        .refused("--weights");
    kinglet("run", model, "--classes", 5, "--input", good, "--output", out).refused("--classes");
    kinglet("run", model, "--input", good, "--output", out, "--engine", "gpu")
        .refused("--engine is one of x64, java", "'gpu'");
    kinglet("run", model, "--input", good, "--output", out, "--threads", 0)
        .refused("--threads", "'0'");
    kinglet("run", model, "--input", good, "--output", out, "--engine", "java", "--isa", "avx2")
        .refused();
  }

  @Test
  void anArrayThatIsNoBatchOfThisNetworkIsRefused() throws Exception {
    Path weights = Inputs.smallWeights(folder);
    Path out = folder.resolve("out.npy");
    Path flat = Inputs.array(folder.resolve("flat.npy"), Shape.of(3));
    Path none = Inputs.array(folder.resolve("none.npy"), Shape.of(0, 3, 32, 32));
    Path grey = Inputs.array(folder.resolve("grey.npy"), Shape.of(1, 1, 32, 32));
    Path other = Inputs.array(folder.resolve("other.npy"), Shape.of(1, 3, 33, 32));
    String[] variant = {"run", "mobilenet_v1_025", "--classes", "5"};
    for (Path array : List.of(flat, none, grey)) {
      List<Object> words = new ArrayList<>(List.of(variant));
      words.addAll(List.of("--weights", weights, "--input", array, "--output", out));
      kinglet(words.toArray()).refused();
    }
    kinglet("run", Inputs.smallModel(folder), "--input", other, "--output", out)
        .refused("small.onnx", "3x32x32", "3x33x32");
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedWithEveryName() {
    Path weights = Inputs.smallWeights(folder);
    Path in = Inputs.array(folder.resolve("in.npy"), Shape.of(1, 3, 32, 32));
    Path out = folder.resolve("out.npy");
    kinglet("run", "mobilenet_v1_025", "--weights", weights, "--input", in, "--output", out)
        .refused("misshapen", "classifier.weight (expected 1000x256, found 5x256)");
    kinglet("run", "mobilenet_v2_100", "--weights", weights, "--input", in, "--output", out)
        .refused("missing", "unexpected", "features.0.0.weight");
  }
}
