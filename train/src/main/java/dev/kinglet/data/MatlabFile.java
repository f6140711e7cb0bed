package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;

/**
 * The only array of some rank in a MATLAB 5 file (the forms that {@code save -v6} and -v7 give).
 */
final class MatlabFile {
  // DEFLATE cannot make less than a 1032nd of anything.
  private static final long INFLATION = 1032;

  /** What buffers a damaged length may ask for is bounded by what the file could hold at all. */
  private static final class Buffers implements BufferAllocator {
    private final long most;
    private long largest;

    Buffers(long fileBytes) {
      most = INFLATION * (fileBytes + 64);
    }

    @Override
    public ByteBuffer allocate(int bytes) {
      if (bytes < 0 || bytes > most) {
        throw new IllegalArgumentException("an element claims " + bytes + " bytes");
      }
      largest = Math.max(largest, bytes);
      return ByteBuffer.allocate(bytes);
    }

    @Override
    public void release(ByteBuffer buffer) {
      // The garbage collector's matter.
    }
  }

  /**
   * An array.
   *
   * @param sizes of its axes
   * @param values row-major
   */
  record Values(int[] sizes, float[] values) {}

  private MatlabFile() {}

  /**
   * Reads a file.
   *
   * @throws InvalidInputException if it is damaged, or has no array of that rank, or several
   */
  static Values array(Path file, int rank) {
    try {
      return array(file.toString(), Files.readAllBytes(file), rank);
    } catch (IOException e) {
      throw new InvalidInputException(
          file + " cannot be read (" + e.getMessage() + "); check path and permissions.", e);
    }
  }

  static Values array(String name, byte[] bytes, int rank) {
    List<String> names = new ArrayList<>();
    Matrix found = null;
    Buffers buffers = new Buffers(bytes.length);
    try (Mat5File mat =
        Mat5.newReader(Sources.wrap(bytes))
            .setBufferAllocator(buffers)
            .disableSubsystemProcessing()
            .setEntryFilter(header -> numbers(header.getType()))
            .readMat()) {
      for (MatFile.Entry entry : mat.getEntries()) {
        names.add(entry.getName());
        if (entry.getValue() instanceof Matrix matrix
            && matrix.getNumDimensions() == rank
            && matrix.getNumElements() > 1) {
          if (found != null) {
            throw new InvalidInputException(
                name + " holds several arrays with " + rank + " axes (" + names + "); save one.");
          }
          found = matrix;
        }
      }
      if (found != null) {
        return rowMajor(name, found, buffers.largest);
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library answers damaged files with many kinds of exception.
      throw new InvalidInputException(
          name
              + " is no MATLAB 5 file ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + "); save it with -v7 or as .npy.",
          e);
    }
    throw new InvalidInputException(
        name + " has no array with " + rank + " axes, only " + names + "; choose another file.");
  }

  /** Other kinds are not even read: their parts may claim any number of parts. */
  private static boolean numbers(MatlabType type) {
    return switch (type) {
      case Double, Single, Int8, UInt8, Int16, UInt16, Int32, UInt32, Int64, UInt64 -> true;
      case Cell, Structure, Object, Character, Sparse, Function, Opaque -> false;
    };
  }

  /** MATLAB's first axis is the innermost. */
  private static Values rowMajor(String name, Matrix matrix, long largest) {
    int[] sizes = matrix.getDimensions();
    long elements = 1;
    for (int size : sizes) {
      if (size < 1 || elements > largest) {
        elements = Long.MAX_VALUE;
        break;
      }
      elements *= size;
    }
    if (elements > largest) {
      throw new InvalidInputException(
          name + " claims more elements than it holds; it is damaged, so save it again.");
    }
    float[] values = new float[(int) elements];
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
