package dev.kinglet.cli;

import static dev.kinglet.cli.Ran.kinglet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.Tensor;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pictures that only ImageIO and its plug-ins decode, against the same pixels as PNG. Pillow wrote
 * both: {@code coffee.webp} lossless, {@code coffee.gif} of 64 colours beside its own {@code
 * convert("RGB")}.
 */
class OtherPicturesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "coffee.webp, coffee.png",
    "coffee.tif, coffee.png",
    "coffee.gif, coffee_gif.png",
    "grey.tif, grey.png"
  })
  void theirPixelsAreThoseOfPillow(String file, String png) throws Exception {
    assertEquals(prepared(resource(png)), prepared(resource(file)));
  }

  @Test
  void aBrokenOneIsRefusedInOneSentence() throws Exception {
    for (String name : new String[] {"coffee.webp", "coffee.tif", "coffee.gif"}) {
      byte[] whole = Files.readAllBytes(resource(name));
      Path cut = Files.write(folder.resolve("cut_" + name), Arrays.copyOf(whole, 40));
      kinglet("prepare", "--recipe", "keras_v3", cut, "--output", folder.resolve("x.npy"))
          .refused("cut_" + name);
    }
  }

  @Test
  void oneThatClaimsMorePixelsThanTheLimitIsRefused() throws Exception {
    kinglet(
            "prepare",
            "--recipe",
            "keras_v3",
            "--max-pixels",
            "2399",
            resource("coffee.webp"),
            "--output",
            folder.resolve("x.npy"))
        .refused("60 x 40", "--max-pixels");
  }

  private Tensor prepared(Path picture) {
    Path out = folder.resolve("x.npy");
    kinglet("prepare", "--recipe", "keras_v3", picture, "--output", out).done();
    // A copy: the next picture's array takes the file's place.
    return Tensor.of(NumpyFiles.read(out).shape(), NumpyFiles.read(out).toFloats());
  }

  private Path resource(String name) throws Exception {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      try (InputStream stream = OtherPicturesTest.class.getResourceAsStream(name)) {
        Files.copy(stream, file);
      }
    }
    return file;
  }
}
