package dev.kinglet.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in a file beside the model, and nowhere else. */
class ExternalDataTest {
  @TempDir Path folder;
  private Path home;

  @BeforeEach
  void twoFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    ByteBuffer numbers = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 7; i++) {
      numbers.putFloat(i);
    }
    Files.write(home.resolve("weights.bin"), numbers.array());
    Files.write(folder.resolve("secret.bin"), numbers.array());
  }

  @Test
  void weightsBesideTheModelAreRead() throws IOException {
    OnnxModel model = OnnxReader.read(model("weights.bin", "4", "24"));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, model.weights().floats("fc.weight"));
  }

  @Test
  void offsetAndLengthMayBeLeftOut() throws IOException {
    OnnxModel model = OnnxReader.read(model("weights.bin", null, null));
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, model.weights().floats("fc.weight"));
  }

  @Test
  void filesOutsideTheModelsFolderAreRefused() throws IOException {
    refused(model("../secret.bin", "0", "24"), "inside the model's own folder");
    refused(
        model(folder.resolve("secret.bin").toString(), "0", "24"), "inside the model's own folder");
  }

  @Test
  void linksThatLeadOutsideAreRefused() throws IOException {
    Files.createSymbolicLink(home.resolve("link.bin"), folder.resolve("secret.bin"));
    refused(model("link.bin", "0", "24"), "inside the model's own folder");
  }

  @Test
  void missingShortAndOddFilesAreRefused() throws IOException {
    refused(model("none.bin", "0", "24"), "cannot be read");
    refused(model("weights.bin", "8", "24"), "do not belong together");
    refused(model("weights.bin", "0", "20"), "do not belong together");
    refused(model("weights.bin", "-4", "24"), "no position");
    refused(model("weights.bin", "x", "24"), "no position");
    refused(model(".", "0", "24"), "inside the model's own folder");
    refused(model("", "0", "24"), "not named");
  }

  private static void refused(Path file, String why) {
    String message =
        assertThrows(InvalidInputException.class, () -> OnnxReader.read(file)).getMessage();
    assertTrue(message.contains(why), message);
  }

  private Path model(String location, String offset, String length) throws IOException {
    WireWriter tensor =
        new WireWriter().number(1, 2).number(1, 3).number(2, 1).text(8, "fc.weight");
    entry(tensor, "location", location);
    entry(tensor, "offset", offset);
    entry(tensor, "length", length);
    tensor.number(14, 1);
    NodeBytes node = new NodeBytes("Gemm", "fc", List.of("x", "fc.weight"), "y").with("transB", 1);
    WireWriter graph =
        new WireWriter()
            .message(1, node.bytes())
            .message(5, tensor)
            .message(11, OnnxWriter.valueInfo("x", Shape.of(3)))
            .message(12, OnnxWriter.valueInfo("y", Shape.of(2)));
    WireWriter file =
        new WireWriter()
            .number(1, 8)
            .message(7, graph)
            .message(8, new WireWriter().text(1, "").number(2, 17));
    Path path = home.resolve("model.onnx");
    try (OutputStream out = Files.newOutputStream(path)) {
      file.writeTo(Channels.newChannel(out));
    }
    return path;
  }

  private static void entry(WireWriter tensor, String key, String value) {
    if (value != null) {
      tensor.message(13, new WireWriter().text(1, key).text(2, value));
    }
  }
}
