package dev.kinglet.train;

import dev.kinglet.formats.file.AtomicFile;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of one run. {@code last.safetensors} says how far it is; the logs may be longer, and
 * are cut back to what it says before a run goes on.
 */
final class RunFolder implements AutoCloseable {
  static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String STATE = "kinglet.state";

  private final Path folder;
  private final FileChannel lock;
  private FileChannel metrics;
  private FileChannel events;

  private RunFolder(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      lock =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = lock.tryLock();
      if (held == null) {
        throw new InvalidInputException(
            folder
                + " belongs to a training that is running; wait for it or choose another --out.");
      }
      sweep();
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }

  /** Deletes what a killed process was writing, even one killed before its run had begun. */
  private void sweep() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") && name.endsWith(".part")) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * A folder for a run that begins.
   *
   * @throws InvalidInputException if a run is in it already
   */
  static RunFolder begin(Path folder, RunSettings settings) {
    if (Files.exists(folder.resolve("config.json"))) {
      throw new InvalidInputException(
          folder
              + " holds a run already; go on with it by kinglet train --resume "
              + folder
              + ", or choose another --out.");
    }
    RunFolder run = new RunFolder(folder);
    try {
      run.metrics = run.open("metrics.jsonl", 0);
      run.events = run.open(EventFile.in(folder).getFileName().toString(), 0);
      run.append(run.events, EventFile.version(EventFile.now()));
      ObjectNode config = JSON.createObjectNode();
      settings.values().forEach(config::put);
      // Last, so that a folder with a configuration is a run that can go on.
      run.write("config.json", config.toPrettyString() + "\n");
      return run;
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }

  /** The folder of a run that goes on. */
  static RunFolder resume(Path folder) {
    if (!Files.exists(folder.resolve("config.json"))) {
      throw new InvalidInputException(
          folder + " is not the folder of a run: it has no config.json; give the --out of one.");
    }
    return new RunFolder(folder);
  }

  /** The settings that the run began with. */
  RunSettings settings() {
    Path file = folder.resolve("config.json");
    try {
      Map<String, String> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : JSON.readTree(Files.readString(file)).properties()) {
        values.put(entry.getKey(), entry.getValue().asString());
      }
      return RunSettings.of(values);
    } catch (IOException | tools.jackson.core.JacksonException e) {
      throw new InvalidInputException(
          file + " cannot be read as JSON; restore it or begin another run.", e);
    }
  }

  Path path() {
    return folder;
  }

  /** How far the run is, or null if nothing was saved yet. */
  record Saved(ObjectNode state, Map<String, Tensor> tensors) {}

  Saved load() {
    Path last = folder.resolve("last.safetensors");
    ObjectNode state = JSON.createObjectNode();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    if (Files.exists(last)) {
      tensors.putAll(SafetensorsFiles.read(last).tensors());
      Tensor text = tensors.remove(STATE);
      if (text == null) {
        throw new InvalidInputException(
            last + " was not written by a training; restore it or begin another run.");
      }
      byte[] bytes = text.data().toArray(ValueLayout.JAVA_BYTE);
      state = (ObjectNode) JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
    }
    try {
      metrics = open("metrics.jsonl", state.path("metrics_bytes").asLong(0));
      events =
          open(EventFile.in(folder).getFileName().toString(), state.path("events_bytes").asLong(0));
      if (events.size() == 0) {
        append(events, EventFile.version(EventFile.now()));
      }
    } catch (IOException e) {
      throw cannot(folder, e);
    }
    return tensors.isEmpty() ? null : new Saved(state, tensors);
  }

  /** Saves where the run is, whole or not at all; the logs up to here are on the disk before it. */
  void save(ObjectNode state, Map<String, Tensor> tensors) {
    try {
      metrics.force(true);
      events.force(true);
      state.put("metrics_bytes", metrics.position());
      state.put("events_bytes", events.position());
    } catch (IOException e) {
      throw cannot(folder, e);
    }
    byte[] text = state.toString().getBytes(StandardCharsets.UTF_8);
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    all.put(STATE, new Tensor(Shape.of(text.length), Tensor.Type.U8, MemorySegment.ofArray(text)));
    SafetensorsFiles.write(folder.resolve("last.safetensors"), Weights.of(all));
  }

  void saveBest(Weights weights) {
    SafetensorsFiles.write(folder.resolve("best.safetensors"), weights);
  }

  /** Adds a line of figures to both logs; those named with an underscore stay out of the events. */
  void log(long step, ObjectNode line, Map<String, Double> scalars) {
    try {
      append(metrics, (line + "\n").getBytes(StandardCharsets.UTF_8));
      append(events, EventFile.scalars(EventFile.now(), step, scalars));
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }

  /** Every line of figures so far. */
  List<JsonNode> lines() {
    try {
      return Files.readAllLines(folder.resolve("metrics.jsonl")).stream()
          .map(JSON::readTree)
          .toList();
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }

  /** Writes a small file at once. */
  void write(String name, String text) {
    AtomicFile.write(folder.resolve(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private FileChannel open(String name, long length) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.size() < length) {
      throw new InvalidInputException(
          folder.resolve(name)
              + " is shorter than the saved state says; restore the whole folder.");
    }
    channel.truncate(length);
    channel.position(length);
    return channel;
  }

  private void append(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static InvalidInputException cannot(Path file, IOException e) {
    return new InvalidInputException(
        file + " cannot be written (" + e.getMessage() + "); check space and permissions.", e);
  }

  @Override
  public void close() {
    try {
      for (FileChannel channel : new FileChannel[] {metrics, events, lock}) {
        if (channel != null) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }
}
