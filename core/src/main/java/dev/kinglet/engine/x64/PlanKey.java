package dev.kinglet.engine.x64;

import dev.kinglet.engine.Isa;
import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Parameter;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Optional;

/** The name of a compiled plan: everything that its code and its data depend on. */
final class PlanKey {
  /** To be changed with what a plan's file looks like. */
  private static final int FORMAT = 1;

  /** Enough for a jar's directory, which holds a checksum of each of its files. */
  private static final int TAIL = 1 << 18;

  private PlanKey() {}

  /** The name; none if this Kinglet cannot tell which one it is. */
  static Optional<String> of(
      Graph graph, Weights weights, Isa isa, int threads, Processor processor) {
    Fingerprint print = new Fingerprint();
    if (!build(print)) {
      return Optional.empty();
    }
    print.put(FORMAT).describe(isa).put(threads).describe(processor);
    print.put(String.valueOf(Hooks.pairs()));
    print.put((int) Hooks.large()).put((int) Hooks.band());
    for (Node node : graph.nodes()) {
      print.put(node.name()).put(node.path()).describe(node.op()).describe(node.shape());
      for (Node input : node.inputs()) {
        print.put(input.index());
      }
    }
    print.put(graph.output().index());
    for (Parameter parameter : graph.parameters()) {
      if (parameter.role() == Parameter.Role.COUNTER) {
        continue;
      }
      Tensor tensor = weights.get(parameter.name());
      print.put(parameter.name()).describe(tensor.type()).describe(tensor.shape());
      print.put(tensor.data());
    }
    return Optional.of(print.name());
  }

  /** Which Kinglet this is: the directory of its jar, or all classes of the engine. */
  private static boolean build(Fingerprint print) {
    CodeSource source = PlanKey.class.getProtectionDomain().getCodeSource();
    if (source == null || !"file".equals(source.getLocation().getProtocol())) {
      return false;
    }
    try {
      File place = new File(new URI(source.getLocation().toString()));
      if (place.isDirectory()) {
        return classes(print, new File(place, "dev/kinglet/engine"));
      }
      print.put(Long.toString(place.length()));
      try (RandomAccessFile jar = new RandomAccessFile(place, "r")) {
        long size = jar.length();
        byte[] tail = new byte[(int) Math.min(size, TAIL)];
        jar.seek(size - tail.length);
        jar.readFully(tail);
        print.put(ByteBuffer.wrap(tail));
      }
      return true;
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean classes(Fingerprint print, File folder) throws IOException {
    File[] files = folder.listFiles();
    if (files == null) {
      return false;
    }
    Arrays.sort(files);
    for (File file : files) {
      if (file.isDirectory()) {
        if (!classes(print, file)) {
          return false;
        }
      } else {
        print.put(file.getName());
        print.put(ByteBuffer.wrap(Files.readAllBytes(file.toPath())));
      }
    }
    return true;
  }
}
