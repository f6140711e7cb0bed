package dev.kinglet.engine.x64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kinglet.engine.Backend;
import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Isa;
import dev.kinglet.engine.Options;
import dev.kinglet.engine.Plan;
import dev.kinglet.engine.RandomGraph;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Weights;
import dev.kinglet.graph.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans kept in a folder: the same bits, or not used at all. */
class PlanCacheTest {
  @TempDir Path folder;
  private final Graph graph = graph(8);
  private final Weights weights = InitialWeights.of(graph, 5);
  private Path plans;
  private float[] expected;

  @BeforeEach
  void onlyWhereMachineCodeRuns() {
    plans = folder.resolve("plans");
    Plan plan = Engine.compile(graph, weights);
    assumeTrue(plan.backend() == Backend.X64, "Skipped: this computer runs no machine code");
    expected = answer(plan);
  }

  @Test
  void aKeptPlanGivesTheSameBitsAndIsNotWrittenAgain() throws IOException {
    assertArrayEquals(expected, answer(compile()));
    Object first = identity(only());
    Plan kept = compile();
    assertEquals(first, identity(only()));
    assertArrayEquals(expected, answer(kept));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(only())));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(plans)));
    assertEquals(
        Engine.compile(graph, weights).session().profile(1).size(),
        kept.session().profile(1).size());
  }

  @Test
  void randomNetworksGiveTheSameBitsOnOneThreadAndThree() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      Graph random = RandomGraph.of(seed);
      Random numbers = new Random(seed);
      Weights its = Engines.weights(random, numbers);
      Options options = Options.defaults().withThreads(seed % 2 == 0 ? 1 : 3);
      float[] input = numbers(random.input().shape().elements(), numbers);
      float[] fresh = Engine.compile(random, its, options).session().run(input);
      Options keeping = options.withPlanCache(folder.resolve(Long.toString(seed)));
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(
            fresh, Engine.compile(random, its, keeping).session().run(input), "seed " + seed);
      }
      try (Stream<Path> files = Files.list(folder.resolve(Long.toString(seed)))) {
        assertEquals(1, files.count(), "seed " + seed);
      }
    }
  }

  @Test
  void anotherNetworkWeightThreadCountOrInstructionSetIsAnotherPlan() throws IOException {
    compile();
    Engine.compile(graph, InitialWeights.of(graph, 6), keeping());
    Engine.compile(graph, weights, keeping().withThreads(2));
    Graph wider = graph(9);
    Engine.compile(wider, InitialWeights.of(wider, 5), keeping());
    assertEquals(4, files().size());
    if (Engine.compile(graph, weights).isa().orElseThrow() == Isa.AVX512) {
      Plan plan = Engine.compile(graph, weights, keeping().withIsa(Isa.AVX2));
      assertEquals(Isa.AVX2, plan.isa().orElseThrow());
      assertEquals(5, files().size());
    }
  }

  @Test
  void anotherProcessorIsAnotherName() {
    Processor one = new Processor(true, false, true, false, List.of(1, 2, 3, 4));
    Processor other = new Processor(true, false, true, false, List.of(1, 2, 3, 5));
    assertNotEquals(
        PlanKey.of(graph, weights, Isa.AVX2, 1, one),
        PlanKey.of(graph, weights, Isa.AVX2, 1, other));
  }

  @Test
  void everyRandomNetworkHasANameOfItsOwn() {
    Set<String> names = new HashSet<>();
    Processor processor = new Processor(true, false, true, false, List.of());
    for (long seed = 0; seed < 400; seed++) {
      Graph random = RandomGraph.of(seed);
      Weights its = Engines.weights(random, new Random(1));
      names.add(PlanKey.of(random, its, Isa.AVX2, 1, processor).orElseThrow());
    }
    assertEquals(400, names.size());
  }

  @Test
  void aFileCutOffAnywhereIsNotUsedAndReplaced() throws IOException {
    compile();
    Path file = only();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 63, 64, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      Object broken = identity(file);
      assertArrayEquals(expected, answer(compile()));
      assertNotEquals(broken, identity(file));
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
  }

  @Test
  void aFlippedByteAnywhereIsNoticed() throws IOException {
    compile();
    Path file = only();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(9);
    for (int i = 0; i < 90; i++) {
      int at = i < 64 ? i : random.nextInt(whole.length);
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      if (at >= 40 && at < 64) {
        continue; // The header's unused bytes.
      }
      Files.write(file, changed);
      assertArrayEquals(expected, answer(compile()), "byte " + at);
      assertArrayEquals(whole, Files.readAllBytes(file), "byte " + at);
    }
  }

  @Test
  void aFileThatOthersMayWriteIsNotUsed() throws IOException {
    compile();
    Object first = identity(only());
    Files.setPosixFilePermissions(only(), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertArrayEquals(expected, answer(compile()));
    assertNotEquals(first, identity(only()));
    Object second = identity(only());
    Files.setPosixFilePermissions(plans, PosixFilePermissions.fromString("rwxrwxrwx"));
    compile();
    assertNotEquals(second, identity(only()));
  }

  @Test
  void aFolderThatCannotBeMadeKeepsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Options options = Options.defaults().withPlanCache(file.resolve("plans"));
    assertArrayEquals(expected, answer(Engine.compile(graph, weights, options)));
    assertEquals("in the way", Files.readString(file));
  }

  @Test
  void manyWritersAtOnceLeaveOneWholeFile() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<float[]> answers = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.ofPlatform().start(() -> answers.add(answer(compile()))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(8, answers.size());
    answers.forEach(answer -> assertArrayEquals(expected, answer));
    Object file = identity(only());
    assertArrayEquals(expected, answer(compile()));
    assertEquals(file, identity(only()));
  }

  @Test
  void onlyOwnLeftoversAreDeleted() throws IOException {
    compile();
    Path foreign = Files.writeString(plans.resolve("letter.txt"), "mine");
    Path left = Files.writeString(plans.resolve("a.1.2.plan-part"), "half");
    foreign.toFile().setLastModified(0);
    left.toFile().setLastModified(0);
    Engine.compile(graph, InitialWeights.of(graph, 6), keeping());
    assertTrue(Files.exists(foreign));
    assertFalse(Files.exists(left));
  }

  private Options keeping() {
    return Options.defaults().withPlanCache(plans);
  }

  private Plan compile() {
    return Engine.compile(graph, weights, keeping());
  }

  private static float[] answer(Plan plan) {
    return plan.session().run(numbers(plan.graph().input().shape().elements(), new Random(3)));
  }

  private static float[] numbers(int count, Random random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(plans)) {
      return files.toList();
    }
  }

  private Path only() throws IOException {
    List<Path> files = files();
    assertEquals(1, files.size(), files::toString);
    return files.getFirst();
  }

  /** Changes when a file is replaced by another of the same name, and when it is written. */
  private static Object identity(Path file) throws IOException {
    return List.of(
        Files.getAttribute(file, "unix:ino"), Files.getAttribute(file, "lastModifiedTime"));
  }

  private static Graph graph(int channels) {
    GraphBuilder builder = new GraphBuilder("kept", Shape.of(3, 20, 18));
    Node now =
        builder.add("first", new Op.Conv(channels, Window.square(3, 2), 1, true), builder.input());
    now = builder.add("relu", new Op.Activation(Op.Function.RELU6), now);
    now = builder.add("depth", new Op.Conv(channels, Window.square(3, 1), channels, true), now);
    now = builder.add("point", new Op.Conv(24, Window.square(1, 1), 1, true), now);
    now = builder.add("pool", new Op.GlobalPool(Op.PoolKind.AVERAGE), now);
    now = builder.add("flat", new Op.Reshape(Shape.of(24)), now);
    return builder.build(builder.add("linear", new Op.Linear(10, true), now));
  }
}
