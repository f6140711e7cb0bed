package dev.kinglet.formats;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.ZipArchive;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Weights;
import java.nio.file.Path;

/** Files of named tensors, recognised by their content, whatever they are called. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * Reads the weights of a safetensors file or an {@code .npz} archive, under the names that the
   * file gives them.
   *
   * <p>Nothing that a file carries is ever executed, and memory is taken only for what it really
   * holds.
   *
   * @throws InvalidInputException if the file is of no known kind, or damaged
   */
  public static Weights read(Path file) {
    FileBytes bytes = FileBytes.map(file);
    if (bytes.size() == 0) {
      throw bytes.refuse("is empty; fetch or save it again.");
    }
    if (ZipArchive.recognises(bytes)) {
      return Weights.of(NumpyFiles.readArchive(file));
    }
    if (bytes.hasAt(8, '{')) {
      return SafetensorsFiles.read(file);
    }
    throw bytes.refuse(
        "is not a weight file that Kinglet knows; save the weights as .safetensors or .npz.");
  }
}
