package dev.kinglet.formats;

import dev.kinglet.golden.Formula;
import dev.kinglet.graph.Shape;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints of ShuffleNetV2 x0.5 with 10 classes as PyTorch and safetensors wrote them. Their
 * tensors follow a formula and are cut out of the test resource; they are put back here, and the
 * SHA-256 shows that the files are the original ones. Made by {@code
 * src/test/python/checkpoints.py}.
 */
public final class CheckpointArchive {
  private final Map<String, byte[]> files = new TreeMap<>();

  private CheckpointArchive() {}

  /** All files by name. */
  public static CheckpointArchive open() throws IOException {
    Map<String, byte[]> packed =
        new LinkedHashMap<>(TestFiles.unzip("checkpoints/checkpoints.zip"));
    String index = new String(packed.remove("index.csv"), StandardCharsets.UTF_8);
    CheckpointArchive archive = new CheckpointArchive();
    archive.files.putAll(packed);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (String line : index.lines().filter(l -> l.startsWith("cut,")).toList()) {
      String[] cut = line.split(",");
      float[] values = tensors.computeIfAbsent(cut[3], CheckpointArchive::values);
      byte[] bytes = bytes(values, cut[4]);
      System.arraycopy(bytes, 0, packed.get(cut[1]), Integer.parseInt(cut[2]), bytes.length);
    }
    for (String line : index.lines().toList()) {
      String[] parts = line.split(",");
      if (parts[0].equals("file") && !sha256(packed.get(parts[1])).equals(parts[2])) {
        throw new AssertionError(parts[1] + " was not put together as it was");
      } else if (parts[0].equals("half")) {
        byte[] whole = packed.get(parts[2]);
        archive.files.put(parts[1], Arrays.copyOf(whole, whole.length / 2));
      }
    }
    return archive;
  }

  /** The files by name, in the order of the alphabet. */
  public Map<String, byte[]> files() {
    return files;
  }

  /** Writes one file into a folder. */
  public Path write(String name, Path folder) throws IOException {
    return Files.write(folder.resolve(name), files.get(name));
  }

  /** The shapes of the network's tensors, as safetensors states them. */
  private static final Map<String, Shape> SHAPES = new LinkedHashMap<>();

  static {
    TestFiles.lines("checkpoints/shapes.csv")
        .forEach(
            line -> {
              String[] parts = line.split(",", 2);
              SHAPES.put(parts[0], parts[1].isEmpty() ? Shape.of() : Shape.parse(parts[1]));
            });
  }

  /** Every tensor of the network by the formula, in the order of PyTorch's state dict. */
  public static Map<String, Tensor> expected() {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    SHAPES.forEach((name, shape) -> expected.put(name, tensor(name, shape)));
    return expected;
  }

  private static Tensor tensor(String name, Shape shape) {
    String module = name.substring(0, name.lastIndexOf('.'));
    return Formula.tensor(name, shape, SHAPES.containsKey(module + ".running_mean"), 1);
  }

  private static float[] values(String name) {
    return tensor(name, SHAPES.get(name)).toFloats();
  }

  private static byte[] bytes(float[] values, String form) {
    boolean half = form.contains("16");
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * (half ? 2 : 4)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      switch (form) {
        case "f32" -> bytes.putFloat(values[i]);
        case "f16" -> bytes.putShort(Float.floatToFloat16(values[i]));
        case "bf16" -> bytes.putShort(brain(values[i]));
        // The one matrix of the network is fc.weight (10, 1024), here column by column.
        case "f32t" -> bytes.putFloat(values[i % 10 * 1024 + i / 10]);
        default -> throw new AssertionError(form);
      }
    }
    return bytes.array();
  }

  /** Rounded to the nearest, ties to even. */
  private static short brain(float value) {
    int bits = Float.floatToIntBits(value);
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
