package dev.kinglet.data;

import dev.kinglet.formats.numpy.NumpyFiles;
import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.graph.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;

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
    Values found = values(file, 3);
    return new Cube(found.sizes[0], found.sizes[1], found.sizes[2], found.values);
  }

  /**
   * Reads a map of classes: one whole number a pixel, 0 where nobody knows.
   *
   * @return row by row
   */
  public static int[] truth(Path file, int height, int width) {
    Values found = values(file, 2);
    if (found.sizes[0] != height || found.sizes[1] != width) {
      throw new InvalidInputException(
          file
              + " is "
              + found.sizes[0]
              + " x "
              + found.sizes[1]
              + ", but the cube is "
              + height
              + " x "
              + width
              + "; give the ground truth of the same scene.");
    }
    int[] truth = new int[found.values.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (int) found.values[i];
      if (truth[i] != found.values[i] || truth[i] < 0 || truth[i] > 10_000) {
        throw new InvalidInputException(
            file
                + " holds "
                + found.values[i]
                + ", which is no class; a ground truth holds 0 for unknown and whole numbers"
                + " from 1.");
      }
    }
    return truth;
  }

  private record Values(int[] sizes, float[] values) {}

  private static Values values(Path file, int rank) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      Tensor tensor = NumpyFiles.read(file);
      if (tensor.shape().rank() != rank) {
        throw new InvalidInputException(
            file + " has " + tensor.shape().rank() + " axes, but " + rank + " are needed here.");
      }
      return new Values(tensor.shape().toArray(), tensor.toFloats());
    }
    List<String> names = new ArrayList<>();
    Matrix found = null;
    try (Mat5File mat = Mat5.readFromFile(file.toFile())) {
      for (MatFile.Entry entry : mat.getEntries()) {
        names.add(entry.getName());
        if (entry.getValue() instanceof Matrix matrix
            && matrix.getNumDimensions() == rank
            && matrix.getNumElements() > 1) {
          if (found != null) {
            throw new InvalidInputException(
                file + " holds several arrays with " + rank + " axes (" + names + "); save one.");
          }
          found = matrix;
        }
      }
      if (found != null) {
        return rowMajor(found);
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library answers damaged files with many kinds of exception.
      throw new InvalidInputException(
          file + " is no MATLAB 5 file (" + e.getMessage() + "); save it with -v7 or as .npy.", e);
    }
    throw new InvalidInputException(
        file + " has no array with " + rank + " axes, only " + names + "; choose another file.");
  }

  private static Values rowMajor(Matrix matrix) {
    int[] sizes = matrix.getDimensions();
    float[] values = new float[matrix.getNumElements()];
    int rows = sizes[0];
    int columns = sizes[1];
    int depth = sizes.length == 3 ? sizes[2] : 1;
    for (int z = 0; z < depth; z++) {
      for (int x = 0; x < columns; x++) {
        for (int y = 0; y < rows; y++) {
          values[(y * columns + x) * depth + z] = matrix.getFloat(y + rows * (x + columns * z));
        }
      }
    }
    return new Values(sizes, values);
  }
}
