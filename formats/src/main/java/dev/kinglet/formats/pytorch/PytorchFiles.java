package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.file.ZipArchive;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Weights;
import java.nio.file.Path;

/**
 * What {@code torch.save} writes: a zip archive since PyTorch 1.6, a row of pickles before.
 *
 * <p>A state dict is read as it is; of a training checkpoint, the weights are found under the keys
 * that training scripts use, and a prefix {@code module.} that all names share is dropped. No class
 * is ever resolved and nothing is run.
 */
public final class PytorchFiles {
  private PytorchFiles() {}

  /**
   * Reads the weights of a checkpoint; tensors stored row by row stay in the mapped file.
   *
   * @throws InvalidInputException if the file is damaged, a TorchScript program, a whole pickled
   *     model, or needs code to be run for a tensor
   */
  public static Weights read(Path file) {
    return read(FileBytes.map(file));
  }

  static Weights read(FileBytes bytes) {
    if (ZipArchive.recognises(bytes)) {
      return ZippedCheckpoint.read(ZipArchive.open(bytes));
    }
    return LegacyCheckpoint.read(bytes);
  }

  /**
   * The heap that unpickled values may take: the largest share of ten times the file that leaves
   * room for copies of tensors.
   */
  static long budget(FileBytes file) {
    return Math.max(4 * file.size(), 1 << 18);
  }
}
