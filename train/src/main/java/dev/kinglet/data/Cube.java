package dev.kinglet.data;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Tensor;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A hyperspectral scene: a spectrum at every pixel.
 *
 * @param height rows
 * @param width columns
 * @param bands numbers a pixel
 * @param values pixel by pixel, rows from the top, a pixel's bands side by side
 */
public record Cube(int height, int width, int bands, float[] values) {

  /**
   * Reads a MATLAB 5 file's only three-dimensional array, or an {@code .npy} array, both as {@code
   * (rows, columns, bands)}.
   *
   * @throws InvalidInputException if there is no such array, or more than one
   */
  public static Cube read(Path file) {
    MatlabFile.Values found = values(file, 3);
    return new Cube(
        found.shape().size(0), found.shape().size(1), found.shape().size(2), found.values());
  }

  /**
   * Reads a map of classes: one whole number a pixel, 0 where nobody knows.
   *
   * @return row by row
   */
  public static int[] truth(Path file, int height, int width) {
    MatlabFile.Values found = values(file, 2);
    if (found.shape().size(0) != height || found.shape().size(1) != width) {
      throw new InvalidInputException(
          file
              + " is "
              + found.shape().size(0)
              + " x "
              + found.shape().size(1)
              + ", but the cube is "
              + height
              + " x "
              + width
              + "; give the ground truth of the same scene.");
    }
    int[] truth = new int[found.values().length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (int) found.values()[i];
      if (truth[i] != found.values()[i] || truth[i] < 0 || truth[i] > 10_000) {
        throw new InvalidInputException(
            file
                + " holds "
                + found.values()[i]
                + ", which is no class; a ground truth holds 0 for unknown and whole numbers"
                + " from 1.");
      }
    }
    return truth;
  }

  private static MatlabFile.Values values(Path file, int rank) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      Tensor tensor = NumpyFiles.read(file);
      if (tensor.shape().rank() != rank) {
        throw new InvalidInputException(
            file + " has " + tensor.shape().rank() + " axes, but " + rank + " are needed here.");
      }
      return new MatlabFile.Values(tensor.shape(), tensor.toFloats());
    }
    return MatlabFile.array(FileBytes.map(file), rank);
  }
}
