package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.engine.Engine;
import dev.kinglet.engine.Engines;
import dev.kinglet.engine.Options;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Op;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own operator tests on every engine. The committed table names each: what passes, and why
 * the others are out of scope; what is read must be right.
 */
class BackendTableTest {
  private static final List<Options> ENGINES =
      Engines.all().stream().filter(options -> options.threads() == 1).toList();

  private static final Path TABLE = Path.of("docs", "onnx-node-tests.md");

  private enum Layout {
    BATCH_FIRST("first axis as batch"),
    ONE_SAMPLE("whole tensor as one sample");

    final String words;

    Layout(String words) {
      this.words = words;
    }
  }

  /** What became of one test: the layouts that were read, all right, or the reason for none. */
  private record Row(BackendTest test, List<String> ways, String reason) {
    boolean passes() {
      return !ways.isEmpty();
    }
  }

  @Test
  void theTableSaysWhatPassesAndWhatDoesNot() throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (BackendTest test : BackendTest.all()) {
      try {
        rows.add(run(test));
      } catch (AssertionError e) {
        wrong.add(e.getMessage());
      }
    }
    assertEquals(List.of(), wrong, "Read, and wrong");
    long node = passing(rows, "node");
    long converted = passing(rows, "pytorch-converted");
    String table = table(rows, node, converted);
    Path root = Path.of(System.getProperty("kinglet.root", ".."));
    Path made = root.resolve("core/target").resolve(TABLE.getFileName());
    Files.writeString(made, table);
    assertTrue(node >= 150, node + " node tests pass");
    assertTrue(converted >= 60, converted + " converted tests pass");
    assertEquals(
        Files.readString(root.resolve(TABLE)), table, "The table differs; copy " + made + ".");
  }

  private static long passing(List<Row> rows, String suite) {
    return rows.stream().filter(row -> row.test().suite().equals(suite) && row.passes()).count();
  }

  private static Row run(BackendTest test) {
    List<String> ways = new ArrayList<>();
    String reason = "";
    for (Layout layout : Layout.values()) {
      for (int sample = 0; sample < Math.max(1, test.inputs().size()); sample++) {
        try {
          boolean folded = false;
          for (int output = 0; output < test.outputs().size(); output++) {
            folded |= check(test, layout, sample, output);
          }
          String way = layout.words;
          if (folded) {
            way = "computed while reading";
          } else if (test.outputs().size() > 1) {
            way += ", each output by itself";
          }
          if (!ways.contains(way)) {
            ways.add(way);
          }
        } catch (InvalidInputException e) {
          // The first input is the sample in the sense of the operator; its reason is the clearest.
          reason = sample == 0 ? e.getMessage() : reason;
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }
    return new Row(
        test, ways, reason.replace("'" + test.name() + "' cannot be read as a network: ", ""));
  }

  /** Runs one output on every engine; answers whether it was known before any sample came. */
  private static boolean check(BackendTest test, Layout layout, int sample, int output)
      throws IOException {
    boolean batched = layout == Layout.BATCH_FIRST;
    ByteBuffer bytes = test.reduced(sample, output);
    OnnxModel model = OnnxReader.read(bytes, test.name(), new ExternalData(null), null, batched);
    Tensor input = BackendTest.tensor(test.inputs().get(sample));
    Tensor expected = BackendTest.tensor(test.outputs().get(output));
    int batch = batched ? input.shape().size(0) : 1;
    Shape found = model.graph().output().shape();
    Shape wanted = expected.shape();
    String name = test.suite() + "/" + test.name() + " with " + layout.words;
    // A batch declared to be 1 may be squeezed away; then the answer has ONNX's own shape.
    if (batched && !(batch == 1 && wanted.equals(found))) {
      assertEquals(batch, wanted.size(0), name);
      wanted = Shape.of(wanted.toList().subList(1, wanted.rank()));
    }
    assertEquals(wanted.rank() == 0 ? Shape.of(1) : wanted, found, name);
    for (Options options : ENGINES) {
      float[] answer =
          Engine.compile(model.graph(), model.weights(), options)
              .session(batch)
              .run(input.toFloats());
      compare(name + " on " + Engines.name(options), expected.toFloats(), answer);
    }
    return model.graph().output().op() instanceof Op.Constant;
  }

  /** ONNX's own tolerance: its expected values are sometimes rounded by hand. */
  private static void compare(String name, float[] expected, float[] found) {
    assertEquals(expected.length, found.length, name);
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          Float.isFinite(expected[i])
              ? Math.abs(expected[i] - found[i]) <= 1e-6 + 1e-3 * Math.abs(expected[i])
              : Float.compare(expected[i], found[i]) == 0;
      assertTrue(same, name + ": element " + i + " is " + found[i] + ", not " + expected[i]);
    }
  }

  private static String table(List<Row> rows, long node, long converted) {
    long nodes = rows.stream().filter(row -> row.test().suite().equals("node")).count();
    StringBuilder text = new StringBuilder();
    text.append("# ONNX's operator tests\n\n");
    text.append("ONNX ships a test for every use of an operator: a model of one or a few nodes, ");
    text.append(
        "inputs, and what they must give.\nThis table is made by `BackendTableTest`, which ");
    text.append("runs them on every engine and fails when a line changes.\n\n");
    text.append("- ").append(node).append(" of ").append(nodes).append(" node tests pass.\n");
    text.append("- ").append(converted).append(" of ").append(rows.size() - nodes);
    text.append(" tests converted from PyTorch pass.\n\n");
    text.append(
        "A network here has one input, one output and a batch that is no part of a shape. ");
    text.append(
        "So of several inputs one is the sample,\nand the others become initialisers with ");
    text.append("the test's values; of several outputs each is asked for by itself. Most of the\n");
    text.append(
        "tests do not say what their first axis is: each is read both with the first axis ");
    text.append(
        "as the batch and with the whole tensor\nas one sample, and whatever is not refused ");
    text.append("must be right.\n");
    TreeMap<String, List<Row>> suites = new TreeMap<>();
    rows.forEach(r -> suites.computeIfAbsent(r.test().suite(), _ -> new ArrayList<>()).add(r));
    suites.forEach(
        (suite, all) -> {
          text.append("\n## ")
              .append(suite)
              .append("\n\n| test | result | |\n| --- | --- | --- |\n");
          for (Row row : all) {
            text.append("| ").append(row.test().name().substring("test_".length())).append(" | ");
            text.append(row.passes() ? "passes" : "out of scope").append(" | ");
            text.append(
                row.passes()
                    ? String.join("; ", row.ways())
                    : "because " + row.reason().replace("|", "\\|"));
            text.append(" |\n");
          }
        });
    return text.toString();
  }
}
