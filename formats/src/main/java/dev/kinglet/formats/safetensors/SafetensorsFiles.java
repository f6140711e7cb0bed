package dev.kinglet.formats.safetensors;

import dev.kinglet.formats.file.AtomicFile;
import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.Strided;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Tensor;
import dev.kinglet.graph.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Safetensors files: eight bytes of header length, a JSON header, raw tensors.
 *
 * <p>Source: the format's description in Hugging Face's {@code safetensors} repository.
 */
public final class SafetensorsFiles {
  private static final int LENGTH_BYTES = 8;

  private SafetensorsFiles() {}

  /**
   * Reads all tensors, in the order of the header; they stay in the mapped file.
   *
   * @throws InvalidInputException if the file is damaged, or holds elements that {@link
   *     Tensor.Type} lacks
   */
  public static Weights read(Path file) {
    return read(FileBytes.map(file));
  }

  static Weights read(FileBytes bytes) {
    bytes.require(0, LENGTH_BYTES, "the length of the safetensors header");
    long length = bytes.i64(0);
    byte[] header = bytes.copy(LENGTH_BYTES, length, "the safetensors header");
    long start = LENGTH_BYTES + length;
    FileBytes data = bytes.part(start, bytes.size() - start, "the tensors");
    return Weights.of(SafetensorsHeader.parse(data, header));
  }

  /**
   * Writes tensors under their names, so that {@code safetensors.torch.load_file} gives PyTorch the
   * same state dict.
   *
   * @throws InvalidInputException if the file cannot be written
   */
  public static void write(Path file, Weights weights) {
    write(file, weights, Map.of("format", "pt"));
  }

  /** As {@link #write(Path, Weights)}, with {@code __metadata__} of one's own. */
  public static void write(Path file, Weights weights, Map<String, String> metadata) {
    // Wide elements first, so that every tensor is aligned; the header keeps the order of names.
    List<Map.Entry<String, Tensor>> placed =
        weights.tensors().entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().type().bytes()))
            .toList();
    Map<String, Long> offsets = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, Tensor> entry : placed) {
      offsets.put(entry.getKey(), end);
      end += entry.getValue().data().byteSize();
    }
    AtomicFile.write(
        file,
        out -> {
          writeHeader(weights, offsets, metadata, out);
          for (Map.Entry<String, Tensor> entry : placed) {
            Strided.copy(entry.getValue().data(), out);
          }
        });
  }

  private static void writeHeader(
      Weights weights, Map<String, Long> offsets, Map<String, String> metadata, OutputStream out)
      throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (JsonGenerator json =
        new JsonFactory().createGenerator(ObjectWriteContext.empty(), header)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName("__metadata__").writeStartObject();
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      weights
          .tensors()
          .forEach(
              (name, tensor) -> {
                long start = offsets.get(name);
                json.writeName(name).writeStartObject();
                json.writeStringProperty("dtype", tensor.type().name());
                json.writeName("shape")
                    .writeArray(tensor.shape().toArray(), 0, tensor.shape().rank());
                json.writeName("data_offsets")
                    .writeArray(new long[] {start, start + tensor.data().byteSize()}, 0, 2);
                json.writeEndObject();
              });
      json.writeEndObject();
    }
    while (header.size() % LENGTH_BYTES != 0) {
      header.write(' ');
    }
    out.write(
        ByteBuffer.allocate(LENGTH_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.size())
            .array());
    header.writeTo(out);
  }
}
