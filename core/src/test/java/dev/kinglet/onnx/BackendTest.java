package dev.kinglet.onnx;

import dev.kinglet.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * One of ONNX's own backend tests: a model of one or a few nodes, its inputs, and what they must
 * give.
 *
 * @param suite {@code node} or {@code pytorch-converted}
 */
record BackendTest(
    String suite, String name, byte[] model, List<byte[]> inputs, List<byte[]> outputs) {

  /** All tests of the archive beside this class, by suite and name. */
  static List<BackendTest> all() throws IOException {
    Map<String, Map<String, byte[]>> folders = new TreeMap<>();
    try (InputStream raw = BackendTest.class.getResourceAsStream("onnx_backend_tests.zip");
        ZipInputStream zip = new ZipInputStream(raw)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String[] path = entry.getName().split("/", 3);
        if (path.length == 3 && !entry.isDirectory()) {
          folders
              .computeIfAbsent(path[0] + "/" + path[1], _ -> new TreeMap<>())
              .put(path[2], zip.readAllBytes());
        }
      }
    }
    List<BackendTest> tests = new ArrayList<>();
    folders.forEach(
        (folder, files) -> {
          String[] path = folder.split("/");
          if (files.containsKey("model.onnx")) {
            tests.add(
                new BackendTest(
                    path[0],
                    path[1],
                    files.get("model.onnx"),
                    numbered(files, "input"),
                    numbered(files, "output")));
          }
        });
    return tests;
  }

  private static List<byte[]> numbered(Map<String, byte[]> files, String kind) {
    List<byte[]> found = new ArrayList<>();
    for (int i = 0; ; i++) {
      byte[] file = files.get("test_data_set_0/" + kind + "_" + i + ".pb");
      if (file == null) {
        return found;
      }
      found.add(file);
    }
  }

  /** A tensor of the test's data. */
  static Tensor tensor(byte[] file) {
    return TensorData.tensor(
        ModelParser.tensor(ByteBuffer.wrap(file), "test data"), new ExternalData(null));
  }

  /** The names of the inputs that the test gives, in order: those that are no initialisers. */
  List<String> inputNames() {
    Messages.GraphMessage graph = ModelParser.model(ByteBuffer.wrap(model), name).graph();
    List<String> names = new ArrayList<>();
    graph.inputs().forEach(input -> names.add(input.name()));
    graph.initializers().forEach(tensor -> names.remove(tensor.name()));
    return names;
  }

  /**
   * The model with one input and one output, as a network has: the other inputs become initialisers
   * with the test's values.
   */
  ByteBuffer reduced(int sample, int output) throws IOException {
    WireWriter whole = new WireWriter();
    WireReader in = new WireReader(ByteBuffer.wrap(model), name);
    while (in.next()) {
      if (in.field() == 7) {
        whole.message(7, graph(in.message(), sample, output));
      } else {
        copy(in, whole);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    whole.writeTo(Channels.newChannel(bytes));
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private WireWriter graph(WireReader in, int sample, int output) {
    List<String> names = inputNames();
    WireWriter graph = new WireWriter();
    int outputs = 0;
    while (in.next()) {
      switch (in.field()) {
        case 11 -> {
          ByteBuffer value = in.bytes();
          int index = names.indexOf(name(value));
          if (index < 0 || index == sample) {
            graph.bytes(11, MemorySegment.ofBuffer(value));
          }
        }
        case 12 -> {
          MemorySegment value = MemorySegment.ofBuffer(in.bytes());
          if (outputs++ == output) {
            graph.bytes(12, value);
          }
        }
        default -> copy(in, graph);
      }
    }
    for (int i = 0; i < inputs().size(); i++) {
      if (i != sample) {
        graph.message(5, named(inputs().get(i), names.get(i)));
      }
    }
    return graph;
  }

  private static String name(ByteBuffer valueInfo) {
    WireReader in = new WireReader(valueInfo.duplicate(), "value");
    while (in.next()) {
      if (in.field() == 1) {
        return in.text();
      }
      in.skip();
    }
    return "";
  }

  private static WireWriter named(byte[] tensor, String name) {
    WireWriter renamed = new WireWriter();
    WireReader from = new WireReader(ByteBuffer.wrap(tensor), name);
    while (from.next()) {
      if (from.field() == 8) {
        from.skip();
      } else {
        copy(from, renamed);
      }
    }
    return renamed.text(8, name);
  }

  private static void copy(WireReader in, WireWriter out) {
    switch (in.type()) {
      case WireReader.VARINT -> out.number(in.field(), in.number());
      case WireReader.BYTES -> out.bytes(in.field(), MemorySegment.ofBuffer(in.bytes()));
      case WireReader.FIXED32 -> out.single(in.field(), in.single());
      default -> throw new AssertionError("field " + in.field() + " of type " + in.type());
    }
  }
}
