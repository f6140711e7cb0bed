package dev.kinglet.cli;

import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Files that the tests give to commands. */
final class Inputs {
  /** A small network, its samples small too: 5 classes from 3 x 32 x 32. */
  static final List<String> SMALL =
      List.of("mobilenet_v1_025", "--classes", "5", "--input", "3x32x32");

  private Inputs() {}

  static Path root() {
    return Path.of(System.getProperty("kinglet.root"));
  }

  static Path shared() {
    return Path.of(System.getProperty("kinglet.shared"));
  }

  static Path chelsea() {
    return root().resolve("samples/chelsea.png");
  }

  static Graph small() {
    return Zoo.variant("mobilenet_v1_025")
        .build(Settings.defaults().withClasses(5).withInput(Shape.of(3, 32, 32)));
  }

  /** Weights by formula for the small network. */
  static Path smallWeights(Path folder) {
    Path file = folder.resolve("small.safetensors");
    SafetensorsFiles.write(file, Formula.weights(small(), 1));
    return file;
  }

  /** The labels of the small network's five classes. */
  static Path smallLabels(Path folder) throws IOException {
    return Files.write(
        folder.resolve("labels.txt"), List.of("ant", "bee", "cicada", "dragonfly", "earwig"));
  }

  /** The small network as a model file with recipe and labels. */
  static Path smallModel(Path folder) throws IOException {
    Path file = folder.resolve("small.onnx");
    List<Object> words = new ArrayList<>(List.of("export"));
    words.addAll(SMALL);
    words.addAll(List.of("--weights", smallWeights(folder), "--labels", smallLabels(folder)));
    words.addAll(List.of("--recipe", "torchvision_v1", "--output", file));
    Ran ran = Ran.kinglet(words.toArray());
    if (ran.code() != 0) {
      throw new AssertionError(ran.err());
    }
    return file;
  }

  /** A colour picture by chance as PNM, the simplest format that core reads. */
  static Path picture(Path file, int width, int height, long seed) throws IOException {
    byte[] header = ("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[header.length + 3 * width * height];
    System.arraycopy(header, 0, all, 0, header.length);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = header.length; i < all.length; i++) {
      all[i] = (byte) random.nextInt();
    }
    Files.createDirectories(file.getParent());
    return Files.write(file, all);
  }

  static Path array(Path file, Shape shape) {
    NumpyFiles.write(file, Tensor.of(shape, new float[shape.elements()]));
    return file;
  }
}
