package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.RandomGraph;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.InitialWeights;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.house.Damages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mutated files end in a model or in an InvalidInputException, and cost no more than they weigh.
 */
class ReaderFuzzTest {
  /** What a file may cost whatever it holds: tables, messages, an empty graph. */
  private static final long ALWAYS = 1024 * 1024;

  @Test
  void twentyThousandDamagedFilesEndInAModelOrOneSentence() throws IOException {
    mutate(20_000);
  }

  @Tag("slow")
  @Test
  void aMillionDamagedFilesEndInAModelOrOneSentence() throws IOException {
    mutate(1_000_000);
  }

  private static void mutate(int count) throws IOException {
    List<byte[]> files = files();
    SplittableRandom random = new SplittableRandom(count);
    Damages damages = new Damages(random);
    int models = 0;
    for (int i = 0; i < count; i++) {
      byte[] file = damages.of(files.get(random.nextInt(files.size())));
      long before = Allocation.bytes();
      try {
        OnnxModel model =
            OnnxReader.read(
                ByteBuffer.wrap(file), "mutated", new ExternalData(null), null, i % 3 > 0);
        model.weights().check(model.graph());
        models++;
      } catch (InvalidInputException e) {
        assertTrue(!e.getMessage().isBlank());
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError("mutation " + i + " of " + count + ": " + e, e);
      }
      long cost = Allocation.bytes() - before;
      assertTrue(
          cost <= ALWAYS + 10L * file.length,
          "mutation " + i + " of " + file.length + " bytes allocated " + cost);
    }
    // Were nearly all refused, what comes behind the parser would hardly have been tried.
    assertTrue(models > count / 40, models + " of " + count);
  }

  private static List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (BackendTest test : BackendTest.all()) {
      if (test.model().length < 3000 && !test.inputs().isEmpty()) {
        ByteBuffer reduced = test.reduced(0, 0);
        files.add(Arrays.copyOf(reduced.array(), reduced.limit()));
      }
    }
    for (int seed = 0; seed < 20; seed++) {
      Graph graph = RandomGraph.of(seed);
      OnnxModel model =
          new OnnxModel(graph, InitialWeights.of(graph, seed), Map.of("labels", "one\ntwo"));
      OnnxWriter.Options options = new OnnxWriter.Options(19 + seed % 5, seed % 2 == 0);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      OnnxWriter.encode(model, options).writeTo(Channels.newChannel(bytes));
      files.add(bytes.toByteArray());
    }
    return files;
  }
}
