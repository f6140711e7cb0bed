package dev.kinglet.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kinglet.Classifier;
import dev.kinglet.Model;
import dev.kinglet.engine.Options;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.zoo.Zoo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a warm road a picture allocates its answer, and a few bytes that do not depend on it. */
class AllocationTest {
  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getPlatformMXBean(java.lang.management.ThreadMXBean.class);

  /** Views of the file's bytes, for Java and for machine code, of each array a caller brings. */
  private static final long VIEW = 160;

  /** What the JDK needs to open a file. */
  private static final long OPENED = 1024;

  /** The list of five predictions with their names, and what they are sorted in. */
  private static final long ANSWER = 640;

  private static final int ROUNDS = 20;

  /** Baseline and progressive, halved and whole chrominance, restarts, grey, RGB and CMYK. */
  private static final List<String> KINDS =
      List.of(
          "q75_420_c.jpg",
          "q50_444_c.jpg",
          "q51_422_c.jpg",
          "q10_440_c.jpg",
          "rr420_1.jpg",
          "r444_2_True.jpg",
          "r420_7_True.jpg",
          "g33x16.jpg",
          "rgb444False.jpg",
          "cmyk444True.jpg",
          "s33x17_420.jpg");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWarmReaderDecodesAndPreparesAnyJpegWithoutNewMemory(boolean machine) {
    PictureReader reader =
        machine
            ? new PictureReader(PictureReader.DEFAULT_LIMIT)
            : new PictureReader(PictureReader.DEFAULT_LIMIT, null);
    List<byte[]> files = jpegs();
    Recipe recipe = Recipe.named("torchvision_v1");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(4L * recipe.output().elements(), 64);
      long each =
          bytesEach(
              files.size(),
              () -> files.forEach(file -> reader.prepare(file, "picture", recipe, target, 0)));
      assertTrue(each <= VIEW, each + " bytes a picture");
    }
  }

  @Test
  void everyRecipePreparesWithoutNewMemory() {
    PictureReader reader = new PictureReader();
    byte[] file = TestFiles.archive("jpeg.zip").get("q75_420_c.jpg");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(4L * 3 * 1024 * 1024, 64);
      for (Recipe recipe : Recipe.all()) {
        long each = bytesEach(1, () -> reader.prepare(file, "picture", recipe, target, 0));
        assertTrue(each <= VIEW, each + " bytes a picture for " + recipe);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "java"})
  void aWarmClassifierAllocatesTheAnswerOnly(String engine, @TempDir Path folder) throws Exception {
    Options options = Options.defaults();
    if (engine.equals("java")) {
      options = options.withBackend(dev.kinglet.engine.Backend.JAVA);
    }
    Graph graph = Zoo.variant("shufflenet_v2_x0_5").build();
    Model model =
        Model.of(graph, InitialWeights.of(graph, 1))
            .withRecipe(Recipe.named("torchvision_v1").withSize(224));
    Classifier classifier = Classifier.of(model, options);
    byte[] small = TestFiles.archive("jpeg.zip").get("s33x17_420.jpg");
    byte[] large = Files.readAllBytes(Path.of("../samples/coffee.jpg"));
    Path file = Files.write(folder.resolve("large.jpg"), large);

    long ofSmall = bytesEach(1, () -> classifier.classify(small));
    long ofLarge = bytesEach(1, () -> classifier.classify(large));
    long ofFile = bytesEach(1, () -> classifier.classify(file));

    assertEquals(ofSmall, ofLarge, "bytes for a small and for a large picture");
    assertTrue(ofLarge <= VIEW + ANSWER, ofLarge + " bytes a picture");
    assertTrue(ofFile <= OPENED + ANSWER, ofFile + " bytes a file");
  }

  private static List<byte[]> jpegs() {
    Map<String, byte[]> archive = TestFiles.archive("jpeg.zip");
    List<byte[]> files = new ArrayList<>();
    for (String kind : KINDS) {
      files.add(archive.get(kind));
    }
    return files;
  }

  /** What this thread allocates for a piece of the work, when it has been done many times. */
  private static long bytesEach(int pieces, Runnable work) {
    for (int i = 0; i < 2 * ROUNDS; i++) {
      work.run();
    }
    long least = Long.MAX_VALUE;
    // The compiler may change its mind in one of the rounds; the least is the warm one.
    for (int i = 0; i < ROUNDS; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least / pieces;
  }
}
