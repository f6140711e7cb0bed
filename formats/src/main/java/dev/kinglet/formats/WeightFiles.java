package dev.kinglet.formats;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.ZipArchive;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.formats.pytorch.PytorchFiles;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Weights;
import java.nio.file.Path;
import java.util.Set;

/** Files of named tensors, recognised by their content, whatever they are called. */
public final class WeightFiles {
  private static final String ADVICE = "save the weights as .safetensors, .pth or .npz";

  private WeightFiles() {}

  /**
   * Reads the weights of a safetensors file, a PyTorch checkpoint or an {@code .npz} archive, under
   * the names that the file gives them.
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
      Set<String> entries = ZipArchive.open(bytes).names();
      if (entries.contains("model.weights.h5")) {
        throw keras(bytes);
      }
      boolean arrays = !entries.isEmpty() && entries.stream().allMatch(e -> e.endsWith(".npy"));
      return arrays ? Weights.of(NumpyFiles.readArchive(file)) : PytorchFiles.read(file);
    }
    if (bytes.hasAt(0, 0x89, 'H', 'D', 'F')) {
      throw keras(bytes);
    }
    if (bytes.hasAt(0, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
      throw bytes.refuse("is a single array without a name; " + ADVICE + ".");
    }
    if (bytes.hasAt(8, '{')) {
      return SafetensorsFiles.read(file);
    }
    if (bytes.hasAt(0, 0x80)) {
      return PytorchFiles.read(file);
    }
    throw bytes.refuse("is not a weight file that Kinglet knows; " + ADVICE + ".");
  }

  private static InvalidInputException keras(FileBytes bytes) {
    return bytes.refuse(
        "is a Keras model, which holds a network besides its weights; open it with 'kinglet"
            + " import'.");
  }
}
